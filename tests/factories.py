"""A small Radomir for tests: real villages, a handful of people, one clock.

`NOW` is a Monday morning outside any season's end; tests pass it on as `now`. Every function makes real rows
through the services wherever a service exists.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from accounts.models import Membership, User
from accounts.roles import Role
from catalogue.models import DifficultyType, Institution, Service, ServiceGroup
from notifications.models import Contact
from places.models import HelpPoint, Municipality, OpeningHours, Settlement
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.services import answers, intake, offers, residents
from requests.services.actors import RESIDENT, Actor, staff
from requests.states import Mode
from volunteers.models import Certification, Volunteer, WeeklyHours
from volunteers.states import VolunteerStatus

# Monday, 5 October 2026, 09:00 in Sofia
NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
VILLAGES = {
    "Радомир": ("61577", "Radomir", "42.544", "22.962"),
    "Извор": ("32531", "Izvor", "42.449", "22.842"),
    "Друган": ("23844", "Drugan", "42.462", "23.069"),
    "Дрен": ("23573", "Dren", "42.415", "23.152"),
    "Стефаново": ("69269", "Stefanovo", "42.463", "23.018"),
    "Кленовик": ("37294", "Klenovik", "42.415", "22.871"),
}
_numbers = count(1)


def municipality(code: str = "PER36", name: str = "Радомир") -> Municipality:
    """The municipality with the villages of VILLAGES (another code: with one village of its own)."""
    row, made = Municipality.objects.get_or_create(
        code=code, defaults={"name_bg": name, "name_en": name, "active": True, "phone": "+35977712345"}
    )
    if made and code == "PER36":
        for village, (ekatte, english, latitude, longitude) in VILLAGES.items():
            kind = "town" if village == "Радомир" else "village"
            Settlement.objects.create(
                ekatte=ekatte, name_bg=village, name_en=english, latitude=latitude, longitude=longitude,
                municipality=row, kind=kind, population=100, population_year=2017,
            )  # fmt: skip
    elif made:
        Settlement.objects.create(
            ekatte=f"9{next(_numbers):04d}", name_bg=f"{name} село", municipality=row, kind="village",
            latitude="42.6", longitude="23.0",
        )  # fmt: skip
    return row


def village(name: str = "Извор", *, of: Municipality | None = None) -> Settlement:
    rows = Settlement.objects.filter(municipality=of or municipality())
    return rows.filter(name_bg=name).first() or rows.get()


def group(code: str = "SOCIAL") -> ServiceGroup:
    return ServiceGroup.objects.get_or_create(code=code, defaults={"name_bg": "Помощи", "name_en": "Benefits"})[0]


def service(code: str = "ASP_HEAT", *, group_code: str = "SOCIAL", minutes: int = 60, **more: Any) -> Service:
    institution, _made = Institution.objects.get_or_create(
        code="ASP", defaults={"name_bg": "Агенция за социално подпомагане", "name_en": "Agency for Social Assistance"}
    )
    defaults: dict[str, Any] = {
        "name_bg": "Помощ за отопление",
        "name_en": "Heating benefit",
        "group": group(group_code),
        "institution": institution,
        "typical_minutes": minutes,
        "checked_on": TODAY,
    }
    return Service.objects.get_or_create(code=code, defaults=defaults | more)[0]


def difficulty(code: str = "NO_DEVICE") -> DifficultyType:
    return DifficultyType.objects.get_or_create(
        code=code, defaults={"name_bg": "Няма устройство", "name_en": "No device", "group": "access"}
    )[0]


def help_point(name: str = "Извор") -> HelpPoint:
    """A kmetstvo that is open on weekdays from 8 to 16."""
    place = village(name)
    point, made = HelpPoint.objects.get_or_create(
        municipality=place.municipality, settlement=place, kind="kmetstvo", defaults={"name_bg": f"Кметство {name}"}
    )
    if made:
        for weekday in range(5):
            OpeningHours.objects.create(help_point=point, weekday=weekday, opens=time(8), closes=time(16))
    return point


def user(role: Role | str | None = None, *, of: Municipality | None = None, name: str = "") -> User:
    """Somebody who can sign in; with a role, a member of the municipality."""
    number = next(_numbers)
    row = User(email=f"user{number}@example.org", name=name or f"Човек {number}")
    row.set_unusable_password()
    row.save()
    if role:
        Membership.objects.create(user=row, municipality=of or municipality(), role=role)
    return row


def member(role: Role | str, *, of: Municipality | None = None) -> Membership:
    return user(role, of=of).memberships.select_related("municipality", "user").get()


def contact(of: Municipality | None = None, *, phone: str = "") -> Contact:
    from core.phones import phone_hash

    phone = phone or f"+35988{next(_numbers):07d}"
    row = Contact(municipality=of or municipality(), phone=phone, phone_hash=phone_hash(phone), channels=["sms"])
    # Whoever watches messages go out at the hour the tests run at.
    row.quiet_until, row.on_free_days = row.quiet_from, True
    row.save()
    return row


def volunteer(
    first: str = "Иванка",
    last: str = "Делева",
    *,
    home: str = "Радомир",
    groups: tuple[str, ...] = ("SOCIAL",),
    of: Municipality | None = None,
    hours: tuple[tuple[int, int, int], ...] = tuple((weekday, 9, 18) for weekday in range(6)),
    signs_in: bool = True,
    **more: Any,
) -> Volunteer:
    """An active volunteer with hours (weekday, from, to) and certifications for the groups."""
    where = of or municipality()
    taken = Volunteer.objects.filter(municipality=where).order_by("-badge").values_list("badge", flat=True)
    badge = 1 + (taken.first() or 0)
    # Tests of the daily number set it; the others ask as often as they like on their one day.
    more.setdefault("daily_offers", 1000)
    row = Volunteer(
        municipality=where, contact=contact(where), first_name=first, last_name=last, badge=badge,
        home=village(home, of=where), status=VolunteerStatus.ACTIVE, status_since=NOW, languages=["bg"],
        user=user(Role.VOLUNTEER, of=where, name=f"{first} {last}") if signs_in else None, **more,
    )  # fmt: skip
    row.save()
    for code in groups:
        certify(row, code)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(volunteer=row, weekday=weekday, start=time(start), end=time(end)) for weekday, start, end in hours
    )
    return row


def certify(row: Volunteer, code: str = "SOCIAL", until: date = TODAY + timedelta(days=365)) -> Certification:
    return Certification.objects.create(
        volunteer=row, service_group=group(code), valid_from=TODAY - timedelta(days=30), valid_until=until
    )


def resident(
    first: str = "Мария", last: str = "Петрова", *, home: str = "Извор", phone: str = "", of: Municipality | None = None
) -> Resident:
    person = residents.Person(
        first_name=first,
        last_name=last,
        settlement=village(home, of=of),
        phone=phone or f"0888{next(_numbers):06d}",
        address_note="до чешмата, синя порта",
    )
    return residents.register(municipality=of or municipality(), person=person, now=NOW)


def help_request(
    who: Resident | None = None, *, now: datetime = NOW, team: int | None = 1, by: User | None = None, **wanted: Any
) -> HelpRequest:
    """An open request taken by a clerk; `team=None` leaves the municipality's rule about first visits at work."""
    who = who or resident()
    wanted.setdefault("service", service())
    wanted.setdefault("safe_word", "люляк")
    row = intake.take(
        resident=who, wanted=intake.Wanted(**wanted), source="phone", taken_by=by,
        actor=staff(by) if by else RESIDENT, now=now,
    )  # fmt: skip
    if team is not None and row.team != team and row.mode != Mode.PHONE_HELP:
        row.team = team
        row.save(update_fields=["team"])
    return row


def offer(
    row: HelpRequest, *people: Volunteer, start: datetime | None = None, now: datetime = NOW, seats: bool = False
) -> list[Offer]:
    """Offers of one time: all for seat 1, or with `seats` one for each seat."""
    start = start or now + timedelta(days=2, hours=2)
    proposals = [
        offers.SeatProposal(seat=number if seats else 1, volunteer_id=person.pk, travel_minutes=20)
        for number, person in enumerate(people, start=1)
    ]
    return offers.make(
        help_request_id=row.pk, attempt=row.attempt, start=start,
        end=start + timedelta(minutes=row.minutes), seats_for=proposals, now=now,
    )  # fmt: skip


def visit(
    row: HelpRequest | None = None, *people: Volunteer, now: datetime = NOW, start: datetime | None = None
) -> Visit:
    """A scheduled visit: everybody was asked and said yes."""
    row = row or help_request(now=now)
    people = people or (volunteer(),)
    made = offer(row, *people, now=now, start=start, seats=len(people) > 1)
    assert made, "the proposal did not fit"
    for one in made:
        answers.accept(offer_id=one.pk, actor=by_volunteer(one.volunteer), now=now)
    return Visit.objects.live().get(help_request=row)


def by_volunteer(row: Volunteer) -> Actor:
    return staff(row.user) if row.user else Actor(f"volunteer:{row.pk}")
