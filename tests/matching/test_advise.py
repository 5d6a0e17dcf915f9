"""Advice: what is proposed, what is quoted, and what is never said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from matching.advise import Advice, advise, dump_advice
from matching.check import check
from matching.format import Plan, Problem, Shift
from matching.generate import generate
from matching.halfdays import half_days, week_of
from matching.solve import solve
from matching.stop import Iterations
from matching.wider import MORE_HOURS, NEW_VOLUNTEER, TRAINING, More, fresh, widened
from tests.matching.build import planned, problem, request, volunteer

DAY = 1440
TUESDAY = [DAY + 840, DAY + 1080]


def on(day: int, start: int, end: int, name: str = "v1") -> dict[str, Any]:
    return {"id": f"{name}-{day}", "start": day * DAY + start, "end": day * DAY + end, "week": 0, "day": day}


def told(given: Problem, most: int = 5) -> list[Advice]:
    return advise(given, planned(given), Iterations(200), seed=1, most=most)


def of_kind(found: list[Advice], kind: str) -> list[Advice]:
    return [advice for advice in found if advice.kind == kind]


def pensions(**more: Any) -> list[dict[str, Any]]:
    """Three of one village, on Tuesday afternoon."""
    return [request(f"p{n}", 2, skills=["P"], windows=[TUESDAY], **more) for n in range(3)]


def test_training_the_one_who_is_there_serves_all_three() -> None:
    there = volunteer("v1", 2, shifts=[on(1, 840, 1080)])
    far = volunteer("v2", 5, shifts=[on(0, 540, 700, "v2")])
    given = problem([there, far], pensions())
    (advice,) = of_kind(told(given), TRAINING)
    assert (advice.volunteer, advice.skills, advice.more_served) == ("v1", ("P",), 3)
    assert advice.requests == ("p0", "p1", "p2") and advice.proved
    assert (advice.place, advice.day, advice.start, advice.end) == (None, None, None, None)
    # Each is worth 1000 points; between places of one village there is no way at all: they share the index.
    assert advice.more_points == 3000


def test_one_volunteer_more_is_certified_near_and_free_on_that_half_day() -> None:
    away = volunteer("v1", 5, shifts=[on(0, 540, 1080)])
    given = problem([away], pensions())
    (advice,) = of_kind(told(given), NEW_VOLUNTEER)
    assert (advice.skills, advice.place, advice.day, advice.volunteer) == (("P",), 2, 1, None)
    assert advice.languages == ("bg",) and advice.more_served == 3 and advice.proved
    assert DAY <= advice.start < advice.end <= 2 * DAY and advice.end - advice.start <= 300
    # Five minutes from home, and five back.
    assert advice.more_points == 3000 - 10


def test_a_half_day_more_of_who_can_do_it_serves_all_three() -> None:
    busy = volunteer("v1", 2, skills=["P"], shifts=[on(0, 600, 1080), on(2, 600, 1080)])
    found = told(problem([busy], pensions()))
    (advice,) = of_kind(found, MORE_HOURS)
    assert (advice.volunteer, advice.day, advice.more_served, advice.skills) == ("v1", 1, 3, ())
    assert (advice.start, advice.end) == (DAY + 840, DAY + 1080)
    assert found[0] is advice, "of equal use, what asks least of people comes first"


def test_what_a_week_has_no_room_for_is_not_promised() -> None:
    busy = volunteer("v1", 2, skills=["P"], shifts=[on(0, 600, 1080)], max_visits_per_week=2)
    (advice,) = of_kind(told(problem([busy], pensions())), MORE_HOURS)
    assert advice.more_served == 2 and len(advice.requests) == 2


def test_who_trains_may_leave_others_what_they_did_before() -> None:
    """v1 learns P; what v1 did until now, v2 can do as well."""
    hours = [on(1, 840, 900)]
    people = [volunteer("v1", 2, shifts=hours), volunteer("v2", 2, shifts=[on(1, 840, 900, "v2")])]
    asked = [request("a", 2, duration=60, windows=[TUESDAY]), request("p", 2, duration=60, skills=["P"],
             windows=[TUESDAY])]  # fmt: skip
    found = of_kind(told(problem(people, asked)), TRAINING)
    assert {advice.more_served for advice in found} == {1} and found[0].requests == ("p",)


@pytest.mark.parametrize(
    "asked",
    [
        request("p", skills=["A"], windows=[[0, 20]]),
        request("p", skills=["P"], windows=[[0, 200]], prize=0),
        request("p", skills=["P"], windows=[]),
    ],
)
def test_what_would_serve_nobody_is_not_said(asked: Any) -> None:
    given = problem([volunteer("v1", 1)], [asked])
    assert told(given) == []


def test_where_all_are_served_there_is_nothing_to_say() -> None:
    assert told(problem([volunteer()], [request()])) == []


def test_points_without_a_request_more_are_not_advice() -> None:
    """A nearer person would save way, and serve nobody else."""
    far = problem([volunteer("v1", 5)], [request("r1", 0), request("r2", 0, language="none")])
    assert all("r2" in advice.requests for advice in told(far))


def test_nobody_at_all_yet_and_help_by_phone() -> None:
    call = request("r1", ..., kind="PHONE_HELP", windows=[TUESDAY])
    (advice,) = told(problem([], [call, request("r2", 3, windows=[TUESDAY])]), most=1)
    assert advice.kind == NEW_VOLUNTEER and advice.more_served == 2 and advice.day == 1
    nowhere = problem([], [call])
    (advice,) = told(replace(nowhere, xy_km=()))
    assert (advice.place, advice.more_served) == (None, 1)


def test_a_language_of_the_person_is_part_of_the_advice() -> None:
    asked = request("r1", 2, language="tr", windows=[TUESDAY])
    found = told(problem([volunteer("v1", 2, shifts=[on(1, 840, 1080)])], [asked]))
    assert {advice.kind for advice in found} == {NEW_VOLUNTEER} and found[0].languages == ("bg", "tr")


def test_a_team_needs_the_one_who_is_missing() -> None:
    asked = request("r1", 2, team=2, windows=[TUESDAY])
    given = problem([volunteer("v1", 2, shifts=[on(1, 840, 1080)])], [asked])
    (advice,) = told(given)
    assert (advice.kind, advice.more_served, advice.requests) == (NEW_VOLUNTEER, 1, ("r1",))


def test_one_advice_for_the_same_requests_is_enough() -> None:
    people = [volunteer(f"v{n}", 2, shifts=[on(1, 840, 1080, f"v{n}")]) for n in range(4)]
    found = told(problem(people, pensions()))
    assert len(of_kind(found, TRAINING)) == 1 and len(of_kind(found, NEW_VOLUNTEER)) == 1


def test_most_limits_the_list_and_no_kind_crowds_out_the_others() -> None:
    given = generate(40, 8, 7, 1, True)
    plan = solve(given, Iterations(300), 1).plan
    found = advise(given, plan, Iterations(40), 1, most=3)
    assert len(found) == 3 and len({advice.kind for advice in found}) > 1
    assert [advice.more_served for advice in found] == sorted((a.more_served for a in found), reverse=True)
    assert advise(given, plan, Iterations(100), 1, most=0) == []


def test_the_same_seed_and_iterations_give_the_same_advice() -> None:
    given = generate(40, 8, 7, 3, True)
    plan = solve(given, Iterations(100), 1).plan
    one, two = (advise(given, plan, Iterations(40), 7) for _ in range(2))
    assert one and one == two


def test_a_large_problem_is_solved_in_parts_and_the_gain_is_of_the_same_part(monkeypatch: Any) -> None:
    given = generate(40, 8, 7, 1, True)
    plan = solve(given, Iterations(300), 1).plan
    whole = {(a.kind, a.volunteer, a.skills, a.place, a.start): a for a in advise(given, plan, Iterations(40), 1, 5)}
    monkeypatch.setattr("matching.advise.WHOLE", 1)
    parts = advise(given, plan, Iterations(40), 1, most=5)
    assert parts and plan.status == "optimal"
    shared = [(a, whole[key]) for a in parts if (key := (a.kind, a.volunteer, a.skills, a.place, a.start)) in whole]
    assert shared and all(a.more_points <= w.more_points for a, w in shared if w.proved)
    for advice in parts:
        names = {r.id for r in given.requests}
        assert set(advice.requests) <= names and advice.more_served <= len(advice.requests)


def test_the_old_plan_is_legal_with_one_thing_more() -> None:
    given = generate(30, 6, 7, 2, True)
    plan = solve(given, Iterations(60), 1).plan
    person = given.volunteers[0]
    newcomer = replace(person, id=fresh(given), shifts=(Shift(fresh(given), 600, 900, 0, 0),))
    near = next(r.id for r in given.requests if r.place is not None)
    for more in (
        More(NEW_VOLUNTEER, newcomer, newcomer.skills, newcomer.shifts[0], near),
        More(TRAINING, person, frozenset({"anything"})),
        More(MORE_HOURS, person, shift=Shift(fresh(given), 8 * DAY, 8 * DAY + 90, 1, 8)),
    ):
        wider = widened(given, more)
        # What is still open may now have another reason; no visit breaks a rule.
        broken = {violation.code for violation in check(wider, plan).violations}
        assert broken <= {"wrong_reason", "unserved", "objective"}, broken


def test_a_newcomer_lives_beside_the_request_in_a_matrix_too() -> None:
    legs = ((0, 7, 9), (8, 0, 4), (9, 5, 0))
    given = replace(problem([volunteer()], [request("r1", 2)]), xy_km=None)
    given = replace(given, travel=replace(given.travel, rule=None, matrix={"car": legs}))
    more = More(NEW_VOLUNTEER, replace(given.volunteers[0], id="new"), near="r1")
    wider = widened(given, more)
    assert wider.volunteers[-1].home == 3
    assert wider.travel.matrix == {"car": ((0, 7, 9, 9), (8, 0, 4, 4), (9, 5, 0, 4), (9, 5, 4, 0))}


def test_ids_of_what_is_added_are_nobodys() -> None:
    given = problem([volunteer("new")], [request(blocked=["new+"], earlier="new++")])
    assert fresh(given) == "new+++"


def test_half_days_lie_around_the_middle_of_the_hours_people_have() -> None:
    given = problem([volunteer("v1", shifts=[on(0, 540, 1080), on(2, 600, 720)])], [request(windows=[[0, 3 * DAY]])])
    assert [(s.day, s.start - s.day * DAY, s.end - s.day * DAY) for s in half_days(given, "h")] == [
        (day, *half) for day in range(3) for half in ((540, 810), (810, 1080))
    ]  # fmt: skip
    assert half_days(problem([volunteer()], [request(windows=[])]), "h") == []


def test_where_days_are_no_days_others_hours_are_proposed() -> None:
    given = problem([volunteer("v1", hours=[(0, 200), (300, 500)])], [request()])
    assert [(s.day, s.start, s.end) for s in half_days(given, "h")] == [(0, 0, 200), (1, 300, 500)]
    assert half_days(replace(given, time_unit="hour"), "h") == half_days(given, "h")


def test_the_week_of_a_day_goes_on_from_the_weeks_known() -> None:
    known = [Shift("a", 0, 1, 0, 2), Shift("b", 0, 1, 1, 5)]
    assert [week_of(known, day) for day in (2, 5, 13)] == [0, 1, 2]
    odd = [Shift("a", 0, 1, 0, 0), Shift("b", 0, 1, 9, 1)]
    assert [week_of(odd, day) for day in (0, 1, 7)] == [0, 9, 9] and week_of([], 3) == 0


def test_the_answer_is_json() -> None:
    given = problem([volunteer("v1", 2, shifts=[on(1, 840, 1080)])], pensions())
    plan: Plan = planned(given)
    data = json.loads(json.dumps(dump_advice(advise(given, plan, Iterations(50), 1))))
    assert set(data[0]) == {
        *("kind", "skills", "languages", "place", "day", "start", "end", "volunteer"),
        *("more_served", "more_points", "requests", "proved"),
    }
