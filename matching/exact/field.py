"""All runs that a large problem allows, as arrays: single shifts in one sheet, pairs made while they are asked for."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain

import numpy as np

from matching.engine.moves import Moves
from matching.exact.arrays import Ints
from matching.exact.columns import Blocks, Seats
from matching.exact.scale import SCALE
from matching.exact.sweep import Sheet
from matching.exact.together import Teams

NOBODY = -1


class Worth(dict[tuple[int, Seats], int]):
    """By request and seats: the points of a visit, found when first asked for."""

    def __init__(self, moves: Moves) -> None:
        super().__init__()
        self._prep = moves.prep

    def __missing__(self, key: tuple[int, Seats]) -> int:
        r, seats = key
        there = self._prep.promised[r]
        self[key] = self._prep.worth(r, (*there, *seats)) - self._prep.worth(r, there)
        return self[key]


class Field(Blocks):
    """The blocks of a whole problem. `pairs` are those alone with something promised; all others are in `teams`."""

    def __post_init__(self) -> None:
        self.value = Worth(self.moves)
        self.held = defaultdict(list)
        self._made = {}
        self._cand: dict[int, list[int]] = defaultdict(list)
        self._worth: dict[int, list[int]] = defaultdict(list)
        for r in self._open():
            for s, value in self.moves.options.single[r]:
                if self._open_to(s):
                    self._cand[s].append(r)
                    self._worth[s].append(value)
        self.single = [(s,) for s in sorted(self._cand)]
        self.pairs = self._all_pairs()
        self.sheet = self._sheet()
        self.teams, self.team_shifts = self._teams()

    def taking(self) -> list[int]:
        members = set(self.team_shifts.tolist())
        return sorted(members.union(s for (s,) in self.single).union(s for seats in self.pairs for s in seats))

    def asked(self) -> list[int]:
        found = set(self.sheet.cand.tolist())
        found.update(self.teams.number[self.teams.member.sum(axis=0) > 0].tolist())
        found.update(r for held in self.held.values() for r in held)
        return sorted(found.union(q for seats in self.pairs for q, _ in self.fills(seats)))

    def _all_pairs(self) -> list[Seats]:
        """Pairs of which one has promised something, all of it common."""
        options, base = self.moves.options, self.base
        known: dict[Seats, bool] = {}
        for r in self._open():
            if not options.is_pair(r):
                continue
            members = [s for s in options.members(r) if self._open_to(s) and self._only_common(s)]
            days = {self.moves.prep.day[s] for s in members if base.runs[s]}
            for a, b in options.pairs(r, [s for s in members if self.moves.prep.day[s] in days]):
                seats = (min(a, b), max(a, b))
                if not base.runs[a] and not base.runs[b]:
                    continue
                if seats not in known:
                    known[seats] = self._go_together(*seats)
                if known[seats] and r not in self.held[seats]:
                    self.held[seats].append(r)
        return sorted(seats for seats, held in self.held.items() if held)

    def _may_fill(self, q: int, s: int) -> bool:
        return s in self._cand and q in self._cand[s]

    def _sheet(self) -> Sheet:
        shifts = [s for (s,) in self.single]
        sizes = [len(self._cand[s]) for s in shifts]
        found = [self._detours(s, self._cand[s], self.base.runs[s]) for s in shifts]
        helps = [self._helps(s, self._cand[s], longer) for s, longer in zip(shifts, found, strict=True)]
        detour = np.concatenate([*found, np.zeros(0, np.int64)])
        weight = self.moves.prep.weights.travel * SCALE
        return Sheet(
            shift=_ints(shifts),
            first=np.cumsum([0, *sizes]).astype(np.int64),
            cand=_ints(chain.from_iterable(self._cand[s] for s in shifts)),
            worth=_ints(chain.from_iterable(self._worth[s] for s in shifts)) * SCALE,
            detour=detour,
            helps=np.concatenate([*helps, np.zeros(0, np.int64)]),
            most=_ints(self.room(s) for s in shifts),
            offset=_ints(self.base.way[s] for s in shifts) * weight,
            promised_first=np.cumsum([0, *(len(self.base.runs[s]) for s in shifts)]).astype(np.int64),
            promised=_ints(chain.from_iterable(self.base.runs[s] for s in shifts)),
        )

    def _teams(self) -> tuple[Teams, Ints]:
        prep, options = self.moves.prep, self.moves.options
        number = [r for r in self._open() if options.is_pair(r)]
        free = [
            [s for s in options.members(r) if self._open_to(s) and not self.base.runs[s]] for r in number
        ]  # fmt: skip
        days = sorted({prep.day[s] for s in chain.from_iterable(free)})
        day_of = {day: i for i, day in enumerate(days)}
        wanted: dict[int, list[int]] = defaultdict(list)
        for k, shifts in enumerate(free):
            for s in shifts:
                wanted[s].append(k)
        member = np.zeros((len(prep.shifts), len(number)), dtype=np.uint8)
        detour = np.zeros((len(prep.shifts), len(number)), dtype=np.int64)
        for s, ks in wanted.items():
            member[s, ks] = 1
            detour[s, ks] = self._detours(s, [number[k] for k in ks], ())
        people = _People(self, number)
        teams = Teams(
            number=_ints(number),
            member=member,
            detour=detour,
            skilled=people.skilled,
            liked=people.liked,
            spent=people.spent,
            earlier=people.earlier,
            shared=self._shared(number, days),
            stands=people.stands(day_of),
            stability=prep.weights.stability,
            continuity=prep.weights.continuity,
            owner=_ints(prep.owner),
            day=_ints(day_of.get(day, NOBODY) for day in prep.day),
            room=_ints(self.room(s) for s in range(len(prep.shifts))),
        )
        return teams, _ints(sorted(wanted, key=lambda s: (prep.day[s], s)))

    def _shared(self, number: list[int], days: list[int]) -> Ints:
        prep = self.moves.prep
        prize, released = _ints(prep.prize)[number], _ints(prep.released)[number]
        waited = np.maximum(0, np.array(days, dtype=np.int64)[:, None] - released[None, :])
        shared: Ints = prize[None, :] - prep.weights.day_waited * waited
        return shared


class _People:
    """What each person brings to each team request, by person and its number among these."""

    def __init__(self, field: Field, number: list[int]) -> None:
        prep = self._prep = field.moves.prep
        self._number, shape = number, (len(prep.volunteers), len(number))
        self._index = {volunteer.id: v for v, volunteer in enumerate(prep.volunteers)}
        self.skilled, self.earlier = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
        self.liked, self.spent = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for k, r in enumerate(number):
            request = prep.requests[r]
            self.skilled[list(prep.skilled[r]), k] = 1
            self.liked[[self._index[name] for name in request.preferred if name in self._index], k] = (
                prep.weights.preferred
            )
            if request.earlier in self._index:
                self.earlier[self._index[request.earlier], k] = 1
            for v in prep.skilled[r]:
                rest = prep.volunteers[v].skills - request.skills
                self.spent[v, k] = sum(prep.weights.scarcity.get(skill, 0) for skill in rest)

    def stands(self, day_of: dict[int, int]) -> Ints:
        """By team request: the two people who were told, and the day; NOBODY where nobody was."""
        stands = np.full((len(self._number), 3), NOBODY, dtype=np.int64)
        for k, r in enumerate(self._number):
            if r in self._prep.told:
                people, day, _ = self._prep.told[r]
                one, two = sorted(self._index[name] for name in people)
                stands[k] = one, two, day_of.get(day, NOBODY)
        return stands


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]
