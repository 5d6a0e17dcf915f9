"""Somebody falls ill, declines or has other hours: how fast the plan is whole again, and how many are disturbed.

    python -m benchmarks.repair --case 1000x150 --seeds 1-5 --times 10 --solved 10

The plan comes from the command line within `--solved` seconds. The visits of its first half of days are promised. Then,
from that same plan, each time another volunteer is away for good, declines a visit, or loses a day.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.clock import CpuSeconds
from benchmarks.growth import CASES, Case
from benchmarks.measure import circumstances, run
from benchmarks.words import mean, percent, seeds, table, tell
from matching.change import Away, Change
from matching.check import check
from matching.files import load_plan, write_json
from matching.format import Plan, Problem, Promise, dump_problem
from matching.generate import generate
from matching.repair import Repaired, repair

PACKAGES = ("numpy", "highspy", "numba")
KINDS = ("ill", "declines", "other hours")


@dataclass(frozen=True, slots=True)
class Mended:
    """One change. `moved` counts visits of others than the person whose people, day or start changed."""

    kind: str
    seconds: float
    lost: int
    again: int
    moved: int
    others: int
    dropped: int
    confirmed_dropped: int


def planned(case: Case, seed: int, seconds: float) -> tuple[Problem, Plan]:
    """A problem whose first half of days is promised, and its plan. SystemExit where solving fails."""
    problem = generate(case.requests, case.volunteers, case.days, seed)
    with tempfile.TemporaryDirectory() as folder:
        given, target = Path(folder) / "problem.json", Path(folder) / "plan.json"
        write_json(given, dump_problem(problem))
        words = ["-m", "matching", "solve", str(given), "-o", str(target), "--seconds", str(seconds)]
        done = run(words, patience=600 + 10 * seconds)
        if done.code:
            raise SystemExit(f"repair: {case.name}, seed {seed}: solve failed\n{done.output}")
        plan = load_plan(target)
    day = {shift.id: shift.day for volunteer in problem.volunteers for shift in volunteer.shifts}
    soon = [visit for visit in plan.visits if day[visit.shifts[0]] < case.days // 2]
    promises = tuple(Promise(visit.request, visit.volunteers, visit.shifts, visit.start) for visit in soon)
    # A bound on plans that may still change everything says nothing of those that keep promises.
    return replace(problem, promises=promises), replace(plan, bound=None, gap=None, status="feasible")


def changes(problem: Problem, plan: Plan, seed: int, times: int) -> list[tuple[str, Change, str]]:
    """(kind, change, volunteer): different people with visits, the kinds in turn."""
    rng = random.Random(seed)
    visits: dict[str, list[str]] = {}
    for visit in plan.visits:
        for volunteer in visit.volunteers:
            visits.setdefault(volunteer, []).append(visit.request)
    people = sorted(visits)
    rng.shuffle(people)
    shifts = {volunteer.id: volunteer.shifts for volunteer in problem.volunteers}
    found = []
    for turn, who in enumerate(people[:times]):
        kind = KINDS[turn % len(KINDS)]
        if kind == "ill":
            change = Change(away=(Away(who),))
        elif kind == "declines":
            change = Change(declined=((rng.choice(visits[who]), who),))
        else:
            change = Change(hours={who: shifts[who][1:]})
        found.append((kind, change, who))
    return found


def judged(kind: str, who: str, plan: Plan, result: Repaired, seconds: float) -> Mended:
    """What a change did to everybody else. SystemExit where the new plan is illegal."""
    report = check(result.problem, result.plan)
    if not report.legal:
        raise SystemExit(f"repair: {kind}: {report.violations[0].text}")
    mine = {visit.request for visit in plan.visits if who in visit.volunteers}
    now = {visit.request: visit for visit in result.plan.visits}
    lost = [v for v in plan.visits if v.request in mine and not _stands(v.volunteers, v.start, now.get(v.request))]
    others = [change for change in result.changes if change.request not in mine and change.before is not None]
    return Mended(
        kind=kind,
        seconds=seconds,
        lost=len(lost),
        again=sum(visit.request in now for visit in lost),
        moved=len(others),
        others=len(plan.visits) - len(mine),
        dropped=sum(change.kind == "dropped" for change in others),
        confirmed_dropped=sum(change.kind == "dropped" and change.confirmed for change in others),
    )


def _stands(volunteers: tuple[str, ...], start: int, visit: object) -> bool:
    return visit is not None and (getattr(visit, "volunteers", ()), getattr(visit, "start", None)) == (
        volunteers,
        start,
    )


def summary(found: Sequence[Mended]) -> str:
    """One row a kind of change, and one for all."""
    rows = []
    for kind in (*dict.fromkeys(m.kind for m in found), "all"):
        group = [m for m in found if kind in (m.kind, "all")]
        shares = [m.moved / max(1, m.others) for m in group]
        rows.append(
            [
                kind,
                str(len(group)),
                f"{mean([m.seconds for m in group]):.2f}",
                f"{max(m.seconds for m in group):.2f}",
                f"{sum(m.again for m in group)} of {sum(m.lost for m in group)}",
                percent(mean(shares)),
                percent(max(shares)),
                str(sum(m.dropped for m in group)),
                str(sum(m.confirmed_dropped for m in group)),
            ]
        )
    head = ["change", "times", "CPU s, mean", "worst", "of the lost, seated again", "others moved, mean", "worst"]
    return table([*head, "others dropped", "confirmed dropped"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=[case.name for case in CASES], default="1000x150")
    parser.add_argument("--seeds", type=seeds, default=seeds("1"))
    parser.add_argument("--times", type=int, default=12, help="changes of each plan")
    parser.add_argument("--seconds", type=float, default=1, help="CPU seconds a repair may take")
    parser.add_argument("--solved", type=float, default=10, help="seconds for the plan before")
    options = parser.parse_args()
    run(["-m", "matching", "compile"])
    case = next(case for case in CASES if case.name == options.case)
    found: list[Mended] = []
    for seed in options.seeds:
        problem, plan = planned(case, seed, options.solved)
        for turn, (kind, change, who) in enumerate(changes(problem, plan, seed, options.times + 1)):
            began = time.process_time()
            # Half for the search: reading the plan, the last pass and the reasons take the rest.
            result = repair(problem, plan, change, CpuSeconds(options.seconds / 2, since=began), seed)
            took = time.process_time() - began
            # The first loads the compiled kernels, and is not counted.
            if turn:
                found.append(judged(kind, who, plan, result, took))
                last = found[-1]
                tell(f"{case.name}, seed {seed}, {kind}: {took:.2f} s, {last.moved} of {last.others} others moved")
    print(f"{options.case.replace('x', ' × ')}.\n\n{summary(found)}\n\n{circumstances(PACKAGES, options.seeds)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
