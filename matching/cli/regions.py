"""`split` and `join`: a large plan in parts that different machines make better, and back to a whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from matching.check import check
from matching.cli.arguments import add_files, count, legal_files, legal_plan, seed
from matching.cli.plans import passes
from matching.files import InputError, load_plan, load_problem, prepare_output, read_file, write_json
from matching.format import Plan, Problem, ProblemError, dump_plan, dump_problem
from matching.format.strict import texts
from matching.parts import Part
from matching.split import CannotHold, complete, divide, held, joined

REQUESTS = 300
_MANY = 10**6


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("split", help="divide a large plan into parts that share nobody")
    add_files(one)
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where to write the parts")
    one.add_argument("--requests", type=count, default=REQUESTS, help=f"of each part, about (default {REQUESTS})")
    one.add_argument("--hold", type=Path, metavar="FILE", help="JSON: requests whose visits no part may change")
    one.add_argument("--seed", type=seed, default=1)
    one.set_defaults(run=_split)
    two = commands.add_parser("join", help="put the answers of the parts into the whole plan")
    add_files(two)
    two.add_argument("folder", type=Path, help="where part-1.json and part-1.answer.json lie")
    two.add_argument("-o", "--output", type=Path, required=True, help="where to write the plan")
    two.add_argument("--seed", type=seed, default=1)
    two.set_defaults(run=_join)


def _split(options: argparse.Namespace, began: float) -> int:
    problem, plan = legal_files(options)
    folder: Path = options.output
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder")
    whole = problem if options.hold is None else _held(options.hold, problem, plan)
    try:
        plan = complete(whole, plan, options.seed)
    except CannotHold as error:
        print(f"matching: {error}; nothing was written", file=sys.stderr)
        return 1
    parts = divide(whole, plan, options.requests, options.seed)
    for path in folder.glob("part-*.json"):
        path.unlink()
    write_json(folder / "problem.json", dump_problem(whole))
    write_json(folder / "plan.json", dump_plan(plan))
    for number, part in enumerate(parts, 1):
        if not passes(part.problem, part.plan):
            return 3
        write_json(folder / f"part-{number}.json", dump_problem(part.problem))
        write_json(folder / f"part-{number}.plan.json", dump_plan(part.plan))
    print(f"matching: {len(parts)} parts", file=sys.stderr)
    return 0


def _held(path: Path, problem: Problem, plan: Plan) -> Problem:
    try:
        requests = texts(read_file(path), "hold", _MANY)
        return held(problem, plan, requests)
    except ProblemError as error:
        raise InputError(f"{path}: {error}") from error
    except KeyError as error:
        raise InputError(f"{path}: the plan does not visit {error.args[0]}") from error


def _join(options: argparse.Namespace, began: float) -> int:
    problem = load_problem(options.problem)
    plan = legal_plan(problem, options.plan)
    prepare_output(options.output)
    try:
        new = joined(problem, plan, _answers(options.folder, problem), options.seed)
    except CannotHold as error:
        print(f"matching: {error}; nothing was written", file=sys.stderr)
        return 3
    if not passes(problem, new):
        return 3
    write_json(options.output, dump_plan(new))
    return 0


def _answers(folder: Path, problem: Problem) -> Iterator[tuple[Part, Plan]]:
    """The parts that have a legal answer; the others stay as they were."""
    people, requests = {v.id for v in problem.volunteers}, {r.id for r in problem.requests}
    seen: set[str] = set()
    number = 0
    while (path := folder / f"part-{(number := number + 1)}.json").exists():
        answer = folder / f"part-{number}.answer.json"
        if not answer.exists():
            print(f"matching: part {number} has no answer and stays as it was", file=sys.stderr)
            continue
        small, plan = load_problem(path), load_plan(answer)
        part = Part(small, plan, frozenset(v.id for v in small.volunteers), frozenset(r.id for r in small.requests))
        mine = part.volunteers | part.requests
        if not (part.volunteers <= people and part.requests <= requests and mine.isdisjoint(seen)):
            raise InputError(f"{path}: is no part of this problem beside the others")
        seen |= mine
        if not check(small, plan).legal:
            print(f"matching: the answer of part {number} breaks a rule, the part stays as it was", file=sys.stderr)
            continue
        yield part, plan
