"""Large rounds: published at once, made better in parts, joined once, and nobody is asked for what no longer fits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from matching.check import check
from matching.format import parse_plan, parse_problem
from planning.models import PlanningDesk, PlanPart, PlanRound
from planning.services import desk, joins, parts, rounds, solver
from planning.states import PartState, RoundState
from planning.tasks import join_parts, plan_due, plan_municipality, plan_part
from requests.models import HelpRequest, Offer
from requests.states import OfferState
from tests import factories as make
from tests.planning.poor import poor
from volunteers.models import Volunteer, WeeklyHours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
VILLAGES = ["Радомир", "Извор", "Друган", "Дрен"]


@pytest.fixture
def large(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], PlanRound]:
    """A round of eight requests is large here, and its first plan has every other visit much too late to be offered."""
    settings.SOLVER_PART_REQUESTS = 6
    settings.SOLVER_PART_SECONDS = 10  # ends as soon as the part is proved optimal
    monkeypatch.setattr(solver, "solve", poor(solver.solve))

    def begin() -> PlanRound:
        for place in VILLAGES:
            make.volunteer(place, home=place)
        for number in range(8):
            make.help_request(make.resident(home=VILLAGES[number % 4]))
        made = rounds.run(municipality=make.municipality(), now=make.NOW)
        assert made is not None and made.failure == ""
        made.refresh_from_db()
        return made

    return begin


def work(now: Any = make.NOW) -> None:
    """What a worker does: parts, and the join by whoever ends last."""
    while due := parts.due(now=now).parts:
        for part in due:
            for ended in parts.solve(part_id=part, now=now).joins:
                assert joins.run(round_id=ended, now=now)


def total(plan: dict[str, Any]) -> int:
    return int(plan["objective"]["total"])


def legal(made: PlanRound) -> bool:
    return check(parse_problem(made.problem), parse_plan(made.plan)).legal


def visited(plan: dict[str, Any]) -> dict[str, tuple[list[str], int]]:
    return {visit["request"]: (visit["volunteers"], visit["start"]) for visit in plan["visits"]}


def test_a_large_round_is_published_at_once_and_made_better_in_parts(large) -> None:
    made = large()
    before, first = total(made.plan), visited(made.plan)
    assert made.state == RoundState.IN_PARTS and made.parts.count() >= 2 and legal(made)
    asked = set(map(str, Offer.objects.values_list("help_request_id", flat=True)))
    assert len(asked) == made.offers_made == 4
    work()
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED and legal(made)
    after = visited(made.plan)
    assert len(after) == 8 and total(made.plan) > before
    assert all(first[key] == after[key] for key in asked), "whoever was asked is not asked for another hour"
    assert Counter(Offer.objects.values_list("help_request_id", flat=True)).most_common(1)[0][1] == 1
    assert (Offer.objects.count(), made.offers_made, made.proposals_stale) == (8, 8, 0)
    assert set(PlanPart.objects.values_list("state", "problem", "answer")) == {(PartState.SOLVED, None, None)}
    free = PlanningDesk.objects.get()
    assert (free.lease_until, free.parts_of) == (None, None)
    assert rounds.run(municipality=make.municipality(), now=make.NOW + timedelta(minutes=1)) is not None


def test_a_round_that_is_not_large_has_no_parts(large, settings) -> None:
    settings.SOLVER_PART_REQUESTS = 8
    assert large().state == RoundState.PUBLISHED
    assert not PlanPart.objects.exists() and PlanningDesk.objects.get().lease_until is None


def test_while_parts_run_no_other_round_begins_and_it_ends_in_time(large) -> None:
    made = large()
    minute = make.NOW + timedelta(minutes=1)
    assert rounds.run(municipality=make.municipality(), now=minute) is None
    assert rounds.due(now=make.NOW + timedelta(minutes=2)) == rounds.Due()
    # Nobody solves anything: the first plan stays, and the way is free.
    late = made.parts_until + timedelta(seconds=1)
    assert parts.due(now=late) == parts.Next(joins=[made.pk])
    assert joins.run(round_id=made.pk, now=late)
    assert not joins.run(round_id=made.pk, now=late), "once"
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED and legal(made)
    assert set(made.parts.values_list("state", flat=True)) == {PartState.LEFT}
    assert rounds.run(municipality=make.municipality(), now=late) is not None


def test_a_part_that_fails_thrice_stays_as_it_was_and_the_others_count(large, monkeypatch) -> None:
    made = large()
    honest, broken = solver.solve, made.parts.get(number=1).problem

    def failing(problem: Any, **more: Any) -> Any:
        if problem == broken:
            raise solver.SolverFailed("solve: exit 3: no plan")
        return honest(problem, **more)

    monkeypatch.setattr(solver, "solve", failing)
    before = total(made.plan)
    work()
    assert PlanPart.objects.order_by("number").values_list("state", "tries")[0] == (PartState.LEFT, 3)
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED and total(made.plan) > before


def test_a_lease_keeps_others_away_and_a_late_answer_is_not_saved(large, monkeypatch) -> None:
    made = large()
    first = made.parts.get(number=1)
    honest = solver.solve

    def slow(problem: Any, **more: Any) -> Any:
        assert parts.solve(part_id=first.pk, now=make.NOW) == parts.Next(), "somebody has it"
        # Its lease ran out, and another took it.
        PlanPart.objects.filter(pk=first.pk).update(lease_until=make.NOW + timedelta(hours=1))
        return honest(problem, **more)

    monkeypatch.setattr(solver, "solve", slow)
    parts.solve(part_id=first.pk, now=make.NOW)
    first.refresh_from_db()
    assert (first.state, first.answer) == (PartState.WAITING, None)
    again = parts.due(now=make.NOW + timedelta(hours=2))
    assert first.pk not in again.parts and again.joins == [made.pk], "its time is over"


def test_a_newer_round_overtakes_parts_that_held_the_desk_too_long(large) -> None:
    made = large()
    late = PlanningDesk.objects.get().lease_until
    assert desk.claim(make.municipality(), now=late) is not None
    for part in made.parts.all():
        assert parts.solve(part_id=part.pk, now=late) == parts.Next()
    assert parts.due(now=late) == parts.Next()
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED and not joins.run(round_id=made.pk, now=late)
    assert PlanningDesk.objects.get().lease_until == late + desk.LEASE, "the newer round keeps it"
    assert Offer.objects.count() == 4


def test_what_no_longer_fits_when_the_parts_are_joined_is_not_offered(large) -> None:
    made = large()
    asked = set(Offer.objects.values_list("help_request_id", flat=True))
    row = HelpRequest.objects.exclude(pk__in=asked).order_by("number").first()
    withdrawn = HelpRequest.objects.exclude(pk__in=asked).exclude(pk=row.pk).order_by("number").first()
    HelpRequest.objects.filter(pk=withdrawn.pk).update(attempt=withdrawn.attempt + 1, language="tr")
    WeeklyHours.objects.all().delete()
    keeps = Volunteer.objects.order_by("badge").first()
    for weekday in range(6):
        WeeklyHours.objects.create(volunteer=keeps, weekday=weekday, start="09:00", end="18:00")
    work()
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED and len(visited(made.plan)) == 8, "the plan is of the snapshot"
    new = Offer.objects.exclude(help_request_id__in=asked)
    assert set(new.values_list("volunteer_id", flat=True)) <= {keeps.pk}
    assert not new.filter(help_request=withdrawn).exists()
    assert made.proposals_stale >= 8 - 4 - new.count()


def test_a_join_that_died_after_some_offers_makes_the_others(large, monkeypatch) -> None:
    made = large()
    honest, times = Offer.objects.create, Counter()

    def dies(**row: Any) -> Offer:
        times["made"] += 1
        if times["made"] == 2:
            raise KeyboardInterrupt
        return honest(**row)

    with monkeypatch.context() as once:
        once.setattr(Offer.objects, "create", dies)
        with pytest.raises(KeyboardInterrupt):
            work()
    made.refresh_from_db()
    assert made.state == RoundState.IN_PARTS and Offer.objects.count() == 5
    assert parts.due(now=make.NOW) == parts.Next(), "its lease still runs"
    later = make.NOW + desk.LEASE + timedelta(minutes=1)
    (due,) = parts.due(now=later).joins
    assert joins.run(round_id=due, now=later)
    assert Offer.objects.filter(state=OfferState.MADE).count() == 8
    assert Counter(Offer.objects.values_list("help_request_id", flat=True)).most_common(1)[0][1] == 1
    made.refresh_from_db()
    assert (made.state, made.offers_made) == (RoundState.PUBLISHED, 8)


def test_the_tasks_carry_ids_and_send_what_comes_next(large, monkeypatch) -> None:
    made = large()
    PlanRound.objects.filter(pk=made.pk).update(parts_until=made.parts_until + timedelta(days=10_000))
    PlanningDesk.objects.update(lease_until=made.parts_until + timedelta(days=10_000))
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(plan_part, "delay", lambda pk: sent.append(("part", pk)))
    monkeypatch.setattr(join_parts, "delay", lambda pk: sent.append(("join", pk)))
    monkeypatch.setattr(plan_municipality, "delay", lambda code: sent.append(("town", code)))
    plan_due()
    numbers = dict(made.parts.values_list("pk", "number"))
    assert [(what, str(pk)) for pk, number in numbers.items() if number <= 2 for what in ["part"]] == sorted(
        sent, key=lambda one: [str(pk) for pk in numbers].index(one[1])
    )
    json.dumps(sent)
    while sent:
        what, key = sent.pop(0)
        assert what == "part"
        plan_part(key)
    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED
