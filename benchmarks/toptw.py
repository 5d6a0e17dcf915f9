"""The team orienteering problem with time windows: our problem without skills, on Solomon's sets with profits.

    python -m benchmarks.toptw FOLDER --routes 2 --seconds 10

The folder holds one .txt file an instance and, for the comparison, best_known.csv (columns instance, m1, m2, …).
Each route is a volunteer with one shift; totals may reach the best known ones and are never to exceed them.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import CpuSeconds, for_search
from benchmarks.measure import circumstances
from benchmarks.words import mean, table, tell
from matching.check import check
from matching.format import Problem, Request, Shift, Travel, Volunteer, Weights
from matching.format.model import HOME_VISIT
from matching.solve import solve

# Times are integers of a tenth: distances are cut to one decimal.
TENTHS = 10
PACKAGES = ("numpy", "highspy", "numba")


@dataclass(frozen=True, slots=True)
class Vertex:
    """A customer, or the depot as the first. Times in the file's units."""

    x: float
    y: float
    duration: float
    profit: float
    opens: float
    closes: float


def read(path: Path) -> list[Vertex]:
    """The depot and all customers. The total line comes first, then a line that is not needed.

    A vertex is `i x y duration profit f a list… opening closing`; the depot's line may end in its closing alone.
    """
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    try:
        customers = int(lines[0][2])
        vertices = [_vertex([float(number) for number in line]) for line in lines[2 : customers + 3]]
    except (ValueError, IndexError) as error:
        raise SystemExit(f"toptw: {path} is not in the format of Solomon's sets with profits") from error
    if len(vertices) != customers + 1:
        raise SystemExit(f"toptw: {path} promises {customers} customers and holds {len(vertices) - 1}")
    return vertices


def _vertex(numbers: list[float]) -> Vertex:
    index, x, y, duration, profit = numbers[:5]
    opens, closes = numbers[-2:]
    return Vertex(x, y, duration, profit, 0.0 if index == 0 else opens, closes)


def distance(a: Vertex, b: Vertex) -> int:
    """Tenths, cut: isqrt is exact where the coordinates are whole, as in these sets."""
    squared = (a.x - b.x) ** 2 + (a.y - b.y) ** 2
    return math.isqrt(round(squared * TENTHS * TENTHS))


def as_problem(vertices: Sequence[Vertex], routes: int) -> Problem:
    """Each route a volunteer with one shift, each customer a request whose prize is its profit.

    Service must begin within the window there, and end within it here: so a window closes a duration later.
    """
    depot, customers = vertices[0], vertices[1:]
    matrix = tuple(tuple(distance(a, b) for b in vertices) for a in vertices)
    end = round(depot.closes * TENTHS)
    people = tuple(
        Volunteer(
            id=f"v{k}",
            home=0,
            mode="any",
            skills=frozenset(),
            languages=frozenset(("any",)),
            max_visits_per_week=len(vertices),
            shifts=(Shift(f"v{k}-0", 0, end, week=0, day=0),),
        )
        for k in range(routes)
    )
    asked = tuple(_request(index, vertex) for index, vertex in enumerate(customers, 1))
    return Problem(Travel(matrix={"any": matrix}), Weights(), people, asked, time_unit="tenth")


def _request(index: int, vertex: Vertex) -> Request:
    # A duration is at least 1; the window is widened alike, so nothing else changes but that tenth.
    duration = max(1, round(vertex.duration * TENTHS))
    return Request(
        id=f"r{index}",
        kind=HOME_VISIT,
        place=index,
        end_place=None,
        skills=frozenset(),
        language="any",
        duration=duration,
        windows=((round(vertex.opens * TENTHS), round(vertex.closes * TENTHS) + duration),),
        prize=round(vertex.profit),
        released_day=0,
    )


@dataclass(frozen=True, slots=True)
class Score:
    """One instance: profits collected, the bound on them, the best known total or None, CPU seconds."""

    instance: str
    total: int
    bound: int | None
    best: int | None
    seconds: float
    status: str

    @property
    def gap(self) -> float | None:
        """To the best known total, in percent."""
        return None if not self.best else 100 * (self.best - self.total) / self.best


def best_known(folder: Path, routes: int) -> dict[str, int]:
    """Instance → best published total, empty where the folder holds no such file."""
    path = folder / "best_known.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["instance"]: int(row[f"m{routes}"]) for row in rows if row.get(f"m{routes}")}


def play(path: Path, routes: int, seconds: float, seed: int, known: Mapping[str, int]) -> Score:
    """Solve one file, plan and reasons finished within `seconds` of CPU.

    SystemExit where the plan is illegal; a total above the best known is told.
    """
    problem = as_problem(read(path), routes)
    began = time.process_time()
    plan = solve(problem, CpuSeconds(for_search(seconds), since=began), seed).plan
    took = time.process_time() - began
    report = check(problem, plan)
    if not report.legal:
        raise SystemExit(f"toptw: {path.stem}: {report.violations[0].text}")
    total, best = report.objective.total, known.get(path.stem)
    if best is not None and total > best:
        tell(f"toptw: {path.stem}: {total} exceeds the best known {best}; is the rounding the same?")
    return Score(path.stem, total, plan.bound, best, took, plan.status)


def summary(scores: Sequence[Score]) -> str:
    """One row an instance, and the mean of the gaps."""
    rows = [
        [
            score.instance,
            str(score.total),
            _or_dash(score.best),
            _or_dash(score.gap, ".2f"),
            _or_dash(score.bound),
            score.status,
            f"{score.seconds:.1f}",
        ]
        for score in scores
    ]
    gaps = [score.gap for score in scores if score.gap is not None]
    rows.append(
        ["mean", "", "", f"{mean(gaps):.2f}" if gaps else "–", "", "", f"{mean([s.seconds for s in scores]):.1f}"]
    )
    return table(["instance", "total", "best known", "gap %", "bound", "status", "CPU s"], rows)


def _or_dash(value: float | None, form: str = "") -> str:
    return "–" if value is None else format(value, form)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--routes", type=int, action="append", help="may be given again; default: 1, 2, 3 and 4")
    parser.add_argument("--seconds", type=float, default=10, help="CPU seconds for each instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="some instances, as in c101,r105")
    return parser


def main() -> int:
    options = _parser().parse_args()
    paths = sorted(options.folder.glob("*.txt"))
    if options.only:
        paths = [path for path in paths if path.stem in options.only.split(",")]
    if not paths:
        raise SystemExit(f"toptw: {options.folder} holds no instance")
    for routes in options.routes or (1, 2, 3, 4):
        known = best_known(options.folder, routes)
        scores = []
        for path in paths:
            scores.append(play(path, routes, options.seconds, options.seed, known))
            score = scores[-1]
            tell(f"m = {routes}, {score.instance}: {score.total} of {_or_dash(score.best)}, {score.seconds:.1f} s")
        print(f"m = {routes}, {options.seconds:g} CPU seconds each.\n\n{summary(scores)}\n", flush=True)
    print(circumstances(PACKAGES, [options.seed]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
