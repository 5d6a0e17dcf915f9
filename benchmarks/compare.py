"""Ours against what a coordinator does today, a simple rule and three routing programs, at equal CPU time.

    python -m benchmarks.compare --requests 200 --volunteers 40 --days 7 --seeds 1-30 --seconds 10 --model full

Every solver runs in a child of its own with one thread, and every plan is judged by the independent check. Gaps are
to the bound that our plan carries: no legal plan is worth more. A solver whose library is not installed is left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.child import OURS
from benchmarks.core import strip
from benchmarks.measure import circumstances, run
from benchmarks.rivals import RIVALS
from benchmarks.words import mean, percent, seeds, table, tell, write_rows
from matching.check import check
from matching.files import load_plan, write_json
from matching.format import Problem, dump_problem
from matching.generate import generate

LIBRARIES = {"ortools_routing": "ortools", "pyvrp": "pyvrp", "vroom": "vroom"}
PACKAGES = ("numpy", "highspy", "numba", "ortools", "pyvrp", "pyvroom")
NAMES = {
    OURS: "ours",
    "first_come": "first come, nearest",
    "greedy": "ranked insertion",
    "ortools_routing": "OR-Tools routing",
    "pyvrp": "PyVRP",
    "vroom": "VROOM",
}
HEAD = ("seed", "solver", "total", "bound", "gap", "served", "requests", "status", "search_cpu", "process_cpu", "wall")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One solver on one instance. `gap` is to our bound; CPU and wall in seconds."""

    seed: int
    solver: str
    total: int
    bound: int
    gap: float
    served: int
    requests: int
    status: str
    search_cpu: float
    process_cpu: float
    wall: float

    def row(self) -> list[object]:
        return [getattr(self, name) for name in HEAD]


def chosen(only: str | None) -> list[str]:
    """Ours, which gives the bound, and the rivals asked for; all that are installed without `only`."""
    asked = [name.strip() for name in only.split(",")] if only else list(RIVALS)
    unknown = [name for name in asked if name not in (OURS, *RIVALS)]
    if unknown:
        raise SystemExit(f"compare: {unknown[0]} is none of {', '.join((OURS, *RIVALS))}")
    found = [OURS]
    for name in RIVALS:
        if name not in asked:
            continue
        if name in LIBRARIES and find_spec(LIBRARIES[name]) is None:
            tell(f"{NAMES[name]} is left out: {LIBRARIES[name]} is not installed (requirements/benchmarks.txt)")
        else:
            found.append(name)
    return found


def play(problem: Problem, seed: int, solvers: Sequence[str], seconds: float, folder: Path) -> list[Outcome]:
    """All solvers on one instance, ours first. SystemExit where a plan is illegal or above our bound."""
    path = folder / "problem.json"
    write_json(path, dump_problem(problem))
    outcomes: list[Outcome] = []
    bound = 0
    for solver in solvers:
        target = folder / f"{solver}.json"
        target.unlink(missing_ok=True)
        words = ["-m", "benchmarks.child", solver, str(path), str(target)]
        words += ["--seconds", str(seconds), "--seed", str(seed)]
        took = run(words, patience=120 + 20 * seconds)
        if took.code or not target.exists():
            raise SystemExit(f"compare: {solver} failed on seed {seed}\n{took.output}")
        plan = load_plan(target)
        report = check(problem, plan)
        if not report.legal:
            raise SystemExit(f"compare: {solver}, seed {seed}: {report.violations[0].text}")
        total = report.objective.total
        if solver == OURS:
            if plan.bound is None:
                raise SystemExit(f"compare: our plan for seed {seed} has no bound")
            bound = plan.bound
        if total > bound:
            raise SystemExit(f"compare: {solver} reaches {total} on seed {seed}, above our bound {bound}")
        gap, served = (bound - total) / max(1, abs(bound)), len(problem.requests) - len(plan.unserved)
        times = (plan.seconds, round(took.cpu, 2), round(took.wall, 2))
        status = plan.status if solver == OURS else ""
        outcomes.append(Outcome(seed, solver, total, bound, gap, served, len(problem.requests), status, *times))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    """One row a solver, over all instances."""
    mine = {o.seed: o for o in outcomes if o.solver == OURS}
    rows = []
    for solver in dict.fromkeys(o.solver for o in outcomes):
        group = [o for o in outcomes if o.solver == solver]
        better = sum(mine[o.seed].total > o.total for o in group)
        equal = sum(mine[o.seed].total == o.total for o in group)
        rows.append(
            [
                NAMES[solver],
                percent(mean([o.gap for o in group])),
                percent(max(o.gap for o in group)),
                percent(mean([o.served / o.requests for o in group]), 1),
                percent(min(o.served / o.requests for o in group), 1),
                f"{mean([o.search_cpu for o in group]):.1f}",
                "–" if solver == OURS else f"{better} of {len(group)}" + (f", {equal} equal" if equal else ""),
            ]
        )
    head = ["solver", "gap, mean", "gap, worst", "served, mean", "served, worst", "CPU s", "ours better"]
    return table(head, rows)


def _line(outcomes: Sequence[Outcome]) -> str:
    return ", ".join(f"{o.solver} {percent(o.gap)} ({o.served})" for o in outcomes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--volunteers", type=int, default=40)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seeds", type=seeds, default=seeds("1-30"))
    parser.add_argument("--seconds", type=float, default=10, help="CPU seconds for each solver")
    parser.add_argument("--model", choices=("full", "core"), default="full", help="core: what all can express")
    parser.add_argument("--only", help=f"some of {','.join(RIVALS)}; ours always runs, for the bound")
    parser.add_argument("--radomir", action="store_true", help="on the settlements of Radomir")
    parser.add_argument("--rows", type=Path, help="also write one line an instance and solver to this file")
    return parser


def main() -> int:
    options = _parser().parse_args()
    solvers = chosen(options.only)
    run(["-m", "matching", "compile"])
    outcomes: list[Outcome] = []
    for count, seed in enumerate(options.seeds, 1):
        problem = generate(options.requests, options.volunteers, options.days, seed, options.radomir)
        if options.model == "core":
            problem = strip(problem)
        with tempfile.TemporaryDirectory() as folder:
            found = play(problem, seed, solvers, options.seconds, Path(folder))
        outcomes += found
        tell(f"[{count}/{len(options.seeds)}] seed {seed}: {_line(found)}")
        if options.rows:
            write_rows(options.rows, HEAD, [o.row() for o in outcomes])
    size = f"{options.requests} × {options.volunteers}, {options.days} days, {options.model} model"
    print(f"{size}, {options.seconds:g} CPU seconds each.\n\n{summary(outcomes)}\n")
    print(circumstances(PACKAGES, options.seeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
