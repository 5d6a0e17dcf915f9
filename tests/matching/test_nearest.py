"""What it would take: for each request left out the people nearest to be able, by code, with figures."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matching.format import dump_plan, parse_plan
from tests.matching.build import planned, problem, promise, request, volunteer

Json = dict[str, Any]
# Place 1 is ten minutes from home; with half an hour of service a visit takes fifty.
LATE = [[400, 480]]


def nearest(volunteers: list[Json], *asked: Json, promises: Any = (), **weights: Any) -> list[tuple[Any, list[Json]]]:
    """(people, steps) of the last request, the steps without whom they are about where that is one person."""
    plan = planned(problem(volunteers, list(asked), promises, **weights))
    entry = plan.unserved[-1]
    assert entry.request == asked[-1]["id"]
    told = []
    for one in entry.nearest:
        alone = len(one.volunteers) == 1
        takes = [{key: value for key, value in step.items() if key != "volunteer" or not alone} for step in one.takes]
        told.append((one.volunteers, takes))
    return told


def first(volunteers: list[Json], *asked: Json, **more: Any) -> list[Json]:
    return nearest(volunteers, *asked, **more)[0][1]


@pytest.mark.parametrize(
    ("takes", "who", "what"),
    [
        ([{"code": "certificate", "skill": "Z"}], {}, {"skills": ["A", "Z"]}),
        ([{"code": "language", "language": "ro"}], {}, {"language": "ro"}),
        ([{"code": "blocked"}], {}, {"blocked": ["v1"]}),
        ([{"code": "longer_way", "minutes": 12}], {"max_leg": 8}, {"place": 2}),
        ([{"code": "more_travel", "shift": "v1-0", "day": 0, "minutes": 5}], {"max_travel_per_shift": 15}, {}),
        ([{"code": "one_more_visit", "week": 0}], {"max_visits_per_week": 0}, {}),
        # The shift ends at 300, so that a visit starts at 260 at the latest; the person can from 400 on.
        ([{"code": "other_time", "shift": "v1-0", "day": 0, "start": 260, "minutes": 140}], {}, {"windows": LATE}),
        # The shift begins at 500: nobody is there before 510, and the person must be done by 480.
        (
            [{"code": "other_time", "shift": "v1-0", "day": 0, "start": 510, "minutes": 60}],
            {"hours": [(500, 700)]},
            {"windows": LATE},
        ),
        ([{"code": "more_hours", "shift": "v1-0", "day": 0, "minutes": 20}], {"hours": [(0, 30)]}, {}),
        ([{"code": "more_hours", "minutes": 50}], {"shifts": []}, {}),
        ([{"code": "costs", "points": 20}], {}, {"prize": 0}),
    ],
)
def test_each_step_has_its_code_and_its_figures(takes: list[Json], who: Json, what: Json) -> None:
    assert nearest([volunteer(**who)], request(**what)) == [(("v1",), takes)]


def test_several_steps_are_all_said() -> None:
    far = volunteer(max_leg=5, hours=[(0, 40)], max_visits_per_week=0, skills=[])
    assert [step["code"] for step in first([far], request())] == [
        "certificate",
        "longer_way",
        "more_hours",
        "one_more_visit",
    ]


def test_an_hour_is_told_at_an_even_minute_where_there_is_room() -> None:
    given = problem([volunteer()], [request(windows=LATE)])
    object.__setattr__(given, "start_step", 15)
    step = planned(given).unserved[0].nearest[0].takes[0]
    assert (step["start"], step["minutes"]) == (255, 145)


def test_whoever_would_have_to_give_way_is_named_with_what_the_plan_loses() -> None:
    crowd = [volunteer(hours=[(0, 60)])]
    dear, cheap = request("r1", prize=1200), request("r2", prize=1000)
    assert first(crowd, dear, cheap) == [{"code": "displaces", "request": "r1"}, {"code": "costs", "points": 200}]


def test_of_a_full_week_the_least_loss_gives_way_whatever_its_day() -> None:
    crowd = [volunteer(hours=[(0, 60), (1440, 1500)], max_visits_per_week=2)]
    crowd[0]["shifts"].append({"id": "v1-2", "start": 2880, "end": 2940, "week": 0, "day": 2})
    dear = request("r1", prize=2000)
    middle, asked = request("r2", prize=1500), request("r3", windows=[[2880, 2940]])
    assert first(crowd, dear, middle, asked) == [
        {"code": "displaces", "request": "r2"},
        {"code": "costs", "points": 500},
    ]


def test_hours_that_a_promise_holds_are_said_to_be_promised() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 20)]
    found = first([volunteer(hours=[(0, 60)])], request("r1"), request("r2"), promises=stands)
    assert found == [{"code": "promised", "request": "r1"}]


def test_the_easiest_three_are_told_the_easiest_first() -> None:
    crowd = [
        volunteer("v1", skills=[]),
        volunteer("v2", max_leg=9),
        volunteer("v3", hours=[(0, 30)]),
        volunteer("v4", languages=["tr"]),
    ]
    told = nearest(crowd, request())
    assert [people for people, _ in told] == [("v2",), ("v3",), ("v1",)]
    assert [steps[0]["code"] for _, steps in told] == ["longer_way", "more_hours", "certificate"]


def test_who_is_skilled_and_who_could_go_along_are_told_together() -> None:
    crowd = [volunteer("v1"), volunteer("v2", skills=[], hours=[(500, 800)])]
    asked = request(team=2, windows=[[0, 300], [450, 800]])
    ((people, takes),) = nearest(crowd, asked)
    assert people == ("v1", "v2")
    # v1 can start between 10 and 260, v2 from 510 on.
    assert takes == [{"code": "other_time", "volunteer": "v2", "shift": "v2-0", "day": 0, "start": 510, "minutes": 250}]


def test_the_second_person_comes_at_the_time_the_first_would_need() -> None:
    crowd = [volunteer("v1", hours=[(400, 600)]), volunteer("v2", skills=[])]
    ((_, takes),) = nearest(crowd, request(team=2, windows=[[0, 300]]))
    assert [(step["code"], step["volunteer"], step["start"]) for step in takes] == [
        ("other_time", "v1", 410),
        ("other_time", "v2", 260),
    ]
    ((people, takes),) = nearest(crowd[:1], request(team=2, windows=[[400, 700]]))
    assert (people, takes) == (("v1",), [{"code": "second_person"}])


def test_two_who_would_have_to_leave_others_are_told_with_these() -> None:
    crowd = [volunteer("v1", hours=[(0, 60)]), volunteer("v2", hours=[(0, 60)])]
    asked = [request("r1", prize=900), request("r2", prize=900), request("r3", team=2)]
    ((people, takes),) = nearest(crowd, *asked)
    assert people == ("v1", "v2")
    assert takes == [
        {"code": "displaces", "request": "r1"},
        {"code": "displaces", "request": "r2"},
        {"code": "costs", "points": 800},
    ]


def test_an_open_seat_asks_for_the_day_and_hour_that_stand() -> None:
    stands = [promise("r1", {"v1": "v1-0"}, 100)]
    crowd = [volunteer("v1"), volunteer("v2", skills=[], hours=[(150, 300), (1440, 1740)])]
    found = nearest(crowd, request("r1", team=2), promises=stands)
    assert found == [(("v2",), [{"code": "other_time", "shift": "v2-0", "day": 0, "start": 160, "minutes": 60}])]


def test_what_is_said_is_written_read_and_judged_by_nobody() -> None:
    plan = planned(problem([volunteer()], [request(windows=LATE)]))
    data = json.loads(json.dumps(dump_plan(plan)))
    assert data["unserved"][0]["nearest"][0]["volunteers"] == ["v1"]
    assert parse_plan(data) == plan
    data["unserved"][0]["nearest"] = [{"volunteers": 5}, "x", {"volunteers": ["v1"], "takes": ["?"]}]
    assert parse_plan(data).unserved[0].nearest[0].takes == ()
    served = planned(problem([volunteer()], [request()]))
    assert "nearest" not in json.dumps(dump_plan(served))
