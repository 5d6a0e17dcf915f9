"""One small problem for every hard rule, whose answer can be seen by eye."""

from __future__ import annotations

import pytest

from tests.matching.build import crews, planned, problem, reasons, request, starts, volunteer


def test_a_visit_starts_after_the_way_there() -> None:
    plan = planned(problem([volunteer()], [request(place=2)]))
    assert starts(plan) == {"r1": 20}
    assert plan.objective.travel == -40


@pytest.mark.parametrize(("end", "served"), [(70, True), (69, False)])
def test_the_volunteer_is_home_by_the_end_of_the_shift(end: int, served: bool) -> None:
    plan = planned(problem([volunteer(hours=[(0, end)])], [request(place=2)]))
    assert bool(plan.visits) is served
    assert reasons(plan) == ({} if served else {"r1": "no_common_hours"})


def test_only_the_certified_come() -> None:
    plan = planned(problem([volunteer("v1", skills=["B"]), volunteer("v2", home=3)], [request()]))
    assert crews(plan) == {"r1": ("v2",)}


def test_one_person_holds_all_the_skills() -> None:
    plan = planned(
        problem([volunteer("v1", skills=["A"]), volunteer("v2", skills=["B"])], [request(skills=["A", "B"])])
    )
    assert reasons(plan) == {"r1": "nobody_certified"}


def test_the_language_is_spoken() -> None:
    people = [volunteer("v1"), volunteer("v2", home=4, languages=["bg", "tr"])]
    assert crews(planned(problem(people, [request(language="tr")]))) == {"r1": ("v2",)}
    assert reasons(planned(problem(people[:1], [request(language="tr")]))) == {"r1": "nobody_speaks"}


def test_a_blocked_volunteer_does_not_come() -> None:
    people = [volunteer("v1"), volunteer("v2", home=4)]
    assert crews(planned(problem(people, [request(blocked=["v1"])]))) == {"r1": ("v2",)}
    assert reasons(planned(problem(people[:1], [request(blocked=["v1"])]))) == {"r1": "all_blocked"}


@pytest.mark.parametrize(("most", "served"), [(20, True), (19, False)])
def test_the_longest_leg_is_measured_from_home(most: int, served: bool) -> None:
    plan = planned(problem([volunteer(max_leg=most)], [request(place=2)]))
    assert bool(plan.visits) is served
    assert reasons(plan) == ({} if served else {"r1": "too_far"})


def test_the_longest_leg_is_from_home_even_where_the_shift_leaves_from_elsewhere() -> None:
    there = volunteer(max_leg=15)
    there["shifts"][0] |= {"from_place": 2, "to_place": 2}
    assert reasons(planned(problem([there], [request(place=2)]))) == {"r1": "too_far"}


@pytest.mark.parametrize(("most", "served"), [(40, True), (39, False)])
def test_travel_of_a_shift_is_limited_first_and_last_legs_included(most: int, served: bool) -> None:
    plan = planned(problem([volunteer(max_travel_per_shift=most)], [request(place=2)]))
    assert bool(plan.visits) is served
    assert reasons(plan) == ({} if served else {"r1": "limits_reached"})


@pytest.mark.parametrize(("window", "start"), [([0, 60], 10), ([100, 130], 100), ([15, 200], 15)])
def test_the_service_lies_within_a_window_and_waiting_is_free(window: list[int], start: int) -> None:
    assert starts(planned(problem([volunteer()], [request(windows=[window])]))) == {"r1": start}


@pytest.mark.parametrize("windows", [[[0, 39]], [[100, 129]], [[40, 60], [60, 80]], []])
def test_too_short_windows_do_not_merge(windows: list[list[int]]) -> None:
    plan = planned(problem([volunteer()], [request(windows=windows)]))
    assert reasons(plan) == {"r1": "no_common_hours"}


def test_the_second_window_is_taken_where_the_first_is_missed() -> None:
    plan = planned(problem([volunteer(hours=[(90, 300)])], [request(windows=[[0, 60], [150, 200]])]))
    assert starts(plan) == {"r1": 150}


def test_the_weekly_limit_counts_what_was_done() -> None:
    both = [request("r1"), request("r2", prize=900)]
    plan = planned(problem([volunteer(max_visits_per_week=2, done={"0": 1})], both))
    assert crews(plan) == {"r1": ("v1",)}
    assert reasons(plan) == {"r2": "taken_by_others"}
    plan = planned(problem([volunteer(max_visits_per_week=1, done={"0": 1})], both))
    assert reasons(plan) == {"r1": "limits_reached", "r2": "limits_reached"}


def test_another_week_has_a_limit_of_its_own() -> None:
    one = volunteer(max_visits_per_week=1, hours=[(0, 300), (1440, 1740)])
    one["shifts"][1]["week"] = 1
    assert len(planned(problem([one], [request("r1"), request("r2")])).visits) == 2


def test_nobody_comes_before_the_release_day() -> None:
    one = volunteer(hours=[(0, 300), (1440, 1740)])
    assert starts(planned(problem([one], [request(released_day=1)]))) == {"r1": 1450}


def test_a_closed_shift_takes_nothing_new() -> None:
    one = volunteer()
    one["shifts"][0]["closed"] = True
    assert reasons(planned(problem([one], [request()]))) == {"r1": "no_common_hours"}


def test_a_shift_may_leave_from_one_place_and_end_at_another() -> None:
    one = volunteer()
    one["shifts"][0] |= {"from_place": 1, "to_place": 3}
    plan = planned(problem([one], [request(place=2)]))
    assert starts(plan) == {"r1": 10}
    assert plan.objective.travel == -20


def test_two_indices_of_equal_coordinates_are_five_minutes_apart_and_one_index_none() -> None:
    given = problem([volunteer()], [request("r1"), request("r2")])
    assert planned(given).objective.travel == -20
    twin = problem([volunteer()], [request("r1", 1), request("r2", 2)])
    twin = type(twin)(
        **{**{n: getattr(twin, n) for n in twin.__slots__}, "xy_km": ((0.0, 0.0), (10.0, 0.0), (10.0, 0.0))}
    )
    assert planned(twin).objective.travel == -25


def test_a_run_visits_several_people_on_one_way() -> None:
    plan = planned(problem([volunteer()], [request("r1", 3), request("r2", 1), request("r3", 2)]))
    assert plan.objective.travel == -60
    assert len(plan.visits) == 3


def test_help_at_a_help_point_is_a_visit_to_that_place() -> None:
    plan = planned(problem([volunteer()], [request(place=2, kind="HELP_POINT")]))
    assert starts(plan) == {"r1": 20}


def test_an_escort_goes_on_from_its_end_and_its_own_way_is_not_travel() -> None:
    escort = request(kind="ESCORT", place=1, end_place=3)
    plan = planned(problem([volunteer()], [escort]))
    assert starts(plan) == {"r1": 10}
    assert plan.objective.travel == -(10 + 30)


def test_the_end_of_an_escort_is_exempt_from_the_longest_leg() -> None:
    escort = request(kind="ESCORT", place=1, end_place=5)
    assert planned(problem([volunteer(max_leg=10)], [escort])).visits


def test_help_by_phone_is_given_from_home_and_the_way_home_is_travel() -> None:
    by_phone = request(kind="PHONE_HELP", place=...)
    plan = planned(problem([volunteer(max_leg=0)], [by_phone]))
    assert starts(plan) == {"r1": 0}
    assert plan.objective.travel == 0
    one = volunteer()
    one["shifts"][0] |= {"from_place": 2, "to_place": 1}
    plan = planned(problem([one], [by_phone]))
    assert starts(plan) == {"r1": 20}
    assert plan.objective.travel == -30


def test_a_far_volunteer_by_bus_or_on_foot_comes_when_nobody_else_is_free() -> None:
    walker = volunteer("v2", home=0, mode="foot", hours=[(0, 700)])
    plan = planned(problem([walker], [request(place=3, windows=[[0, 700]])]))
    assert starts(plan) == {"r1": 300}


def test_a_shift_across_midnight_is_like_any_other() -> None:
    plan = planned(problem([volunteer(hours=[(1400, 1500)])], [request(windows=[[1430, 1470]])]))
    assert starts(plan) == {"r1": 1430}
