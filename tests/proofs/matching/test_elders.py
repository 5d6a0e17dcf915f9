"""Of requests that differ only in age the older is served, and served first, whatever the search stumbled on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.check import check
from matching.engine.elders import elders_first
from matching.engine.load import load_state
from matching.engine.prepare import Prepared
from matching.engine.publish import starts as starts_of
from matching.format import Objective, Plan, Problem, Visit
from tests.matching import build

DAYS = tuple((day * 1440, day * 1440 + 70) for day in range(4))


def one_place_a_day(ages: dict[str, int], **more: object) -> Problem:
    """Four days with room for one visit each; `ages` is the released day by request."""
    asked = [build.request(name, released_day=day, prize=1000 - 10 * day, **more) for name, day in ages.items()]
    return build.problem([build.volunteer(hours=DAYS)], asked, day_waited=4)


def served(given: Problem, days: dict[str, int]) -> Plan:
    """A plan that visits each of these on its day."""
    visits = [Visit(name, ("v1",), (f"v1-{day}",), day * 1440 + 10) for name, day in days.items()]
    return Plan(tuple(visits), (), (), Objective(0, 0, 0, 0, 0, 0, 0, 0))


def after(given: Problem, days: dict[str, int]) -> dict[str, int]:
    """Request → day, when equals have changed places."""
    prep = Prepared(given)
    before = load_state(prep, served(given, days))
    state = elders_first(before)
    assert state.total >= before.total
    assert state.total == load_state(prep, as_plan(prep, state)).total
    return {prep.requests[r].id: start // 1440 for r, start in starts_of(state).items()}


def as_plan(prep: Prepared, state: object) -> Plan:
    starts = starts_of(state)  # type: ignore[arg-type]
    visits = [
        Visit(prep.requests[r].id, ("v1",), (prep.shifts[crew[0]].id,), starts[r])
        for r, crew in enumerate(state.crew)  # type: ignore[attr-defined]
        if crew
    ]
    return Plan(tuple(visits), (), (), Objective(0, 0, 0, 0, 0, 0, 0, 0))


def test_served_equals_go_in_order_of_age() -> None:
    given = one_place_a_day({"young": 0, "old": -5, "older": -9})
    assert after(given, {"young": 0, "old": 1, "older": 2}) == {"older": 0, "old": 1, "young": 2}


def test_an_older_takes_the_seat_of_a_younger_that_is_worth_no_more() -> None:
    given = one_place_a_day({"young": 0, "old": -5, "older": -9})
    assert after(given, {"young": 1, "old": 3}) == {"older": 1, "old": 3}


def test_of_one_day_the_first_in_the_file_counts_as_older() -> None:
    given = one_place_a_day({"first": -1, "second": -1})
    assert after(given, {"second": 2}) == {"first": 2}


@pytest.mark.parametrize("more", [{"place": 2}, {"duration": 20}, {"preferred": ["v1"]}])
def test_who_differs_in_more_than_age_keeps_the_seat(more: dict[str, object]) -> None:
    given = one_place_a_day({"young": 0, "old": -5})
    young = replace(given.requests[0], **{k: frozenset(v) if isinstance(v, list) else v for k, v in more.items()})  # type: ignore[arg-type]
    other = replace(given, requests=(young, given.requests[1]))
    assert after(other, {"young": 0, "old": 1}) == {"young": 0, "old": 1}


def neighbours(given: Problem, places: dict[str, int]) -> Problem:
    """The same, with all requests at one point under the numbers given."""
    asked = tuple(replace(r, place=places.get(r.id, r.place)) for r in given.requests)
    return replace(given, requests=asked, xy_km=tuple((0.0 if x == 0 else 10.0, 0.0) for x in range(6)))


def test_neighbours_go_in_order_of_age_too() -> None:
    given = neighbours(one_place_a_day({"young": 0, "old": -5, "older": -9}), {"old": 2, "older": 3})
    assert after(given, {"young": 0, "old": 1}) == {"older": 0, "old": 1}


def test_of_three_at_one_door_none_is_exchanged_for_a_neighbour() -> None:
    """From one to the next at the same number is no way at all, to the neighbour it is."""
    given = neighbours(one_place_a_day({"young": 0, "same": -1, "older": -9}), {"older": 3})
    assert after(given, {"young": 0, "same": 1}) == {"same": 0, "young": 1}


def test_who_is_worth_more_keeps_the_seat_from_an_older() -> None:
    given = one_place_a_day({"young": 0, "old": -5})
    dear = replace(given, requests=(replace(given.requests[0], prize=5000), given.requests[1]))
    assert after(dear, {"young": 2}) == {"young": 2}


def test_a_plan_serves_equals_by_age_and_passes_the_check() -> None:
    ages = {f"r{number}": -((number * 7) % 11) for number in range(8)}
    given = one_place_a_day(ages)
    plan = build.planned(given)
    assert check(given, plan).legal
    days = [ages[visit.request] for visit in sorted(plan.visits, key=lambda visit: visit.start)]
    assert days == sorted(ages.values())[:4]
