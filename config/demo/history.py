"""Eight weeks of requests, told through the services at the times they happened."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from catalogue.models import Service
from config.demo.people import WORDS
from config.demo.town import Town
from core.clock import at, local, local_date
from places import travel
from places.models import Settlement
from requests.models import HelpRequest, Offer, Resident, Visit
from requests.services import answers, changes, intake, offers, visit_changes, visits, withdrawals
from requests.services.actors import BEAT, RESIDENT, staff
from requests.states import DeclineReason, Mode, OfferState, Outcome, RequestState, Source
from volunteers.models import Volunteer

OUTCOMES = {
    Outcome.SUBMITTED: 52, Outcome.SELF_DONE: 12, Outcome.REFERRED: 7, Outcome.BLOCKED_EID: 9,
    Outcome.BLOCKED_DOCUMENT: 6, Outcome.BLOCKED_PORTAL: 4, Outcome.CHOSE_COUNTER: 5, Outcome.NOT_ELIGIBLE: 2,
    Outcome.NOBODY_HOME: 3,
}  # fmt: skip
DIFFICULTIES = ("NO_DEVICE", "NO_CONNECTION", "NO_EID", "LOW_SKILLS", "JARGON", "SIGHT", "FEAR_OF_ERROR", "DOCUMENTS")
WEIGHT = {"ASP_HEAT": 10, "NOI_PENSION_CHECK": 6, "MDT_CHECK_PAY": 5, "NAP_HEALTH_STATUS": 5, "GP_CHANGE": 3}


def ask(
    town: Town, rng: Random, who: Resident, when: datetime, *, service: Service | None = None, web: bool = False
) -> HelpRequest:
    """One request at a past moment, by phone or from the web."""
    service = service or rng.choices(town.services, weights=[WEIGHT.get(row.pk, 1) for row in town.services])[0]
    mode = str(rng.choice(service.modes or [Mode.HOME_VISIT]))
    near = [point for point in town.help_points if point.settlement_id == who.settlement_id] or town.help_points[-2:]
    wanted = intake.Wanted(
        service=service if rng.random() < 0.93 else None,
        mode=mode,
        help_point=rng.choice(near) if mode == Mode.HELP_POINT else None,
        escort_to=max(town.settlements, key=lambda place: place.population or 0) if mode == Mode.ESCORT else None,
        free=_free(rng),
        safe_word=rng.choice(WORDS),
    )
    if web:
        row = intake.submit_from_web(resident=who, wanted=wanted, now=when)
    else:
        row = intake.take(
            resident=who, wanted=wanted, source=Source.PHONE, taken_by=town.clerk, actor=staff(town.clerk), now=when
        )
    HelpRequest.objects.filter(pk=row.pk).update(created_at=when)
    return row


def _free(rng: Random) -> list[intake.Free]:
    if rng.random() < 0.5:
        return []
    begin, end = rng.choice(((time(9), time(12)), (time(12), time(18)), (time(9), time(18))))
    return [
        intake.Free(weekday=day, start=begin, end=end) for day in sorted(rng.sample(range(5), k=rng.choice((2, 3))))
    ]


def able(town: Town, row: HelpRequest, start: datetime, rng: Random) -> list[Volunteer]:
    """Certified, active, free then, in a shuffled order."""
    end = start + timedelta(minutes=row.minutes)
    group = row.service.group_id if row.service else None
    day, first, last = local(start).weekday(), local(start).time(), local(end).time()
    found = [
        person
        for person in town.volunteers
        if person.pk in town.skills
        and (group is None or group in town.skills[person.pk])
        and any(hours[0] == day and hours[1] <= first and last <= hours[2] for hours in town.hours[person.pk])
        and not any(begun < end + town.road and start - town.road < over for begun, over in town.taken[person.pk])
    ]
    rng.shuffle(found)
    return found


def slot(town: Town, row: HelpRequest, rng: Random, first: date) -> datetime:
    """A working moment on or after a day at which the person is free."""
    wished = list(row.free_times.all())
    for offset in range(14):
        day = first + timedelta(days=offset)
        times = [free for free in wished if free.weekday == day.weekday()]
        if not town.visits_on(day) or (wished and not times):
            continue
        hours = (times[0].start.hour, times[0].end.hour) if times else (9, 17)
        last = max(hours[1] - 1 - row.minutes // 60, hours[0])
        return at(day, time(rng.randint(hours[0], last), rng.choice((0, 15, 30, 45))))
    return at(first, time(10))


def tell(town: Town, rng: Random, row: HelpRequest, when: datetime) -> None:
    """What became of a past request: asked, visited, closed; now and then nobody, or no longer needed."""
    if row.state == RequestState.UNVERIFIED:
        when += timedelta(hours=rng.choice((2, 5, 20)))
        intake.verify(help_request=row, actor=staff(town.clerk), now=when)
    if rng.random() < 0.06:
        changes.withdraw(help_request=row, actor=RESIDENT, now=when + timedelta(hours=rng.randint(3, 40)))
        return
    start = slot(town, row, rng, local_date(when) + timedelta(days=rng.choice((1, 2, 2, 3, 4, 6))))
    if not staffed(town, rng, row, when + timedelta(minutes=20), start):
        changes.cancel(help_request=row, actor=staff(town.coordinator), now=start)
        return
    visited(town, rng, Visit.objects.live().select_related("help_request").get(help_request=row))


def staffed(town: Town, rng: Random, row: HelpRequest, when: datetime, start: datetime) -> bool:
    """Ask people until every seat is taken. False where everybody said no."""
    asked: set[UUID] = set()
    for _rung in range(4):
        crowd = able(town, row, start, rng)
        team = [person for person in crowd if person.pk not in asked][: row.team]
        if len(team) < row.team:
            return False
        asked |= {person.pk for person in team}
        made = offers.make(
            help_request_id=row.pk, attempt=row.attempt, start=start, end=start + timedelta(minutes=row.minutes),
            seats_for=proposals(team, row), now=when,
        )  # fmt: skip
        if not made:
            # Asked often enough that day: others are.
            continue
        when = _answered(rng, made, when)
        row.refresh_from_db(fields=["state", "next_step_at"])
        if row.state == RequestState.SCHEDULED:
            town.take(team, start, start + timedelta(minutes=row.minutes))
            return True
        if row.state == RequestState.PARTLY_STAFFED:
            withdrawals.release_half_staffed(help_request_id=row.pk, now=max(when, row.next_step_at or when))
            row.refresh_from_db(fields=["state"])
    return False


def proposals(team: list[Volunteer], row: HelpRequest) -> list[offers.SeatProposal]:
    """A seat for each, with the way from home as the plan would reckon it."""
    place = row.help_point.settlement if row.help_point else row.resident.settlement
    return [_proposal(seat, person, row.mode, place) for seat, person in enumerate(team, start=1)]


def _proposal(seat: int, person: Volunteer, mode: str, place: Settlement) -> offers.SeatProposal:
    home, there = person.home.point, place.point
    if mode == Mode.PHONE_HELP or home is None or there is None:
        return offers.SeatProposal(seat=seat, volunteer_id=person.pk)
    minutes, km = travel.minutes(home, there, person.transport), Decimal(f"{travel.road_km(home, there):.1f}")
    return offers.SeatProposal(
        seat=seat,
        volunteer_id=person.pk,
        travel_minutes=minutes,
        km=km,
        why=[{"code": "near", "volunteer": str(person.pk), "minutes": minutes}],
    )


def _answered(rng: Random, made: list[Offer], when: datetime) -> datetime:
    for offer in made:
        answered = min(when + timedelta(minutes=rng.randint(5, 300)), offer.expires_at - timedelta(minutes=1))
        chance = rng.random()
        offer.refresh_from_db(fields=["state"])
        if offer.state != OfferState.MADE:
            continue
        if chance < 0.78:
            answers.accept(offer_id=offer.pk, actor=BEAT, now=answered)
        elif chance < 0.92:
            reason = rng.choice([str(value) for value in DeclineReason.values])
            answers.decline(offer_id=offer.pk, actor=BEAT, now=answered, reason=reason)
        else:
            answered = offer.expires_at + timedelta(minutes=1)
            answers.expire(offer_id=offer.pk, now=answered)
        when = max(when, answered)
    return when


def visited(town: Town, rng: Random, visit: Visit) -> None:
    """The visit itself, at its time."""
    if rng.random() < 0.7:
        visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=visit.start - timedelta(hours=5))
    if rng.random() < 0.02:
        visit_changes.missed(visit_id=visit.pk, actor=staff(town.coordinator), now=visit.start + timedelta(hours=2))
        changes.withdraw(help_request=visit.help_request, actor=RESIDENT, now=visit.start + timedelta(hours=4))
        return
    began = visit.start + timedelta(minutes=rng.randint(-5, 12))
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=began)
    ended = began + timedelta(minutes=max(5, round(visit.help_request.minutes * rng.uniform(0.6, 1.4))))
    outcome = rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
    before = rng.sample(DIFFICULTIES, k=rng.choice((1, 2, 3)))
    after = [code for code in before if rng.random() < 0.25]
    visits.check_out(
        visit_id=visit.pk, outcome=outcome, minutes=None, before=before, after=after, actor=BEAT, now=ended
    )
