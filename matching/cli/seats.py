"""`candidates`, `insert` and `repair`: one request, or what is left of a plan."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from matching.candidates import rank
from matching.cli.arguments import add_files, add_limits, count, legal_files, limits
from matching.cli.plans import finished, passes
from matching.exact.warm import warm, warm_seats
from matching.files import InputError, prepare_output, read_file, write_json
from matching.format import Problem, ProblemError, Shift, dump_plan, dump_problem
from matching.format.problem import parse_shifts
from matching.format.strict import mapping
from matching.insert import Desk, dump_alternative
from matching.repair import Away, Change, Repaired, dump_changes, repair

SECONDS = 1.0
MOST = 8


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("candidates", help="who could take a request, best first, as JSON")
    add_files(one)
    one.add_argument("--request", required=True, metavar="ID")
    one.set_defaults(run=_candidates)
    two = commands.add_parser("insert", help="ways to seat one request in a standing plan, best first, as JSON")
    add_files(two)
    two.add_argument("--request", required=True, metavar="ID")
    two.add_argument("--most", type=count, default=MOST, help=f"how many ways (default {MOST})")
    two.add_argument("-o", "--output", type=Path, help="where to write the plan with the best direct way")
    two.set_defaults(run=_insert)
    three = commands.add_parser("repair", help="plan anew around a change; what changed for whom, as JSON")
    add_files(three)
    three.add_argument("--away", action="append", default=[], metavar="VOLUNTEER[@DAY]")
    three.add_argument("--declined", action="append", default=[], metavar="REQUEST:VOLUNTEER")
    three.add_argument("--hours", type=Path, metavar="FILE", help='JSON: {"volunteer": [all shifts], …}')
    three.add_argument("--stability", type=count, metavar="POINTS", help="for each visit that stays as it was told")
    three.add_argument("-o", "--output", type=Path, required=True, help="where to write the plan")
    three.add_argument("--problem-out", type=Path, metavar="FILE", help="where to write the problem it is a plan of")
    add_limits(three, SECONDS)
    three.set_defaults(run=_repair)


def _candidates(options: argparse.Namespace, began: float) -> int:
    problem, plan = legal_files(options)
    ranked = [asdict(candidate) for candidate in rank(problem, plan, options.request)]
    print(json.dumps(ranked, indent=1))
    return 0


def _insert(options: argparse.Namespace, began: float) -> int:
    problem, plan = legal_files(options)
    if options.output is not None:
        prepare_output(options.output)
    warm_seats()
    desk = Desk(problem, plan)
    ways = desk.insert(options.request, options.most)
    print(json.dumps([dump_alternative(way) for way in ways], indent=1))
    if options.output is None:
        return 0
    direct = desk.insert(options.request, 1, only_direct=True)
    if not direct:
        print(f"matching: nobody has a free seat for {options.request}; no plan was written", file=sys.stderr)
        return 1
    new = desk.apply(direct[0])
    if not passes(problem, new):
        return 3
    write_json(options.output, dump_plan(new))
    return 0


def _repair(options: argparse.Namespace, began: float) -> int:
    problem, plan = legal_files(options)
    change = _change(options, problem)
    for path in (options.output, options.problem_out):
        if path is not None:
            prepare_output(path)
    began += warm() + warm_seats()
    stop, clock = limits(options, began, SECONDS)
    try:
        found = repair(problem, plan, change, stop, options.seed)
    except ProblemError as error:
        raise InputError(f"{options.hours}: {error}") from error
    new = finished(replace(found.plan, seed=options.seed), began, clock)
    if not passes(found.problem, new):
        return 3
    if options.problem_out is not None:
        write_json(options.problem_out, dump_problem(found.problem))
    write_json(options.output, dump_plan(new))
    print(json.dumps(dump_changes(found.changes), indent=1))
    print(f"matching: {_summary(found)}", file=sys.stderr)
    return 0


def _summary(found: Repaired) -> str:
    kinds = Counter(change.kind for change in found.changes)
    parts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "nothing changes"
    lost = sum(change.confirmed and change.kind == "dropped" for change in found.changes)
    return f"{parts}; {lost} confirmed visits lost"


def _change(options: argparse.Namespace, problem: Problem) -> Change:
    if not options.away and not options.declined and options.hours is None:
        raise InputError("--away, --declined, --hours: one of them is needed")
    people, requests = {v.id for v in problem.volunteers}, {r.id for r in problem.requests}
    declined = []
    for text in options.declined:
        request, volunteer = _split(text, ":", lambda a, b: a in requests and b in people)
        if volunteer is None:
            raise InputError(f"--declined: {text} is no request and volunteer of this problem with a colon between")
        declined.append((request, volunteer))
    return Change(
        away=tuple(_away(text, people) for text in options.away),
        declined=tuple(declined),
        hours={} if options.hours is None else _hours(options.hours, problem),
        stability=options.stability,
    )


def _away(text: str, people: set[str]) -> Away:
    if text in people:
        return Away(text)
    volunteer, day = _split(text, "@", lambda a, b: a in people and b.removeprefix("-").isdecimal())
    if day is None:
        raise InputError(f"--away: {text} is no volunteer of this problem, nor one with @ and the number of a day")
    return Away(volunteer, frozenset({int(day)}))


def _split(text: str, mark: str, fits: Callable[[str, str], bool]) -> tuple[str, str | None]:
    """The two parts around a mark, which may also stand in ids; the second is None where no two parts fit."""
    pieces = text.split(mark)
    for at in range(1, len(pieces)):
        first, second = mark.join(pieces[:at]), mark.join(pieces[at:])
        if fits(first, second):
            return first, second
    return text, None


def _hours(path: Path, problem: Problem) -> dict[str, tuple[Shift, ...]]:
    matrix = next(iter((problem.travel.matrix or {}).values()), ())
    places = len(problem.xy_km or problem.lat_lon or matrix)
    try:
        given = mapping(read_file(path), "hours")
        return {name: parse_shifts(shifts, f"hours.{name}", places) for name, shifts in given.items()}
    except ProblemError as error:
        raise InputError(f"{path}: {error}") from error
