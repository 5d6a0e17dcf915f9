"""What would help: one volunteer more, one training, one half-day; each with the difference it makes, of two solves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from matching.check.board import Board
from matching.check.eligibility import judge_seats
from matching.check.runs import judge_runs
from matching.format import Plan, Problem
from matching.parts import Part, part_of, valued
from matching.prices import prices
from matching.proposals import Proposal, proposals
from matching.solve import solve
from matching.stop import Either, Seconds, Stop, seconds_left
from matching.wider import MORE_HOURS, NEW_VOLUNTEER, TRAINING, More, widened, without

__all__ = ["Advice", "advise", "dump_advice"]

MOST = 5
# Beyond this many requests a part around each proposal is solved instead of the whole.
WHOLE = 150
PART_VOLUNTEERS, PART_REQUESTS, PART_UNSERVED = 25, 110, 40
# Time kept for what is not solving.
RESERVE = 0.9
# Of equal use: what asks least of people comes first.
EASIEST = (MORE_HOURS, TRAINING, NEW_VOLUNTEER)

Told = Callable[[int, int, int], None]
"""Progress: proposals looked at, of how many, advice found."""


@dataclass(frozen=True, slots=True)
class Advice:
    """`kind`: `new_volunteer` (holds `skills`, lives at `place`, is free on `day` from `start` to `end`),
    `training` (`volunteer` learns `skills`) or `more_hours` (`volunteer` is free then too).

    `place` is an index of the problem, None for help by phone. `more_served` and `more_points` are the difference of
    two plans made with the same effort, with and without it; `requests` are served in the first only. `proved`:
    both plans are the best there are. Of a part of the problem, the whole gains at least as much.
    """

    kind: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    place: int | None
    day: int | None
    start: int | None
    end: int | None
    volunteer: str | None
    more_served: int
    more_points: int
    requests: tuple[str, ...]
    proved: bool


def advise(
    problem: Problem, plan: Plan, stop: Stop, seed: int = 1, most: int = MOST, told: Told | None = None
) -> list[Advice]:  # fmt: skip
    """The best advice around a legal plan, most requests served first; what serves none is left out.

    Each solve may take the iterations of `stop`; where a clock runs, all get the same share of its time. Deterministic
    for equal problem, plan, seed and iterations without a clock.
    """
    unserved = [entry.request for entry in plan.unserved]
    if most < 1 or not unserved:
        return []
    small = len(problem.requests) <= WHOLE
    found: list[Advice] = []
    given = prices(problem, plan, stop, seed)
    tries = proposals(problem, unserved, given, most)
    effort = _effort(stop, 2 * len(tries) + 1 if small else 3 * len(tries))
    compare = _Comparison(problem, plan, effort, seed)
    for number, proposal in enumerate(tries):
        if told is not None:
            told(number, len(tries), len(found))
        # What is left of the time is less than the other side had.
        if stop(0):
            break
        advice = compare.whole(proposal) if small else compare.part(proposal)
        if advice is not None:
            found.append(advice)
    if told is not None:
        told(len(tries), len(tries), len(found))
    return _mixed(_best(found), most)


def dump_advice(found: Iterable[Advice]) -> list[dict[str, object]]:
    """The JSON value."""
    return [asdict(advice) for advice in found]


def _effort(stop: Stop, solves: int) -> Callable[[], Stop]:
    """A stop rule for one of so many solves."""
    left = seconds_left(stop)
    if left is None or not solves:
        return lambda: stop
    share = left * RESERVE / solves
    return lambda: Either(stop, Seconds(share))


def _best(found: list[Advice]) -> list[Advice]:
    """The most useful first; what names the same requests as a better one of its kind adds nothing."""
    order = sorted(found, key=lambda a: (-a.more_served, -a.more_points, EASIEST.index(a.kind), str(_what(a))))
    kept: list[Advice] = []
    for advice in order:
        if not any(a.kind == advice.kind and set(advice.requests) <= set(a.requests) for a in kept):
            kept.append(advice)
    return kept


def _mixed(found: list[Advice], most: int) -> list[Advice]:
    """The first of these, but of no kind more than half where there is anything else to say."""
    seen: dict[str, int] = {}
    over: list[Advice] = []
    chosen: list[Advice] = []
    for advice in found:
        seen[advice.kind] = seen.get(advice.kind, 0) + 1
        (chosen if seen[advice.kind] <= (most + 1) // 2 else over).append(advice)
    chosen = [*chosen, *over][:most]
    return [advice for advice in found if advice in chosen]


def _what(advice: Advice) -> tuple[object, ...]:
    return advice.volunteer, advice.skills, advice.place, advice.start


class _Comparison:
    """Solves with one thing more, against solves without it from the same plan."""

    def __init__(self, problem: Problem, plan: Plan, effort: Callable[[], Stop], seed: int) -> None:
        self.problem, self.plan, self.effort, self.seed = problem, plan, effort, seed
        self.unchanged: Plan | None = None

    def whole(self, proposal: Proposal) -> Advice | None:
        if self.unchanged is None:
            self.unchanged = self._solved(self.problem, self.plan)
        return self._compared(proposal.more, self.problem, self.unchanged, self.plan)

    def part(self, proposal: Proposal) -> Advice | None:
        """Both solves of those who compete for what the proposal is about."""
        part = self._around(proposal)
        if part is None:
            return None
        return self._compared(proposal.more, part.problem, self._solved(part.problem, part.plan), part.plan)

    def _solved(self, problem: Problem, start: Plan) -> Plan:
        return solve(problem, self.effort(), self.seed, start).plan

    def _compared(self, more: More, problem: Problem, before: Plan, start: Plan) -> Advice | None:
        # From the best plan there is, the search with one thing more need not find it again.
        optimal = before.status == "optimal"
        after = self._solved(widened(problem, more), before if optimal else start)
        others = [before]
        bare = None if optimal else _legal(problem, without(problem, after, more))
        if bare is not None:
            # What the second search found without using what is new, the first might have found too: it goes on there.
            others.append(self._solved(problem, bare))
        served = _served(problem, after)
        more_served = len(served) - max(len(_served(problem, plan)) for plan in others)
        more_points = after.objective.total - max(plan.objective.total for plan in others)
        if more_served < 1 or more_points < 1:
            return None
        new = served - _served(problem, before)
        proved = optimal and after.status == "optimal"
        return self._advice(more, more_served, more_points, new, proved)

    def _advice(self, more: More, served: int, points: int, new: frozenset[str], proved: bool) -> Advice:
        shift, person = more.shift, more.volunteer
        newcomer = more.kind == NEW_VOLUNTEER
        near = {request.id: request.place for request in self.problem.requests}
        return Advice(
            kind=more.kind,
            skills=tuple(sorted(more.skills)),
            languages=tuple(sorted(person.languages)) if newcomer else (),
            place=None if more.near is None else near[more.near],
            day=None if shift is None else shift.day,
            start=None if shift is None else shift.start,
            end=None if shift is None else shift.end,
            volunteer=None if newcomer else person.id,
            more_served=served,
            more_points=points,
            requests=tuple(request.id for request in self.problem.requests if request.id in new),
            proved=proved,
        )

    def _around(self, proposal: Proposal) -> Part | None:
        """Those it is about, who visits what it is about, and who else could, while there is room."""
        visited: dict[str, list[str]] = {}
        for visit in self.plan.visits:
            for person in visit.volunteers:
                visited.setdefault(person, []).append(visit.request)
        first = [] if proposal.more.kind == NEW_VOLUNTEER else [proposal.more.volunteer.id]
        people, asked = set(first), sum(len(visited.get(person, ())) for person in first)
        about = [request for request in self.problem.requests if request.id in proposal.requests]
        holders = {v.request: v.volunteers for v in self.plan.visits}
        skills = frozenset[str]().union(*(request.skills for request in about))
        near = [person for request in about for person in holders.get(request.id, ())]
        near += [v.id for v in self.problem.volunteers if v.skills & skills]
        for person in dict.fromkeys(near):
            more = len(visited.get(person, ()))
            if person not in people and len(people) < PART_VOLUNTEERS and asked + more <= PART_REQUESTS:
                people.add(person)
                asked += more
        unserved = self._unserved(proposal, skills)
        if proposal.more.near is not None and proposal.more.near not in unserved:
            unserved.append(proposal.more.near)
        return part_of(self.problem, self.plan, sorted(people), unserved)

    def _unserved(self, proposal: Proposal, skills: frozenset[str]) -> list[str]:
        """What nobody visits and the proposal may be about, what it was guessed from first."""
        open_seats = {entry.request for entry in self.plan.unserved}
        rest = [request for request in self.problem.requests if request.id in open_seats]
        order = sorted(rest, key=lambda r: (r.id not in proposal.requests, not r.skills & skills))
        return [request.id for request in order[:PART_UNSERVED]]


def _served(problem: Problem, plan: Plan) -> frozenset[str]:
    teams = {request.id: request.team for request in problem.requests}
    return frozenset(visit.request for visit in plan.visits if len(visit.volunteers) == teams[visit.request])


def _legal(problem: Problem, plan: Plan) -> Plan | None:
    """The plan with its objective, where its visits break no rule."""
    board = Board(problem, plan)
    if board.violations or any(judge_seats(board)) or any(judge_runs(board)):
        return None
    return valued(problem, plan)
