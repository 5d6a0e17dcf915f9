"""A large plan is divided into parts that can be made better at the same time, and put together again.

The parts share no volunteer and no request, so whatever each of them gains, the whole gains (`matching.parts`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import replace

from matching.check import check
from matching.check.board import Board
from matching.engine.prepare import Prepared
from matching.format import Plan, Problem, Promise
from matching.parts import Part, closure, merged, part_of
from matching.solve import solve
from matching.stop import Iterations

__all__ = ["CannotHold", "complete", "divide", "held", "joined"]

# A part takes requests that nobody visits until it is so much larger than it should be.
MOST_TOO_LARGE = 1.25


class CannotHold(Exception):
    """As promises alone these visits do not fit, or the rest does not fit beside them."""


def held(problem: Problem, plan: Plan, requests: Iterable[str]) -> Problem:
    """The problem in which the plan's visits of `requests` are promises, so that no part moves them.

    KeyError for a request that the plan does not visit.
    """
    visits = {visit.request: visit for visit in plan.visits}
    promises = {promise.request: promise for promise in problem.promises}
    for request in requests:
        visit = visits[request]
        promises[request] = Promise(request, visit.volunteers, visit.shifts, visit.start)
    order = [request.id for request in problem.requests if request.id in promises]
    return replace(problem, promises=tuple(promises[request] for request in order))


def complete(problem: Problem, plan: Plan, seed: int = 1) -> Plan:
    """The plan with reasons, objective and bound found anew for `problem`, and with whatever still fits in.

    The visits of `plan` are legal in `problem`. Raises CannotHold where they are not.
    """
    if Board(problem, plan).conflicts != list(plan.promise_conflicts):
        raise CannotHold("with these promises a shift is in conflict")
    new = solve(problem, Iterations(0), seed, plan).plan
    if not check(problem, new).legal:
        raise CannotHold("the plan is not legal with these promises")
    return new


def divide(problem: Problem, plan: Plan, requests: int, seed: int = 1) -> tuple[Part, ...]:
    """Parts of about `requests` requests each: people near each other, what they visit, what else they could take.

    `plan` is a legal plan of `problem`; deterministic for equal arguments. Everybody is in one part at most, every
    request too; one that nobody of any part could take is in none.
    """
    prep, rng = Prepared(problem), random.Random(seed)  # noqa: S311 - repeatable, no secret
    groups = _Groups(prep, plan, max(1, requests)).people(rng)
    asked = _asked(prep, plan, groups, max(1, requests))
    names = [[prep.volunteers[v].id for v in group] for group in groups]
    parts = [part_of(problem, plan, people, mine) for people, mine in zip(names, asked, strict=True)]
    return tuple(part for part in parts if part.requests)


def joined(problem: Problem, plan: Plan, answers: Iterable[tuple[Part, Plan]], seed: int = 1) -> Plan:
    """The plan with the answers of its parts, or the plan itself where that is no worse. Raises CannotHold."""
    whole = plan
    for part, answer in answers:
        whole = merged(problem, whole, part, answer)
    new = _with_bound(complete(problem, whole, seed), plan.bound)
    return new if new.objective.total > plan.objective.total else plan


def _with_bound(plan: Plan, bound: int | None) -> Plan:
    """The lower of two bounds for the same problem counts."""
    if bound is None or plan.bound is None or bound >= plan.bound:
        return plan
    total = plan.objective.total
    status = "optimal" if bound == total else plan.status
    return replace(plan, bound=bound, gap=(bound - total) / max(1, abs(bound)), status=status)


class _Groups:
    """People who are tied to each other stay together; near ones come together until they are enough for a part."""

    def __init__(self, prep: Prepared, plan: Plan, requests: int) -> None:
        self.prep = prep
        number = {volunteer.id: v for v, volunteer in enumerate(prep.volunteers)}
        self.units = [sorted(number[name] for name in unit) for unit in _units(prep.problem, plan)]
        unit_of = {v: u for u, unit in enumerate(self.units) for v in unit}
        # What nobody visits counts as if it were spread over all.
        left_out = (len(prep.requests) - len(plan.visits)) / max(1, len(prep.volunteers))
        self.load = [left_out * len(unit) for unit in self.units]
        for visit in plan.visits:
            self.load[unit_of[number[visit.volunteers[0]]]] += 1
        total = sum(self.load)
        self.count = max(1, math.ceil(total / requests - 1e-9))
        self.enough = total / self.count

    def people(self, rng: random.Random) -> list[list[int]]:
        """Each part begins with who lives farthest from a point drawn by lot, so that no scattered rest remains."""
        left = list(range(len(self.units)))
        if not left:
            return []
        point = self._home(rng.choice(left))
        left.sort(key=lambda u: (-self._way(point, u), u))
        groups: list[list[int]] = []
        while left:
            here = self._home(left[0])
            near = sorted(left, key=lambda u: (self._way(here, u), u))
            taken, load = [], 0.0
            # The last part takes everybody who is left, also those whom nobody has asked.
            while near and (load < self.enough - 1e-9 or len(groups) == self.count - 1):
                taken.append(near.pop(0))
                load += self.load[taken[-1]]
            gone = set(taken)
            left = [u for u in left if u not in gone]
            groups.append(sorted(v for u in taken for v in self.units[u]))
        return groups

    def _home(self, unit: int) -> int:
        return self.prep.volunteers[self.units[unit][0]].home

    def _way(self, place: int, unit: int) -> int:
        volunteer = self.prep.volunteers[self.units[unit][0]]
        return self.prep.tables[volunteer.mode][place][volunteer.home]


def _units(problem: Problem, plan: Plan) -> list[frozenset[str]]:
    seen: set[str] = set()
    units = []
    for volunteer in problem.volunteers:
        if volunteer.id not in seen:
            units.append(closure(problem, plan, [volunteer.id]))
            seen |= units[-1]
    return units


def _asked(prep: Prepared, plan: Plan, groups: list[list[int]], requests: int) -> list[list[str]]:
    """For each group, the requests nobody visits that somebody in it could take, the nearest group first."""
    group_of = {v: g for g, group in enumerate(groups) for v in group}
    number = {volunteer.id: v for v, volunteer in enumerate(prep.volunteers)}
    room = [int(requests * MOST_TOO_LARGE)] * len(groups)
    for visit in plan.visits:
        room[group_of[number[visit.volunteers[0]]]] -= 1
    visited = {visit.request for visit in plan.visits}
    asked: list[list[str]] = [[] for _ in groups]
    for r, request in enumerate(prep.requests):
        if request.id in visited:
            continue
        ways: dict[int, int] = {}
        for v in prep.able[r] & prep.skilled[r]:
            way, group = prep.way_from_home(r, v), group_of[v]
            ways[group] = min(way, ways.get(group, way))
        order = sorted(ways, key=lambda group: (ways[group], group))
        if order:
            chosen = next((group for group in order if room[group] > 0), order[0])
            asked[chosen].append(request.id)
            room[chosen] -= 1
    return asked
