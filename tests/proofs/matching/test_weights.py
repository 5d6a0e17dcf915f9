"""One small problem for every weight: what it is worth, and that it decides between two otherwise equal plans."""

from __future__ import annotations

from matching.check import check
from matching.format import parse_problem
from tests.matching.build import crews, data, planned, problem, promise, reasons, request, starts, volunteer


def two(**second: object) -> list[dict[str, object]]:
    return [volunteer("v1"), volunteer("v2", **second)]


def test_the_priority_gives_the_prize_unless_a_prize_is_given() -> None:
    given = problem(
        [volunteer()], [request("r1", prize=..., priority=2), request("r2", priority=9)], priority={"2": 500}
    )
    assert planned(given).objective.served == 1500


def test_travel_is_charged_per_minute() -> None:
    assert planned(problem([volunteer()], [request()], travel=3)).objective.travel == -60
    assert crews(planned(problem([volunteer("v1", 3), volunteer("v2", 1)], [request()]))) == {"r1": ("v2",)}


def test_each_day_waited_costs_once_per_visit() -> None:
    late = volunteer(hours=[(0, 5), (1440, 1740)])
    plan = planned(problem([late], [request(released_day=-2)], day_waited=4))
    assert plan.objective.waiting == -12
    people = [late, volunteer("v2", hours=[(0, 5), (1440, 1740)])]
    plan = planned(problem(people, [request(released_day=-2, team=2)], day_waited=4))
    assert plan.objective.waiting == -12


def test_a_visit_on_an_earlier_day_is_preferred() -> None:
    both_days = volunteer(hours=[(0, 300), (1440, 1740)])
    assert starts(planned(problem([both_days], [request()], day_waited=4))) == {"r1": 10}


def test_who_came_before_comes_again() -> None:
    plan = planned(problem(two(), [request(earlier="v2")], continuity=40))
    assert crews(plan) == {"r1": ("v2",)}
    assert plan.objective.continuity == 40


def test_somebody_absent_may_have_come_before() -> None:
    assert planned(problem([volunteer()], [request(earlier="gone")], continuity=40)).objective.continuity == 0


def test_every_preferred_member_counts() -> None:
    plan = planned(problem(two(), [request(preferred=["v2", "gone"])], preferred=20))
    assert crews(plan) == {"r1": ("v2",)}
    plan = planned(problem(two(), [request(preferred=["v1", "v2"], team=2)], preferred=20))
    assert plan.objective.preferred == 40


def test_the_kth_visit_of_a_week_costs_more_so_visits_are_shared() -> None:
    plan = planned(problem([volunteer()], [request("r1"), request("r2"), request("r3")], kth_visit_in_week=2))
    assert plan.objective.fairness == -(0 + 2 + 4)
    plan = planned(problem(two(), [request("r1"), request("r2")], kth_visit_in_week=50))
    assert sorted(crews(plan).values()) == [("v1",), ("v2",)]
    plan = planned(problem([volunteer(done={"0": 3})], [request()], kth_visit_in_week=2))
    assert plan.objective.fairness == -6


def test_visits_beyond_the_wish_cost_more_and_more() -> None:
    three = [request("r1"), request("r2"), request("r3")]
    assert planned(problem([volunteer(wish_per_week=1)], three, over_wish=10)).objective.fairness == -(10 + 20)
    assert planned(problem([volunteer()], three, over_wish=10)).objective.fairness == 0


def test_an_idle_volunteer_is_welcomed_once() -> None:
    plan = planned(problem(two(idle=True), [request("r1"), request("r2")], first_visit=35))
    assert plan.objective.fairness == 35
    assert crews(plan) == {"r1": ("v2",), "r2": ("v2",)}


def test_a_promise_makes_an_idle_volunteer_busy() -> None:
    given = problem([volunteer(idle=True)], [request()], [promise("r1", {"v1": "v1-0"}, 60)], first_visit=35)
    assert planned(given).objective.fairness == 35


def test_scarce_skills_are_held_back() -> None:
    people = [volunteer("v1", skills=["A", "B"]), volunteer("v2", home=2)]
    plan = planned(problem(people, [request()], scarcity={"B": 12}))
    assert crews(plan) == {"r1": ("v2",)}
    assert planned(problem(people[:1], [request()], scarcity={"B": 12})).objective.scarcity == -12
    assert planned(problem(people[:1], [request(skills=["A", "B"])], scarcity={"B": 12})).objective.scarcity == 0


def test_of_a_team_the_smallest_scarcity_of_the_skilled_counts() -> None:
    people = [volunteer("v1", skills=["A", "B"]), volunteer("v2", skills=["A", "C"])]
    plan = planned(problem(people, [request(team=2)], scarcity={"B": 12, "C": 5}))
    assert plan.objective.scarcity == -5
    people[1]["skills"] = ["C"]
    plan = planned(problem(people, [request(team=2)], scarcity={"B": 12, "C": 5}))
    assert plan.objective.scarcity == -12


def test_a_promise_of_people_without_the_skills_costs_no_scarcity() -> None:
    people = [volunteer("v1", skills=["B"])]
    given = problem(people, [request()], [promise("r1", {"v1": "v1-0"}, 60)], scarcity={"B": 12})
    assert planned(given).objective.scarcity == 0


def test_a_visit_that_costs_more_than_it_brings_is_not_worth_it() -> None:
    plan = planned(problem([volunteer()], [request(place=5, prize=99)]))
    assert reasons(plan) == {"r1": "not_worth"}
    assert plan.unserved[0].people == ("v1",)
    assert planned(problem([volunteer()], [request(place=5, prize=101)])).visits


def test_every_weight_may_be_left_out() -> None:
    given = data([volunteer()], [request()])
    given["weights"] = {}
    plan = planned(parse_problem(given))
    assert plan.objective.total == 1000
    assert check(parse_problem(given), plan).legal
