"""A plan in parts: nobody twice, nothing forgotten, held visits stay, and the whole is never worse for it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.check import check
from matching.cli import main
from matching.files import load_plan, load_problem, write_json
from matching.format import Plan, Problem, dump_plan, dump_problem
from matching.generate import generate
from matching.parts import Part
from matching.solve import solve
from matching.split import CannotHold, complete, divide, held, joined
from matching.stop import Iterations
from tests.matching.build import problem, request, volunteer
from tests.matching.small import random_problem
from tests.sizes import size

EXAMPLES = size(40, 400, "random problems split and joined")


def judged(whole: Problem, plan: Plan) -> Plan:
    assert check(whole, plan).violations == ()
    return plan


def answered(part: Part) -> Plan:
    return judged(part.problem, solve(part.problem, Iterations(20), 1, part.plan).plan)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**9))
def test_parts_share_nothing_and_join_to_a_legal_plan_that_is_no_worse(seed: int) -> None:
    rng = random.Random(seed)
    whole = random_problem(seed, requests=7, volunteers=5)
    plan = judged(whole, solve(whole, Iterations(0), seed=2).plan)
    try:
        whole = held(whole, plan, [visit.request for visit in plan.visits if rng.random() < 0.3])
        plan = judged(whole, complete(whole, plan))
    except CannotHold:
        return
    parts = divide(whole, plan, rng.randint(1, 4), seed)
    people = Counter(name for part in parts for name in part.volunteers)
    asked = Counter(name for part in parts for name in part.requests)
    assert set(people.values()) | set(asked.values()) <= {1}
    assert {visit.request for visit in plan.visits} <= set(asked), "every visit is in a part"
    answers = [(part, answered(part)) for part in parts if rng.random() < 0.8]
    after = judged(whole, joined(whole, plan, answers))
    gain = sum(answer.objective.total - part.plan.objective.total for part, answer in answers)
    assert after.objective.total >= plan.objective.total + gain


def test_near_people_come_together_and_each_part_has_about_as_many_requests() -> None:
    whole = generate(120, 30, 7, seed=3, radomir=True)
    plan = solve(whole, Iterations(0), seed=1).plan
    parts = divide(whole, plan, 30, seed=1)
    assert divide(whole, plan, 30, seed=1) == parts, "the same seed divides in the same way"
    assert 4 <= len(parts) <= 6 and max(len(part.requests) for part in parts) <= 45
    assert len(divide(whole, plan, 1000)) == 1
    left_out = {entry.request for entry in plan.unserved} - {name for part in parts for name in part.requests}
    hopeless = {"nobody_certified", "nobody_speaks", "all_blocked", "too_far", "no_common_hours"}
    assert {entry.reason for entry in plan.unserved if entry.request in left_out} <= hopeless


def test_a_held_visit_stays_though_another_plan_would_be_better() -> None:
    people = [volunteer("v1"), volunteer("v2", 5)]
    given = problem(people, [request("r1"), request("r2")], travel=1)
    best = solve(given, Iterations(50)).plan
    worse = solve(replace(given, requests=(replace(given.requests[0], blocked=frozenset({"v1"})), given.requests[1])),
                  Iterations(50)).plan  # fmt: skip
    (visit,) = [visit for visit in worse.visits if visit.request == "r1"]
    assert visit.volunteers == ("v2",) and best.objective.total > worse.objective.total
    for hold, crew in (([], ("v1",)), (["r1"], ("v2",))):
        whole = held(given, worse, hold)
        parts = divide(whole, complete(whole, worse), 100)
        after = judged(whole, joined(whole, complete(whole, worse), [(part, answered(part)) for part in parts]))
        assert [v.volunteers for v in after.visits if v.request == "r1"] == [crew]
    with pytest.raises(KeyError, match="r9"):
        held(given, best, ["r9"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    whole = generate(60, 16, 7, seed=5, radomir=True)
    plan = solve(whole, Iterations(0), seed=1).plan
    write_json(tmp_path / "problem.json", dump_problem(whole))
    write_json(tmp_path / "plan.json", dump_plan(plan))
    write_json(tmp_path / "hold.json", [plan.visits[0].request])  # type: ignore[arg-type]
    (tmp_path / "parts").mkdir()
    return tmp_path


def run(command: str, folder: Path) -> int:
    return main([str(folder / word) if word.endswith((".json", "parts")) else word for word in command.split()])


def test_split_writes_parts_to_solve_anywhere_and_join_puts_them_together(folder: Path) -> None:
    assert run("split problem.json plan.json -o parts --requests 20 --hold hold.json", folder) == 0
    count = len(list((folder / "parts").glob("part-?.plan.json")))
    assert count >= 3 and load_problem(folder / "parts/problem.json").promises
    for number in range(1, count + 1):
        part = f"parts/part-{number}"
        assert run(f"check {part}.json {part}.plan.json", folder) == 0
        more = f"--start {part}.plan.json --iterations 300"
        assert run(f"solve {part}.json -o {part}.answer.json {more}", folder) == 0
    assert run("join parts/problem.json parts/plan.json parts -o joined.json", folder) == 0
    assert run("check parts/problem.json joined.json", folder) == 0
    before, after = load_plan(folder / "parts/plan.json"), load_plan(folder / "joined.json")
    assert after.objective.total > before.objective.total and after.bound == before.bound
    kept = {visit.request: (visit.volunteers, visit.start) for visit in before.visits}
    first = load_plan(folder / "plan.json").visits[0]
    assert (first.volunteers, first.start) == kept[first.request]
    assert [(v.volunteers, v.start) for v in after.visits if v.request == first.request] == [kept[first.request]]


def test_a_missing_or_broken_answer_leaves_its_part_and_a_foreign_one_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("split problem.json plan.json -o parts --requests 20", folder) == 0
    one = load_plan(folder / "parts/part-1.plan.json")
    late = tuple(replace(visit, start=visit.start - 10_000) for visit in one.visits)
    write_json(folder / "parts/part-1.answer.json", dump_plan(replace(one, visits=late)))
    assert run("join parts/problem.json parts/plan.json parts -o joined.json", folder) == 0
    assert load_plan(folder / "joined.json").visits == load_plan(folder / "parts/plan.json").visits
    said = capsys.readouterr().err
    assert "answer of part 1 breaks a rule" in said and "part 2 has no answer" in said
    (folder / "parts/part-2.json").write_bytes((folder / "parts/part-1.json").read_bytes())
    for number in (1, 2):
        write_json(folder / f"parts/part-{number}.answer.json", dump_plan(one))
    assert run("join parts/problem.json parts/plan.json parts -o joined.json", folder) == 2
    assert "no part of this problem beside the others" in capsys.readouterr().err


@pytest.mark.parametrize(("hold", "said"), [('["r9999"]', "does not visit r9999"), ("7", "hold"), ("[", "hold.json")])
def test_what_cannot_be_held_is_named(folder: Path, hold: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "hold.json").write_text(hold)
    assert run("split problem.json plan.json -o parts --hold hold.json", folder) == 2
    assert said in capsys.readouterr().err
    assert run("split problem.json plan.json -o nowhere/parts", folder) == 2
