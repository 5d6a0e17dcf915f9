"""Which shifts may take a request at all, whatever else they hold.

Only rules that no other visit can change are used here: skills, people, days, hours of shift against windows.
Travel is not, because a place may be nearer over another visit than straight from home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from matching.engine.prepare import Prepared

# For the search a pair is sought among the nearest shifts of each day; the last pass looks at all of them.
NEAREST_A_DAY = 10

Pair = tuple[int, int, int]


class _Singles(dict[int, list[tuple[int, int]]]):
    """By request, found when first asked for: a repair asks for few of them."""

    def __init__(self, find: Callable[[int], list[tuple[int, int]]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, r: int) -> list[tuple[int, int]]:
        self[r] = self._find(r)
        return self[r]


class Options:
    """Shifts, or pairs of shifts, for each request, with the points that no other visit changes."""

    def __init__(self, prep: Prepared) -> None:
        self.prep = prep
        self.single = _Singles(self._single)
        self._members: dict[int, list[int]] = {}
        self._near: dict[int, list[Pair]] = {}

    def wanted(self, r: int) -> bool:
        """Whether a request still has seats that somebody could be asked for."""
        return len(self.prep.promised[r]) < self.prep.team[r]

    def is_pair(self, r: int) -> bool:
        """Whether two new people are needed at once."""
        return self.prep.team[r] == 2 and not self.prep.promised[r]

    def _single(self, r: int) -> list[tuple[int, int]]:
        prep = self.prep
        if not self.wanted(r) or self.is_pair(r):
            return []
        if prep.promised[r]:
            return self._helpers(r)
        shifts = self.hosts(r, prep.skilled[r] & prep.able[r])
        return [(s, prep.worth(r, (s,))) for s in shifts]

    def _helpers(self, r: int) -> list[tuple[int, int]]:
        prep, there = self.prep, self.prep.promised[r]
        if any(s in prep.conflicts for s in there):
            return []
        shifts = [s for s in self.hosts(r, self.helpers(r)) if prep.day[s] == prep.day[there[0]]]
        before = prep.worth(r, there)
        return [(s, prep.worth(r, (*there, s)) - before) for s in shifts]

    def helpers(self, r: int) -> frozenset[int]:
        """Who may fill the open seat of a promise, hours aside."""
        prep = self.prep
        there = {prep.owner[s] for s in prep.promised[r]}
        skilled = prep.able[r] if there & prep.skilled[r] else prep.able[r] & prep.skilled[r]
        return skilled - there

    def hosts(self, r: int, people: frozenset[int]) -> list[int]:
        """Usable shifts of these people whose hours meet a window (or the fixed start) of the request."""
        prep = self.prep
        return [s for v in sorted(people) for s in prep.shifts_of[v] if prep.usable[s] and self._meets(r, s)]

    def _meets(self, r: int, s: int) -> bool:
        prep, fixed, duration = self.prep, self.prep.fixed[r], self.prep.duration[r]
        if fixed is not None:
            return prep.start[s] <= fixed and fixed + duration <= prep.end[s]
        if prep.day[s] < prep.released[r]:
            return False
        return _room(prep.windows[r], duration, prep.start[s], prep.end[s])

    def members(self, r: int) -> list[int]:
        """Shifts that may hold one of the two new people of a team."""
        if r not in self._members:
            self._members[r] = self.hosts(r, self.prep.able[r])
        return self._members[r]

    def near_pairs(self, r: int) -> list[Pair]:
        """Pairs among the shifts with the shortest way of each day."""
        if r not in self._near:
            pairs = self.pairs(r, self.members(r), NEAREST_A_DAY)
            self._near[r] = [(s, t, self.prep.worth(r, (s, t))) for s, t in pairs]
        return self._near[r]

    def pairs(self, r: int, among: list[int], nearest: int | None = None) -> Iterator[tuple[int, int]]:
        """Pairs of shifts of a day whose people may go together, the first of them skilled."""
        prep = self.prep
        days: dict[int, list[int]] = defaultdict(list)
        for s in among:
            days[prep.day[s]].append(s)
        for day in sorted(days):
            by_way = sorted(days[day], key=lambda s: (prep.way_from_home(r, prep.owner[s]), s))
            skilled = [s for s in by_way if prep.owner[s] in prep.skilled[r]][:nearest]
            both_ways = set(skilled)
            for s in skilled:
                for t in by_way[:nearest]:
                    # Two skilled people would come twice, once in each order.
                    twice = t < s and t in both_ways
                    if prep.owner[s] != prep.owner[t] and not twice and self._meet_together(r, s, t):
                        yield s, t

    def _meet_together(self, r: int, s: int, t: int) -> bool:
        prep = self.prep
        start, end = max(prep.start[s], prep.start[t]), min(prep.end[s], prep.end[t])
        return _room(prep.windows[r], prep.duration[r], start, end)


def _room(windows: tuple[tuple[int, int], ...], duration: int, start: int, end: int) -> bool:
    """Whether so long a visit lies within one of the windows and these hours. Asked so often that a loop pays."""
    if end - start < duration:
        return False
    for opens, closes in windows:
        if (opens if opens > start else start) + duration <= (closes if closes < end else end):
            return True
    return False
