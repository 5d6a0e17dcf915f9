"""Invented problems: repeatable, varied, and on the real map where asked."""

from __future__ import annotations

from matching.generate import generate
from matching.radomir import SETTLEMENTS, TOWN


def test_the_same_numbers_give_the_same_problem_and_another_seed_another() -> None:
    assert generate(30, 8, 7, seed=1) == generate(30, 8, 7, seed=1)
    assert generate(30, 8, 7, seed=1) != generate(30, 8, 7, seed=2)


def test_all_kinds_teams_and_conditions_occur() -> None:
    problem = generate(400, 60, 14, seed=1, radomir=True)
    assert {r.kind for r in problem.requests} == {"HOME_VISIT", "HELP_POINT", "ESCORT", "PHONE_HELP"}
    assert {r.team for r in problem.requests} == {1, 2}
    assert any(r.blocked for r in problem.requests) and any(r.preferred for r in problem.requests)
    assert {v.mode for v in problem.volunteers} == {"car", "bus", "foot"}


def test_of_two_requests_of_one_priority_the_older_has_a_prize_that_outgrows_its_waiting() -> None:
    problem = generate(200, 5, 7, seed=1)
    for request in problem.requests:
        base = problem.weights.priority[str(request.priority)]
        age = max(0, -request.released_day)
        assert request.prize - base >= problem.weights.day_waited * age + age


def test_the_municipality_has_thirty_two_settlements_to_three_decimals() -> None:
    assert len(SETTLEMENTS) == 32
    assert sum(people for _, _, _, people in SETTLEMENTS) == 18_614
    assert [code for code, *_ in SETTLEMENTS].count(TOWN) == 1
    assert all(round(lat, 3) == lat and round(lon, 3) == lon for _, lat, lon, _ in SETTLEMENTS)
    known = {(lat, lon) for _, lat, lon, _ in SETTLEMENTS}
    assert set(generate(50, 10, 7, seed=1, radomir=True).lat_lon or ()) <= known
