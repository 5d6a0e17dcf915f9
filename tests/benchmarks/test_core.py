"""The common core holds only what every routing program can say."""

from __future__ import annotations

import pytest

from benchmarks.core import strip
from matching.format import Weights, dump_problem, parse_problem
from matching.format.model import HOME_VISIT
from matching.generate import generate


@pytest.mark.parametrize("radomir", [False, True])
def test_of_the_full_model_only_skills_prizes_hours_and_travel_remain(radomir: bool) -> None:
    full = generate(120, 20, 7, seed=3, radomir=radomir)
    core = strip(full)
    assert {r.kind for r in core.requests} == {HOME_VISIT}
    assert {r.team for r in core.requests} == {1}
    assert {len(r.windows) for r in core.requests} == {1}
    assert not any(r.preferred or r.blocked or r.earlier for r in core.requests)
    assert not any(v.idle or v.max_leg or v.max_travel_per_shift or v.wish_per_week for v in core.volunteers)
    assert all(r.language in v.languages for r in core.requests for v in core.volunteers)
    assert core.weights == Weights(priority=full.weights.priority, travel=full.weights.travel)


def test_people_hours_skills_prizes_and_durations_stay() -> None:
    full = generate(120, 20, 7, seed=3)
    core = strip(full)
    assert [v.shifts for v in core.volunteers] == [v.shifts for v in full.volunteers]
    assert [v.skills for v in core.volunteers] == [v.skills for v in full.volunteers]
    assert [(r.prize, r.skills, r.duration) for r in core.requests] == [
        (r.prize, r.skills, r.duration) for r in full.requests
    ]
    assert all(new.windows[0] in old.windows for new, old in zip(core.requests, full.requests, strict=True))


def test_the_kept_windows_are_spread_over_the_days() -> None:
    core = strip(generate(200, 20, 7, seed=1))
    assert {r.windows[0][0] // 1440 for r in core.requests} == set(range(7))


def test_a_core_is_a_problem_of_the_format() -> None:
    core = strip(generate(60, 10, 7, seed=5))
    assert parse_problem(dump_problem(core)) == core
