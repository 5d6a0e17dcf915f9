"""Why a request is left out: the first filter that leaves nobody, and whom it was about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.matching.build import planned, problem, promise, reasons, request, volunteer

TWO_DAYS = [(0, 300), (1440, 1740)]


def only(volunteers: list[Any], *asked: Any, promises: Any = ()) -> tuple[str, tuple[str, ...]]:
    """Reason and people of the last request."""
    plan = planned(problem(volunteers, list(asked), promises))
    entry = plan.unserved[-1]
    assert entry.request == asked[-1]["id"]
    return entry.reason, entry.people


@pytest.mark.parametrize(
    ("reason", "people", "change"),
    [
        ("nobody_certified", (), {"skills": ["Z"]}),
        ("nobody_speaks", ("v1", "v2"), {"language": "ro"}),
        ("all_blocked", ("v1", "v2"), {"blocked": ["v1", "v2"]}),
        ("too_far", ("v2",), {"place": 5, "blocked": ["v1"]}),
        ("no_common_hours", ("v1", "v2"), {"windows": [[300, 1440]]}),
        ("limits_reached", ("v3",), {"skills": ["C"]}),
        ("no_pair", ("v1",), {"team": 2, "blocked": ["v3", "v4"], "windows": [[0, 300]]}),
        ("not_worth", ("v1",), {"prize": 0}),
    ],
)
def test_the_first_filter_that_leaves_nobody_is_named(reason: str, people: tuple[str, ...], change: Any) -> None:
    crowd = [
        volunteer("v1", hours=[(0, 300)]),
        volunteer("v2", max_leg=40, hours=[(2880, 3180)]),
        volunteer("v3", skills=["C"], max_visits_per_week=0),
        volunteer("v4", skills=["D"], hours=[(0, 40)]),
    ]
    crowd[1]["shifts"][0]["day"] = 2
    if reason == "not_worth":
        crowd = crowd[:1]
    assert only(crowd, request(**change)) == (reason, people)


def test_filters_are_asked_in_order_so_that_each_narrows_the_last() -> None:
    crowd = [volunteer("v1", languages=["tr"]), volunteer("v2", max_leg=5), volunteer("v3", skills=[])]
    assert only(crowd, request()) == ("too_far", ("v2",))


def test_what_others_took_names_those_who_could_have_come() -> None:
    crowd = [volunteer("v1", hours=[(0, 50)]), volunteer("v2", skills=[])]
    assert only(crowd, request("r1", prize=2000), request("r2")) == ("taken_by_others", ("v1",))


def test_a_limit_that_only_promises_reach_is_a_limit_and_hours_taken_by_a_promise_are_not() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 20)]
    assert (
        only([volunteer(max_visits_per_week=1)], request("r1"), request("r2"), promises=stands)[0] == "limits_reached"
    )
    short = volunteer(hours=[(0, 60)])
    assert only([short], request("r1"), request("r2"), promises=stands)[0] == "taken_by_others"


def test_a_limit_of_one_week_leaves_the_other_week() -> None:
    one = volunteer(max_visits_per_week=1, done={"0": 1}, hours=TWO_DAYS)
    assert only([one], request())[0] == "limits_reached"
    one["shifts"][1]["week"] = 1
    assert reasons(planned(problem([one], [request()]))) == {}


def test_a_team_is_asked_of_the_skilled_one() -> None:
    crowd = [volunteer("v1", languages=["tr"]), volunteer("v2", skills=[])]
    assert only(crowd, request(team=2)) == ("nobody_speaks", ("v1",))


def test_an_open_seat_is_asked_of_the_helpers() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 100)]
    asked = request("r1", team=2)
    assert only([volunteer("v1"), volunteer("v2", languages=["tr"])], asked, promises=stands) == (
        "nobody_speaks",
        ("v2",),
    )
    late = [volunteer("v1"), volunteer("v2", hours=[(101, 300)])]
    assert only(late, asked, promises=stands) == ("no_common_hours", ("v2",))
