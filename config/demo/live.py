"""The fortnight ahead and today: something to do for each of the cast."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.urls import reverse

from accounts.demo import remember_resident
from catalogue.models import Service
from catalogue.selectors import in_season
from config.demo import history
from config.demo.people import WORDS
from config.demo.town import Town
from core.clock import at, local, local_date
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.services import answers, intake, offers, visits
from requests.services.actors import BEAT, staff
from requests.services.seats import is_busy
from requests.states import Mode, Source, Urgency
from volunteers.models import Volunteer

OPEN = 22
WEB = 3
AGREED = 10
# From the farthest village to another by bus it takes no longer.
ROAD = timedelta(minutes=100)


def build(town: Town, rng: Random, now: datetime, residents: list[Resident]) -> None:
    """Open requests of the last days, some agreed visits ahead, web requests to phone, the cast's own."""
    people = iter(residents)
    town.road = ROAD
    _cast(town, rng, now)
    for _number in range(AGREED):
        row = history.ask(town, rng, next(people), now - timedelta(hours=rng.randint(20, 90)))
        start = history.slot(town, row, rng, local_date(now) + timedelta(days=rng.randint(1, 8)))
        history.staffed(town, rng, row, now - timedelta(hours=19), start)
    for number in range(OPEN):
        urgent = number in (3, 9)
        row = history.ask(town, rng, next(people), now - timedelta(hours=rng.randint(2, 100)))
        if urgent:
            HelpRequest.objects.filter(pk=row.pk).update(
                urgency=Urgency.THREE_DAYS, urgency_reason="deadline", deadline=local_date(now) + timedelta(days=3)
            )
    for _number in range(WEB):
        history.ask(town, rng, next(people), now - timedelta(hours=rng.randint(1, 3)), web=True)


def _cast(town: Town, rng: Random, now: datetime) -> None:
    """Мария follows her request; Иванка has a visit today or tomorrow and one that is not yet ended."""
    _call(town, now)
    asked = now - timedelta(days=3)
    row = _request(town, town.cast_resident, asked)
    start = _next_slot(town, now + timedelta(days=1), row.minutes)
    _agree(town, rng, row, start, asked + timedelta(hours=1))
    remember_resident(name=town.cast_resident.name, url_path=reverse("demo-resident", args=[row.number]))
    neighbour = _request(town, town.residents[1], now - timedelta(days=2))
    _agree(town, rng, neighbour, _next_slot(town, now, neighbour.minutes), now - timedelta(days=1))
    _invite(town, rng, now)
    _overdue(town, rng, now)


def _call(town: Town, now: datetime) -> None:
    """Help by phone within the hour: whoever tries the demonstration can go all the way today, on a Sunday too."""
    when = now - timedelta(days=1)
    wanted = intake.Wanted(service=_wanted_now(town, local_date(now)), mode=Mode.PHONE_HELP, safe_word=WORDS[2])
    row = intake.take(
        resident=town.residents[4], wanted=wanted, source=Source.PHONE, taken_by=town.clerk,
        actor=staff(town.clerk), now=when,
    )  # fmt: skip
    HelpRequest.objects.filter(pk=row.pk).update(created_at=when)
    start = local(now + timedelta(minutes=45)).replace(second=0, microsecond=0)
    start += timedelta(minutes=-start.minute % 15)
    for offer in _asked(town, row, [town.cast_volunteer], start, when):
        answers.accept(offer_id=offer.pk, actor=BEAT, now=when + timedelta(hours=1))


def _invite(town: Town, rng: Random, now: datetime) -> None:
    """An offer that waits for Иванка's answer, whatever the plan offers besides."""
    row = _request(town, town.residents[3], now - timedelta(hours=5))
    start = _next_slot(town, now + timedelta(days=3), row.minutes)
    _asked(
        town,
        row,
        [town.cast_volunteer, *_others(town, rng, row, start)][: row.team],
        start,
        now - timedelta(minutes=40),
        agreed=False,
    )


def _overdue(town: Town, rng: Random, now: datetime) -> None:
    """A visit that began this morning (or yesterday) and nobody has ended: the coordinator's first line today."""
    start = now - timedelta(hours=4)
    if not 8 <= local(start).hour <= 16:
        start = at(local_date(now) - timedelta(days=1), time(15))
    row = _request(town, town.residents[2], start - timedelta(days=2))
    other = next(person for person in town.volunteers[1:] if person.pk in town.skills)
    team = [other, town.volunteers[2]][: row.team]
    for offer in _asked(town, row, team, start, start - timedelta(days=1)):
        answers.accept(offer_id=offer.pk, actor=BEAT, now=start - timedelta(hours=20))
    visit = Visit.objects.live().filter(help_request=row).first()
    if visit is not None:
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=start)


def _wanted_now(town: Town, day: date) -> Service:
    """What people ask for that day: the heating benefit in its season."""
    known = {row.pk: row for row in town.services}
    usual = [known[code] for code in ("ASP_HEAT", "NOI_PENSION_CHECK", "NAP_HEALTH_STATUS") if code in known]
    return next(row for row in usual if in_season(row, day))


def _request(town: Town, who: Resident, when: datetime) -> HelpRequest:
    """A visit at home."""
    wanted = intake.Wanted(service=_wanted_now(town, local_date(when)), safe_word=WORDS[1])
    row = intake.take(
        resident=who, wanted=wanted, source=Source.PHONE, taken_by=town.clerk, actor=staff(town.clerk), now=when
    )
    HelpRequest.objects.filter(pk=row.pk).update(created_at=when)
    return row


def _next_slot(town: Town, after: datetime, minutes: int) -> datetime:
    """The next quarter of a working hour, an hour from then at the earliest, at which Иванка is free."""
    moment = local(after + timedelta(hours=1)).replace(second=0, microsecond=0)
    moment += timedelta(minutes=-moment.minute % 15)
    while True:
        if town.visits_on(moment.date()) and 9 <= moment.hour < 16:
            start = at(moment.date(), moment.time())
            if not is_busy(town.cast_volunteer.pk, start - ROAD, start + timedelta(minutes=minutes) + ROAD):
                return start
        moment += timedelta(minutes=15)


def _agree(town: Town, rng: Random, row: HelpRequest, start: datetime, when: datetime) -> None:
    """Иванка, and for a first visit somebody with her, say yes."""
    team = [town.cast_volunteer, *_others(town, rng, row, start)][: row.team]
    for offer in _asked(town, row, team, start, when):
        answers.accept(offer_id=offer.pk, actor=BEAT, now=when + timedelta(hours=1))


def _others(town: Town, rng: Random, row: HelpRequest, start: datetime) -> list[Volunteer]:
    """Who could go along, those with hours then first."""
    others = [person for person in history.able(town, row, start, rng) if person.pk != town.cast_volunteer.pk]
    others += [person for person in town.volunteers[1:] if person.pk in town.skills and person not in others]
    over = start + timedelta(minutes=row.minutes)
    return [person for person in others if not is_busy(person.pk, start - ROAD, over + ROAD)]


def _asked(
    town: Town, row: HelpRequest, team: list[Volunteer], start: datetime, when: datetime, *, agreed: bool = True
) -> list[Offer]:
    """Offers that are answered at once (`agreed`), or that wait and count towards the day's number."""
    made = offers.make(
        help_request_id=row.pk, attempt=row.attempt, start=start, end=start + timedelta(minutes=row.minutes),
        seats_for=history.proposals(team, row), now=when, agreed=agreed,
    )  # fmt: skip
    assert made, "the demonstration's own proposal did not fit"
    town.take(team, start, start + timedelta(minutes=row.minutes))
    return made
