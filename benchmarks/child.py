"""One solver on one problem, in a process of its own: `python -m benchmarks.child SOLVER problem.json plan.json`.

`seconds` in the plan are CPU seconds: of the whole process for ours, which may take --seconds from its first
instant to the finished plan; of the search alone for a rival, whose loading, modelling and mending come on top.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from matching.files import load_problem, write_json
from matching.format import Plan, Problem, dump_plan

OURS = "ours"


def ours(problem: Problem, seconds: float, seed: int) -> Plan:
    """Our plan within `seconds` of CPU since the process began."""
    # Not at the top: a rival's library and ours cannot always share a process.
    from benchmarks.clock import CpuSeconds, for_search
    from matching.solve import solve

    stop = CpuSeconds(for_search(seconds))
    plan = solve(problem, stop, seed).plan
    status = "time_limit" if stop.struck and plan.status == "feasible" else plan.status
    return replace(plan, status=status, seconds=round(time.process_time(), 3))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("solver")
    parser.add_argument("problem", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    problem = load_problem(options.problem)
    if options.solver == OURS:
        plan = ours(problem, options.seconds, options.seed)
    else:
        from benchmarks.rivals import rival

        plan = rival(options.solver).plan(problem, options.seconds)
    write_json(options.plan, dump_plan(plan))
    return 0


if __name__ == "__main__":
    sys.exit(main())
