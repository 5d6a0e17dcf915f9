"""Random towns, planned round after round: every snapshot can be read, every plan passes the independent check,
nobody is ever booked twice or asked against a rule, and of equal requests the oldest is served first.
"""

from __future__ import annotations

import random
from datetime import time, timedelta
from itertools import pairwise

import pytest

from core.clock import local, local_date
from matching.format import parse_problem
from planning.models import PlanRound
from planning.services import rounds, snapshot
from requests.models import HelpRequest, Offer, PersonRule, VisitSeat
from requests.services import answers, intake, visit_changes
from requests.states import Mode, OfferState, RequestState, RuleKind
from tests import factories as make
from tests.planning.conftest import solver_at_hand  # noqa: F401 - a fixture
from tests.sizes import size
from volunteers.models import Certification, HoursException, Volunteer, WeeklyHours

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("solver_at_hand")]
TOWNS = size(3, 60, "towns")
EQUALS = size(2, 30, "groups of equals")
HOMES = list(make.VILLAGES)
GROUPS = ("SOCIAL", "HEALTH")


def settle(chance: random.Random) -> None:
    """A few volunteers and requests with everything the format knows."""
    for number in range(chance.randint(2, 6)):
        hours = {(day, start, start + chance.randint(2, 6)) for day in chance.sample(range(7), 4)
                 for start in [chance.randint(8, 15)]}  # fmt: skip
        person = make.volunteer(
            f"Човек{number}", home=chance.choice(HOMES), groups=tuple(chance.sample(GROUPS, chance.randint(0, 2))),
            hours=tuple(sorted(hours)), transport=chance.choice(["car", "bus", "foot"]),
            weekly_limit=chance.randint(0, 4), longest_leg=chance.choice([20, 60, 240]),
            weekly_wish=chance.choice([None, 1, 3]), signs_in=False,
        )  # fmt: skip
        if chance.random() < 0.3:
            HoursException.objects.create(volunteer=person, day=make.TODAY + timedelta(days=chance.randint(0, 13)))
    people = list(Volunteer.objects.all())
    for number in range(chance.randint(2, 9)):
        who = make.resident(f"Жител{number}", home=chance.choice(HOMES))
        if chance.random() < 0.3:
            PersonRule.objects.create(
                resident=who, volunteer=chance.choice(people), kind=chance.choice(RuleKind.values)
            )
        for _again in range(chance.choice([1, 1, 2])):
            ask(who, chance)


def ask(who, chance: random.Random) -> None:
    mode = chance.choice([Mode.HOME_VISIT, Mode.HOME_VISIT, Mode.HELP_POINT, Mode.PHONE_HELP, Mode.ESCORT])
    free = [
        intake.Free(time(start), time(start + chance.randint(1, 6)), weekday=day)
        for day in chance.sample(range(7), chance.randint(0, 4)) for start in [chance.randint(7, 16)]
    ]  # fmt: skip
    group = chance.choice([*GROUPS, None])
    make.help_request(
        who, service=make.service(f"S{group}", group_code=group) if group else None, mode=mode, free=free,
        help_point=make.help_point() if mode == Mode.HELP_POINT else None,
        escort_to=make.village("Радомир") if mode == Mode.ESCORT else None,
        urgency=chance.choice(["in_time", "in_time", "three_days"]), team=chance.choice([None, 1]),
        not_before=chance.choice([None, None, make.TODAY + timedelta(days=3)]) if not free else None,
    )  # fmt: skip


def answer(chance: random.Random, now) -> None:
    """Everybody who is asked says yes, no, or nothing; some give back, some change their hours."""
    for offer in Offer.objects.live().select_related("volunteer").order_by("volunteer__badge", "start"):
        offer.refresh_from_db()
        if offer.state != OfferState.MADE:
            continue
        said = chance.random()
        if said < 0.6:
            answers.accept(offer_id=offer.pk, actor=make.by_volunteer(offer.volunteer), now=now)
        elif said < 0.8:
            answers.decline(offer_id=offer.pk, actor=make.by_volunteer(offer.volunteer), now=now)
    for seat in VisitSeat.objects.filter(live=True).select_related("volunteer", "visit"):
        if chance.random() < 0.15 and seat.visit.state == "scheduled":
            visit_changes.give_back(
                visit_id=seat.visit_id, volunteer=seat.volunteer, actor=make.by_volunteer(seat.volunteer), now=now
            )
    if chance.random() < 0.5:
        left = list(WeeklyHours.objects.order_by("pk").values_list("pk", flat=True))
        WeeklyHours.objects.filter(pk=chance.choice(left)).delete()


def prove(plan_round: PlanRound) -> None:
    parse_problem(plan_round.problem)
    # The round itself refuses a plan that `matching check` does not pass.
    assert plan_round.failure == ""
    assert "not_worth" not in {entry["reason"] for entry in (plan_round.plan or {})["unserved"]}
    for offer in Offer.objects.filter(round_id=plan_round.pk).select_related("help_request", "volunteer"):
        prove_offer(offer)
    for person in Volunteer.objects.all():
        spans = sorted(VisitSeat.objects.filter(volunteer=person, live=True).values_list("start", "end"))
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def prove_offer(offer: Offer) -> None:
    """Against the rules as the rows state them, not as the solver was told."""
    row, start, end = offer.help_request, local(offer.start), local(offer.end)
    assert time(9) <= start.time() and end.time() <= time(18) and start.weekday() != 6
    assert row.deadline is None or start.date() <= row.deadline
    assert row.not_before is None or start.date() >= row.not_before
    times = list(row.free_times.all())
    assert not times or any(
        free.weekday == start.weekday() and free.start <= start.time() and end.time() <= free.end for free in times
    )
    assert not PersonRule.objects.filter(resident=row.resident, volunteer=offer.volunteer, kind="blocked").exists()
    if row.service is not None:
        team = row.offers.filter(attempt=row.attempt, state__in=[OfferState.MADE, OfferState.ACCEPTED])
        certified = Certification.objects.valid_on(local_date(offer.start)).filter(
            service_group=row.service.group_id, volunteer__in=team.values("volunteer")
        )
        assert certified.exists()


@pytest.mark.parametrize("seed", range(TOWNS))
def test_random_towns_are_planned_by_the_rules(seed) -> None:
    chance = random.Random(seed)
    settle(chance)
    town = make.municipality()
    for turn in range(3):
        now = make.NOW + timedelta(minutes=40 * turn)
        made = rounds.run(municipality=town, now=now)
        if made is not None:
            prove(made)
        answer(chance, now)
    parse_problem(snapshot.take(town, now=make.NOW + timedelta(hours=3)).problem)


@pytest.mark.parametrize("seed", range(EQUALS))
def test_of_equals_the_oldest_is_always_served_first(seed) -> None:
    chance = random.Random(seed)
    many, room = chance.randint(3, 6), chance.randint(1, 2)
    make.volunteer(hours=((3, 9, 18),), weekly_limit=room)
    by = make.TODAY + timedelta(days=6)
    ages = chance.sample(range(1, 60 * 72), many)
    rows = {
        age: make.help_request(make.resident(f"Жител{age}"), deadline=by, now=make.NOW - timedelta(minutes=age))
        for age in ages
    }
    rounds.run(municipality=make.municipality(), now=make.NOW)
    served = {row.pk for row in HelpRequest.objects.filter(state=RequestState.OFFERED)}
    assert served == {rows[age].pk for age in sorted(ages, reverse=True)[:room]}
