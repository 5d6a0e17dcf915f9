"""Promises stand; everything new goes around them; open seats are filled; conflicts are said."""

from __future__ import annotations

from tests.matching.build import crews, planned, problem, promise, reasons, request, starts, volunteer

PAIR = {"v1": "v1-0", "v2": "v2-0"}


def test_a_promise_stands_although_people_changed_everything_since() -> None:
    gone = volunteer(skills=[], languages=[], max_visits_per_week=0, max_leg=0)
    plan = planned(problem([gone], [request(blocked=["v1"], windows=[])], [promise("r1", {"v1": "v1-0"}, 100)]))
    assert starts(plan) == {"r1": 100}
    assert plan.objective.served == 1000


def test_new_visits_go_around_a_promise() -> None:
    both = [request("r1"), request("r2", duration=60)]
    plan = planned(problem([volunteer()], both, [promise("r1", {"v1": "v1-0"}, 60)]))
    assert starts(plan) == {"r1": 60, "r2": 90}


def test_a_promise_counts_for_the_weekly_limit_of_new_visits() -> None:
    both = [request("r1"), request("r2")]
    given = problem([volunteer(max_visits_per_week=1)], both, [promise("r1", {"v1": "v1-0"}, 60)])
    assert reasons(planned(given)) == {"r2": "limits_reached"}


def test_an_open_seat_earns_the_prize_only_when_filled() -> None:
    alone = problem([volunteer("v1")], [request(team=2)], [promise("r1", {"v1": "v1-0"}, 60)])
    plan = planned(alone)
    assert plan.objective.served == 0
    assert plan.objective.travel == -20
    assert list(reasons(plan)) == ["r1"]
    filled = problem([volunteer("v1"), volunteer("v2", 2)], [request(team=2)], [promise("r1", {"v1": "v1-0"}, 60)])
    plan = planned(filled)
    assert crews(plan) == {"r1": ("v1", "v2")}
    assert plan.objective.served == 1000


def test_a_helper_needs_no_window_and_no_release_but_the_day() -> None:
    half = request(team=2, windows=[], released_day=5)
    people = [volunteer("v1"), volunteer("v2")]
    assert len(planned(problem(people, [half], [promise("r1", {"v1": "v1-0"}, 60)])).visits[0].volunteers) == 2
    people[1]["shifts"][0]["day"] = 1
    plan = planned(problem(people, [half], [promise("r1", {"v1": "v1-0"}, 60)]))
    assert reasons(plan) == {"r1": "no_common_hours"}


def test_a_helper_without_the_skill_may_join_the_skilled_but_not_the_unskilled() -> None:
    half, stands = request(team=2), [promise("r1", {"v1": "v1-0"}, 60)]
    plan = planned(problem([volunteer("v1"), volunteer("v2", skills=[])], [half], stands))
    assert crews(plan) == {"r1": ("v1", "v2")}
    plan = planned(problem([volunteer("v1", skills=[]), volunteer("v2", skills=[])], [half], stands))
    assert reasons(plan) == {"r1": "nobody_certified"}


def test_a_helper_mixes_the_seat_with_visits_of_their_own() -> None:
    both = [request("r1", team=2), request("r2", 2)]
    people = [volunteer("v1", hours=[(50, 100)]), volunteer("v2")]
    plan = planned(problem(people, both, [promise("r1", {"v1": "v1-0"}, 60)]))
    assert crews(plan) == {"r1": ("v1", "v2"), "r2": ("v2",)}


def test_the_open_seat_of_a_promise_in_a_closed_shift_is_filled() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    people[0]["shifts"][0]["closed"] = True
    both = [request("r1", team=2), request("r2")]
    plan = planned(problem(people, both, [promise("r1", {"v1": "v1-0"}, 60)]))
    assert crews(plan) == {"r1": ("v1", "v2"), "r2": ("v2",)}


def test_a_promise_that_cannot_be_reached_is_a_conflict_and_bars_its_shift() -> None:
    both = [request("r1", 3), request("r2")]
    plan = planned(problem([volunteer()], both, [promise("r1", {"v1": "v1-0"}, 20)]))
    assert plan.promise_conflicts == ("v1-0",)
    assert starts(plan) == {"r1": 20}
    assert reasons(plan) == {"r2": "no_common_hours"}


def test_a_conflict_that_reaches_into_the_next_shift_bars_that_too() -> None:
    one = volunteer(hours=[(0, 100), (100, 300)])
    both = [request("r1", 3), request("r2", windows=[[100, 300]])]
    plan = planned(problem([one], both, [promise("r1", {"v1": "v1-0"}, 60)]))
    assert plan.promise_conflicts == ("v1-0",)
    assert reasons(plan) == {"r2": "no_common_hours"}
    plan = planned(problem([volunteer(hours=[(0, 100), (120, 300)])], both, [promise("r1", {"v1": "v1-0"}, 60)]))
    assert starts(plan)["r2"] == 130


def test_a_promise_in_conflict_is_not_filled() -> None:
    people = [volunteer("v1"), volunteer("v2", 3)]
    plan = planned(problem(people, [request("r1", 3, team=2)], [promise("r1", {"v1": "v1-0"}, 20)]))
    assert crews(plan) == {"r1": ("v1",)}


def test_two_promises_too_close_to_each_other_are_a_conflict() -> None:
    both = [request("r1", 1), request("r2", 2)]
    stands = [promise("r1", {"v1": "v1-0"}, 60), promise("r2", {"v1": "v1-0"}, 95)]
    assert planned(problem([volunteer()], both, stands)).promise_conflicts == ("v1-0",)
    stands = [promise("r1", {"v1": "v1-0"}, 60), promise("r2", {"v1": "v1-0"}, 100)]
    assert planned(problem([volunteer()], both, stands)).promise_conflicts == ()


def test_a_shift_of_promises_only_is_not_checked_against_limits() -> None:
    over = volunteer(max_visits_per_week=1, max_travel_per_shift=5)
    both = [request("r1", 1), request("r2", 2)]
    stands = [promise("r1", {"v1": "v1-0"}, 60), promise("r2", {"v1": "v1-0"}, 100)]
    assert len(planned(problem([over], both, stands)).visits) == 2
