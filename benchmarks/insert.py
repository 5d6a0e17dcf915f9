"""How fast one urgent request finds its seat in a standing plan.

    python -m benchmarks.insert --case 5000x600 --seeds 1-30 --times 100

A part of the requests is kept back, the rest is planned by ranked insertion, and the desk is prepared once. Then each
request kept back is asked for in turn; after every tenth question the best answer is carried out, so that the plan
does not stand still. Milliseconds are CPU time of one question, in process.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.growth import CASES, Case
from benchmarks.measure import circumstances, run
from benchmarks.rivals.mend import Bench, published
from benchmarks.words import mean, percent, quantile, seeds, table, tell
from matching.check import check
from matching.engine.prepare import Prepared
from matching.engine.search import Search
from matching.engine.state import State
from matching.format import Plan, Problem
from matching.generate import generate
from matching.insert import Desk
from matching.stop import Iterations
from matching.swift.local import LocalSearch

PACKAGES = ("numpy", "numba")
# Of all requests, so many come late.
LATE = 0.2
CARRIED_OUT = 10
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Questions:
    """One desk: CPU seconds to prepare it, CPU milliseconds of each question, how many found a seat."""

    case: str
    prepared: float
    asked: tuple[float, ...]
    applied: tuple[float, ...]
    seated: int
    displacing: int


def standing(problem: Problem, late: set[str]) -> Plan:
    """The plan of ranked insertion, by prize, of everybody who is not late."""
    search = Search(Prepared(problem), 1)
    bench = Bench(search.prep, search.moves, State(search.prep))
    wanted = [r for r in search.open if problem.requests[r].id not in late]
    # The compiled insertion, without a step of the search: in Python it takes half a minute for a region.
    state = LocalSearch(search.moves, search.arrays, wanted, 1).first(bench.base, Iterations(0))
    return published(bench, state, 0.0)


def ask(case: Case, seed: int, times: int) -> Questions:
    """Put `times` questions to one desk. SystemExit where the plan is illegal at the end."""
    problem = generate(case.requests, case.volunteers, case.days, seed)
    names = [request.id for request in problem.requests]
    late = random.Random(seed).sample(names, max(1, round(LATE * len(names))))
    plan = standing(problem, set(late))
    began = time.process_time()
    desk = Desk(problem, plan)
    prepared = time.process_time() - began
    # Loads the compiled kernels, all of them by somebody who can be seated in several ways, and is not counted.
    for name in late[:WARM_UP]:
        desk.insert(name)
    asked, applied = [], []
    seated = displacing = 0
    for turn in range(times):
        name = late[turn % len(late)]
        began = time.process_time()
        ways = desk.insert(name)
        asked.append(1000 * (time.process_time() - began))
        seated += bool(ways)
        displacing += any(way.displaced is not None for way in ways)
        if ways and turn % CARRIED_OUT == 0:
            began = time.process_time()
            plan = desk.apply(ways[0])
            applied.append(1000 * (time.process_time() - began))
    report = check(problem, plan)
    if not report.legal:
        raise SystemExit(f"insert: {case.name}, seed {seed}: {report.violations[0].text}")
    return Questions(case.name, prepared, tuple(asked), tuple(applied), seated, displacing)


def summary(found: Sequence[Questions]) -> str:
    """One row a size, over all seeds."""
    rows = []
    for name in dict.fromkeys(q.case for q in found):
        group = [q for q in found if q.case == name]
        asked = [ms for q in group for ms in q.asked]
        applied = [ms for q in group for ms in q.applied]
        rows.append(
            [
                name.replace("x", " × "),
                str(len(asked)),
                f"{max(q.prepared for q in group):.1f}",
                f"{mean(asked):.1f}",
                *(f"{quantile(asked, share):.1f}" for share in (0.5, 0.99, 1.0)),
                f"{quantile(applied, 0.99):.1f}" if applied else "–",
                percent(sum(q.seated for q in group) / len(asked), 0),
                percent(sum(q.displacing for q in group) / len(asked), 0),
            ]
        )
    head = ["case", "questions", "preparing, s", "mean, ms", "p50, ms", "p99, ms", "worst, ms", "carrying out p99, ms"]
    return table([*head, "found a seat", "with an exchange"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES], help="default: all")
    parser.add_argument("--seeds", type=seeds, default=seeds("1"))
    parser.add_argument("--times", type=int, default=1000, help="questions for each desk")
    options = parser.parse_args()
    run(["-m", "matching", "compile"])
    found = []
    for case in CASES:
        for seed in options.seeds:
            if options.case and case.name not in options.case:
                continue
            found.append(ask(case, seed, options.times))
            tell(f"{case.name}, seed {seed}: p99 {quantile(found[-1].asked, 0.99):.1f} ms")
    print(f"{summary(found)}\n\n{circumstances(PACKAGES, options.seeds)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
