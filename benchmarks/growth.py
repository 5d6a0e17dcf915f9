"""How time, memory and gap grow with the problem: from a village's week to a region's fortnight.

    python -m benchmarks.growth --seeds 1-5 [--case 200x40] [--seconds 10]

Runs the command line itself, `python -m matching solve`, and lets `python -m matching check` judge the plan.
`--seconds` of that command is wall time, so measure on an idle machine. It ends sooner where it has proved its plan
the best; CPU seconds are those of the whole command, from the start of Python to the written file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import circumstances, run
from benchmarks.words import mean, percent, seeds, table, tell, write_rows
from matching.files import load_plan, write_json
from matching.format import dump_problem
from matching.generate import generate

PACKAGES = ("numpy", "highspy", "numba")
ONE_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """A size, and the seconds it is given where nobody says otherwise."""

    requests: int
    volunteers: int
    days: int
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.requests}x{self.volunteers}"


CASES = (Case(50, 15, 7, 10), Case(200, 40, 7, 10), Case(1000, 150, 7, 60), Case(5000, 600, 14, 300))
HEAD = ("case", "seed", "cpu", "wall", "peak_mib", "total", "bound", "gap", "status", "served", "requests")


@dataclass(frozen=True, slots=True)
class Growth:
    """One plan. CPU and wall in seconds, of the whole command; `gap` is None where there is no bound."""

    case: str
    seed: int
    cpu: float
    wall: float
    peak_mib: float
    total: int
    bound: int | None
    gap: float | None
    status: str
    served: int
    requests: int

    def row(self) -> list[object]:
        return [getattr(self, name) for name in HEAD]


def grow(case: Case, seed: int, seconds: float, radomir: bool, more: Sequence[str] = ()) -> Growth:
    """Solve one problem of this size. SystemExit where the command or the check says no."""
    with tempfile.TemporaryDirectory() as folder:
        problem, target = Path(folder) / "problem.json", Path(folder) / "plan.json"
        write_json(problem, dump_problem(generate(case.requests, case.volunteers, case.days, seed, radomir)))
        words = ["-m", "matching", "solve", problem, "-o", target, "--seconds", str(seconds), "--seed", str(seed)]
        took = run([*map(str, words), *more], patience=600 + 10 * seconds)
        if took.code:
            raise SystemExit(f"growth: {case.name}, seed {seed}: solve failed\n{took.output}")
        judged = run(["-m", "matching", "check", problem, target])
        if judged.code:
            raise SystemExit(f"growth: {case.name}, seed {seed}: the plan is illegal\n{judged.output}")
        plan = load_plan(target)
    return Growth(
        case=case.name,
        seed=seed,
        cpu=round(took.cpu, 2),
        wall=round(took.wall, 2),
        peak_mib=round(took.peak_mib),
        total=plan.objective.total,
        bound=plan.bound,
        gap=plan.gap,
        status=plan.status,
        served=case.requests - len(plan.unserved),
        requests=case.requests,
    )


def summary(grown: Sequence[Growth], start: float) -> str:
    """One row a size, over all seeds; `start` is the CPU seconds that starting takes."""
    rows = []
    for name in dict.fromkeys(g.case for g in grown):
        group = [g for g in grown if g.case == name]
        gaps = [g.gap for g in group if g.gap is not None]
        rows.append(
            [
                name.replace("x", " × "),
                str(len(group)),
                f"{mean([g.cpu for g in group]):.1f} / {max(g.cpu for g in group):.1f}",
                f"{mean([g.wall for g in group]):.1f} / {max(g.wall for g in group):.1f}",
                f"{max(g.peak_mib for g in group):.0f}",
                percent(mean(gaps)) if gaps else "–",
                percent(max(gaps)) if gaps else "–",
                f"{sum(g.status == 'optimal' for g in group)} of {len(group)}",
                " / ".join(
                    str(sum(g.status == "optimal" and g.cpu - s <= ONE_SECOND for g in group)) for s in (0, start)
                ),
                percent(mean([g.served / g.requests for g in group]), 1),
            ]
        )
    head = ["case", "seeds", "CPU s, mean / worst", "wall s, mean / worst", "peak MiB", "gap, mean", "gap, worst"]
    return table([*head, "proved optimal", "in 1 s CPU / besides starting", "served, mean"], rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [case.name for case in CASES]
    parser.add_argument("--case", action="append", choices=names, help="may be given again; default: all")
    parser.add_argument("--seeds", type=seeds, default=seeds("1"))
    given = ", ".join(f"{case.name}: {case.seconds:g}" for case in CASES)
    parser.add_argument("--seconds", type=float, help=f"for the solve command; default {given}")
    parser.add_argument("--radomir", action="store_true", help="on the settlements of Radomir")
    parser.add_argument("--rows", type=Path, help="also write one line an instance to this file")
    parser.add_argument("--more", default="", help="more words for the solve command")
    return parser


def main() -> int:
    options = _parser().parse_args()
    run(["-m", "matching", "compile"])
    # A problem of nothing: Python, the libraries, the compiled kernels.
    start = grow(Case(1, 1, 1, 1), 1, 60, radomir=False).cpu
    grown: list[Growth] = []
    for case in CASES:
        if options.case and case.name not in options.case:
            continue
        seconds = case.seconds if options.seconds is None else options.seconds
        for count, seed in enumerate(options.seeds, 1):
            found = grow(case, seed, seconds, options.radomir, options.more.split())
            grown.append(found)
            gap = "no bound" if found.gap is None else percent(found.gap, 3)
            where = f"{case.name} [{count}/{len(options.seeds)}] seed {seed}"
            tell(f"{where}: {gap}, {found.status}, {found.served} served, {found.cpu} s CPU, {found.peak_mib:.0f} MiB")
            if options.rows:
                write_rows(options.rows, HEAD, [g.row() for g in grown])
    print(f"{summary(grown, start)}\n\nStarting takes {start:.2f} CPU s of each command.")
    print(circumstances(PACKAGES, options.seeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
