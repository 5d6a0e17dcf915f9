"""Teams of two: they go together, in their two shifts, and do everything of these shifts together."""

from __future__ import annotations

from tests.matching.build import crews, planned, problem, promise, reasons, request, starts, volunteer


def test_two_people_come_when_the_later_is_there_and_both_ways_are_charged() -> None:
    plan = planned(problem([volunteer("v1", 0), volunteer("v2", 4)], [request(place=1, team=2)]))
    assert crews(plan) == {"r1": ("v1", "v2")}
    assert starts(plan) == {"r1": 30}
    assert plan.objective.travel == -(20 + 60)


def test_one_of_the_two_is_enough_to_hold_the_skills_but_not_half_each() -> None:
    first, second = volunteer("v1", skills=["A", "B"]), volunteer("v2", skills=[])
    assert planned(problem([first, second], [request(team=2, skills=["A", "B"])])).visits
    first, second = volunteer("v1", skills=["A"]), volunteer("v2", skills=["B"])
    plan = planned(problem([first, second], [request(team=2, skills=["A", "B"])]))
    assert reasons(plan) == {"r1": "nobody_certified"}


def test_both_speak_the_language_and_neither_is_blocked() -> None:
    people = [volunteer("v1"), volunteer("v2", languages=["tr"])]
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}
    people = [volunteer("v1"), volunteer("v2")]
    assert reasons(planned(problem(people, [request(team=2, blocked=["v2"])]))) == {"r1": "no_pair"}


def test_the_two_shifts_are_of_one_day() -> None:
    people = [volunteer("v1", hours=[(0, 300)]), volunteer("v2", hours=[(0, 300)])]
    people[1]["shifts"][0]["day"] = 1
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}


def test_a_pair_does_several_visits_together() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    plan = planned(problem(people, [request("r1", 1, team=2), request("r2", 2, team=2)]))
    assert crews(plan) == {"r1": ("v1", "v2"), "r2": ("v1", "v2")}


def test_a_pair_takes_no_visit_of_one_in_the_same_shift() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    plan = planned(problem(people, [request("r1", team=2), request("r2", prize=10)]))
    assert crews(plan) == {"r1": ("v1", "v2")}
    assert reasons(plan) == {"r2": "taken_by_others"}


def test_limits_hold_for_each_of_the_two() -> None:
    people = [volunteer("v1"), volunteer("v2", home=3, max_travel_per_shift=39)]
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}
    people = [volunteer("v1"), volunteer("v2", max_visits_per_week=0)]
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}
    people = [volunteer("v1"), volunteer("v2", home=3, max_leg=19)]
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}


def test_each_is_home_by_the_end_of_the_own_shift() -> None:
    people = [volunteer("v1"), volunteer("v2", hours=[(0, 49)])]
    assert reasons(planned(problem(people, [request(team=2)]))) == {"r1": "no_pair"}
    people = [volunteer("v1"), volunteer("v2", hours=[(0, 50)])]
    assert starts(planned(problem(people, [request(team=2)]))) == {"r1": 10}


def test_a_pair_may_go_on_together_from_a_promise_they_share() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    both = [request("r1", team=2), request("r2", 2, team=2)]
    plan = planned(problem(people, both, [promise("r1", {"v1": "v1-0", "v2": "v2-0"}, 20)]))
    assert crews(plan)["r2"] == ("v1", "v2")


def test_a_promise_of_one_of_them_keeps_a_pair_out_of_the_shift() -> None:
    people = [volunteer("v1"), volunteer("v2")]
    both = [request("r1"), request("r2", 2, team=2)]
    plan = planned(problem(people, both, [promise("r1", {"v1": "v1-0"}, 20)]))
    assert reasons(plan) == {"r2": "taken_by_others"}


def test_a_far_pair_on_foot_is_served_when_all_the_near_ones_are_busy() -> None:
    near = [volunteer(f"n{i}", 1, max_visits_per_week=0) for i in range(30)]
    far = [volunteer(f"far{i}", 5, mode="foot", hours=[(0, 1500)]) for i in (1, 2)]
    plan = planned(problem([*near, *far], [request(team=2, prize=10_000)]))
    assert crews(plan) == {"r1": ("far1", "far2")}
