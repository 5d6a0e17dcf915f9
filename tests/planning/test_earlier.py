"""The next round begins where the last one ended: the plan does not shake, and what is gone goes alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from matching.carry import carried
from matching.check import check
from matching.format import parse_plan, parse_problem
from planning.models import PlanRound
from planning.services import earlier, rounds, snapshot, solver
from requests.models import HelpRequest
from requests.services import changes
from requests.services.actors import RESIDENT
from requests.services.intake import Free
from tests import factories as make
from volunteers.models import HoursException, Volunteer
from volunteers.states import VolunteerStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
# Beyond the horizon of offers: planned, and nobody is told yet.
FAR = make.TODAY + timedelta(days=9)
LATER = make.NOW + timedelta(hours=26)


def asked(name: str, day: int = 0, **more: Any) -> HelpRequest:
    free = [Free(datetime.min.time().replace(hour=9), datetime.min.time().replace(hour=17), day=FAR + timedelta(day))]
    return make.help_request(make.resident(name), free=free, **more)


def carried_over(last: PlanRound, now: datetime = LATER) -> dict[str, Any]:
    """Request → people and moment of what the next round begins with."""
    taken = snapshot.take(make.municipality(), now=now)
    given = earlier.plan_for(last, taken)
    assert given is not None
    problem = parse_problem(taken.problem)
    plan = carried(problem, parse_plan(given).visits)
    assert {one.code for one in check(problem, plan).violations} <= {"not_listed"}
    return {one.request: (one.volunteers, taken.origin + timedelta(minutes=one.start)) for one in plan.visits}


def planned(made: PlanRound) -> dict[str, Any]:
    return {
        visit["request"]: (tuple(visit["volunteers"]), made.origin + timedelta(minutes=visit["start"]))
        for visit in made.plan["visits"]
    }


def test_a_day_later_everything_is_where_it_was(plan) -> None:
    make.volunteer(), make.volunteer("Петър", home="Дрен")
    for number in range(4):
        asked(f"Човек{number}", number % 3)
    made = plan()
    before = planned(made)
    assert len(before) == 4 and carried_over(made) == before


def test_the_solver_is_given_the_last_plan_and_the_first_round_has_none(plan, monkeypatch) -> None:
    seen: list[Any] = []
    honest = solver.solve
    monkeypatch.setattr(
        solver, "solve", lambda problem, **more: seen.append(more["earlier"]) or honest(problem, **more)
    )
    make.volunteer()
    asked("Пена")
    first = planned(plan())
    assert seen == [None]
    asked("Гена", 1)
    second = plan(LATER)
    assert len(seen[1]["visits"]) == 1 and first.items() <= planned(second).items(), "and nothing shakes"


def test_whose_day_is_gone_goes_and_the_others_stay(plan) -> None:
    ivanka = make.volunteer(hours=((2, 9, 18),))
    make.volunteer("Петър", home="Дрен", hours=((3, 9, 18),))
    gone, kept = asked("Пена", 0), asked("Гена", 1)
    before = planned(plan())
    assert set(before) == {str(gone.pk), str(kept.pk)}
    HoursException.objects.create(volunteer=ivanka, day=FAR)
    PlanRound.objects.update(snapshot_hash="x")
    now = carried_over(PlanRound.objects.get())
    assert now.get(str(kept.pk)) == before[str(kept.pk)] and str(gone.pk) not in now


def test_who_left_and_what_was_withdrawn_is_no_error(plan) -> None:
    make.volunteer()
    petar = make.volunteer("Петър", home="Дрен")
    rows = [asked(f"Човек{number}", number) for number in range(3)]
    made = plan()
    Volunteer.objects.filter(pk=petar.pk).update(status=VolunteerStatus.LEFT)
    changes.withdraw(help_request=rows[0], actor=RESIDENT, now=make.NOW)
    assert str(rows[0].pk) not in carried_over(made)
    assert rounds.run(municipality=make.municipality(), now=LATER).failure == ""


def test_what_was_agreed_since_stands_as_agreed(plan) -> None:
    petar = make.volunteer("Петър", home="Дрен")
    make.volunteer()
    row, other = asked("Пена"), asked("Гена", 1)
    made = plan()
    start = make.NOW + timedelta(days=2, hours=3)
    make.visit(row, petar, start=start)
    now = carried_over(made)
    assert now[str(row.pk)] == ((str(petar.pk),), start) and str(other.pk) in now


def test_without_a_plan_there_is_nothing_to_begin_with(plan) -> None:
    taken = snapshot.take(make.municipality(), now=make.NOW)
    assert earlier.plan_for(None, taken) is None
    made = plan()
    assert earlier.plan_for(made, taken) is None, "nor with an empty one"
