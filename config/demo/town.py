"""The demonstration's municipality: staff, volunteers, residents, help points."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from accounts.demo import CAST, CLERK_EMAIL, COORDINATOR_EMAIL, VOLUNTEER_EMAIL
from accounts.models import Membership, User
from accounts.roles import Role
from catalogue.models import Service, ServiceGroup
from config.demo import people
from core.clock import local_date
from notifications.services import contacts
from places.models import Coverage, HelpPoint, Municipality, OpeningHours, Settlement
from places.selectors import free_days
from requests.models import Resident
from requests.services import residents
from volunteers.models import Certification, Volunteer, WeeklyHours
from volunteers.states import VolunteerStatus

VOLUNTEERS = 40
RESIDENTS = 250
# Badges that nobody at a door could take for a house number.
FIRST_BADGE = 101
# Every so many residents one answers their neighbour's telephone.
SHARED_PHONE_EVERY = 25
PAST_DAYS, AHEAD_DAYS = 80, 30
CAST_VOLUNTEER = ("Иванка", "Делева")
CAST_RESIDENT = ("Мария", "Иванова", "Петрова")
# They watch and set up; nothing of the story is theirs.
OTHERS = {Role.SAFEGUARDING: "Невена Русева", Role.AUDITOR: "Огнян Дачев", Role.ADMINISTRATOR: "Жана Минева"}


@dataclass
class Town:
    municipality: Municipality
    settlements: list[Settlement]
    services: list[Service]
    clerk: User
    coordinator: User
    volunteers: list[Volunteer] = field(default_factory=list)
    skills: dict[object, set[str]] = field(default_factory=dict)
    hours: dict[object, list[tuple[int, time, time]]] = field(default_factory=dict)
    taken: dict[object, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    # So long before and after a visit nobody is asked for another: they are on the road.
    road: timedelta = timedelta()
    residents: list[Resident] = field(default_factory=list)
    help_points: list[HelpPoint] = field(default_factory=list)
    holidays: set[date] = field(default_factory=set)

    def take(self, team: list[Volunteer], start: datetime, end: datetime) -> None:
        for person in team:
            self.taken[person.pk].append((start, end))

    def visits_on(self, day: date) -> bool:
        """The demonstration's people are visited on working days."""
        return day.weekday() < 5 and day not in self.holidays

    @property
    def cast_volunteer(self) -> Volunteer:
        return self.volunteers[0]

    @property
    def cast_resident(self) -> Resident:
        return self.residents[0]


def build(municipality: Municipality, rng: Random, now: datetime) -> Town:
    """Everybody who lives or works in the demonstration. The first volunteer and resident are the cast."""
    # In an order of their own: databases sort names differently, and the story must be the same on all.
    settlements = list(Settlement.objects.filter(municipality=municipality).located().order_by("pk"))
    services = Service.objects.active().available_in(municipality.pk).select_related("group")
    today = local_date(now)
    town = Town(
        municipality=municipality,
        settlements=settlements,
        services=sorted(services, key=lambda service: service.pk),
        clerk=_staff(municipality, Role.CLERK, CLERK_EMAIL, "Цвета Гергинова"),
        coordinator=_staff(municipality, Role.COORDINATOR, COORDINATOR_EMAIL, "Радка Велинова"),
        holidays=free_days(municipality, today - timedelta(days=PAST_DAYS), today + timedelta(days=AHEAD_DAYS)),
    )
    for role, name in OTHERS.items():
        _staff(municipality, role, CAST[role], name)
    _help_points(town)
    _coverage(town, rng, today)
    _volunteers(town, rng, now)
    _residents(town, rng, now)
    return town


def _staff(municipality: Municipality, role: Role, email: str, name: str) -> User:
    user = User(email=email, name=name)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, municipality=municipality, role=role)
    return user


def _help_points(town: Town) -> None:
    """A kmetstvo in the larger villages, a library and a chitalishte in the town."""
    larger = [place for place in town.settlements if place.has_own_kmetstvo]
    for place in larger:
        town.help_points.append(
            _help_point(town, place, "kmetstvo", f"Кметство {place.name_bg}", f"{place.name_en} town hall", (8, 16))
        )
    seat = max(town.settlements, key=lambda place: place.population or 0)
    town.help_points.append(_help_point(town, seat, "library", "Градска библиотека", "Town library", (9, 18)))
    town.help_points.append(_help_point(town, seat, "chitalishte", "Читалище на площада", "Community centre", (10, 17)))


def _help_point(town: Town, place: Settlement, kind: str, bg: str, en: str, hours: tuple[int, int]) -> HelpPoint:
    point = HelpPoint.objects.create(
        municipality=town.municipality, settlement=place, kind=kind, name_bg=bg, name_en=en
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(help_point=point, weekday=weekday, opens=time(hours[0]), closes=time(hours[1]))
        for weekday in range(5)
    )
    return point


def _coverage(town: Town, rng: Random, today: date) -> None:
    Coverage.objects.bulk_create(
        [
            Coverage(
                settlement=place,
                municipality=town.municipality,
                signal=rng.choices(["good", "weak", "none"], weights=[5, 3, 1])[0],
                landline=rng.random() < 0.6,
                checked_on=today - timedelta(days=rng.randrange(10, 120)),
            )
            for place in town.settlements
        ],
        ignore_conflicts=True,
    )


def _volunteers(town: Town, rng: Random, now: datetime) -> None:
    seat = max(town.settlements, key=lambda place: place.population or 0)
    homes = people.shares(town.settlements, VOLUNTEERS * 2)
    rng.shuffle(homes)
    for number in range(VOLUNTEERS):
        named = people.name(rng, woman=rng.random() < 0.65)
        first, last = CAST_VOLUNTEER if number == 0 else (named.first, named.last)
        place = seat if number == 0 else homes[number]
        town.volunteers.append(_volunteer(town, rng, now, number, first, last, place))


def _volunteer(
    town: Town, rng: Random, now: datetime, number: int, first: str, last: str, home: Settlement
) -> Volunteer:
    cast = number == 0
    status = VolunteerStatus.ACTIVE if number < VOLUNTEERS - 5 else rng.choice(("training", "paused", "applied"))
    contact = contacts.make_contact(municipality=town.municipality, phone=people.phone(number), in_app=cast)
    user = _staff(town.municipality, Role.VOLUNTEER, VOLUNTEER_EMAIL, f"{first} {last}") if cast else None
    row = Volunteer(
        municipality=town.municipality, user=user, contact=contact, first_name=first, last_name=last,
        badge=FIRST_BADGE + number,
        status=status, status_since=now - timedelta(days=rng.randrange(60, 400)), home=home,
        transport="car" if cast else people.transport(rng),
        languages=people.languages(rng), weekly_limit=rng.choice((2, 3, 4, 5)),
        weekly_wish=rng.choice((None, 2, 3)), longest_leg=rng.choice((45, 60, 75, 90)),
    )  # fmt: skip
    row.weekly_limit = 6 if cast else row.weekly_limit
    row.save(force_insert=True)
    hours = [(day, time(9), time(18)) for day in range(6)] if cast else people.weekly_hours(rng)
    town.hours[row.pk] = hours
    WeeklyHours.objects.bulk_create(WeeklyHours(volunteer=row, weekday=d, start=a, end=b) for d, a, b in hours)
    groups = list(people.GROUPS) if cast else people.certified(rng)
    known = {group.pk for group in ServiceGroup.objects.filter(pk__in=groups)}
    today = local_date(now)
    if status == VolunteerStatus.ACTIVE:
        town.skills[row.pk] = known
        Certification.objects.bulk_create(
            Certification(
                volunteer=row, service_group_id=group, granted_by=town.coordinator,
                valid_from=today - timedelta(days=200), valid_until=today + timedelta(days=rng.randrange(40, 400)),
            )
            for group in sorted(known)
        )  # fmt: skip
    return row


def _residents(town: Town, rng: Random, now: datetime) -> None:
    homes = people.shares(town.settlements, RESIDENTS - 1)
    rng.shuffle(homes)
    izvor = next((place for place in town.settlements if place.name_bg == "Извор"), homes[0])
    first, middle, last = CAST_RESIDENT
    cast = residents.Person(
        first_name=first, middle_name=middle, last_name=last, settlement=izvor, phone=people.phone(1000),
        address_note=people.NOTES[0], needs=["large_print", "speak_softly"],
    )  # fmt: skip
    long_ago = now - timedelta(days=70)
    town.residents.append(residents.register(municipality=town.municipality, person=cast, now=long_ago))
    for number, home in enumerate(homes, start=1001):
        named = people.name(rng, woman=rng.random() < 0.62)
        person = residents.Person(
            first_name=named.first, middle_name=named.middle, last_name=named.last, settlement=home,
            phone=people.phone(number - (number % SHARED_PHONE_EVERY == 0)), address_note=rng.choice(people.NOTES),
            needs=people.needs(rng),
        )  # fmt: skip
        town.residents.append(residents.register(municipality=town.municipality, person=person, now=long_ago))
