"""Makes the list that passwords are checked against, from any plain list of passwords, one a line.

However long that is: it is hashed and sorted in pieces that fit in memory, and the pieces are merged on the disk. A
piece is a file of sorted lines, `HASH` `+` or `-` `:how often`; `+` where all else in our policy lets it through.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.passwords import HEX, NEEDED, is_a_telephone, is_counting, sha1

# As AUTH_PASSWORD_VALIDATORS and the forms have it.
SHORTEST, LONGEST = 12, 200
# Different passwords held in memory, about 50 MB; and pieces that are open at once.
IN_MEMORY, AT_ONCE = 250_000, 64
ROW = HEX + 1


class TooFew(Exception):
    """The list would say no to next to nobody: fewer than NEEDED of its passwords match the policy."""


@dataclass
class Made:
    """How many passwords: read, no UTF-8 and left out, different ones, and of those that match the policy."""

    lines: int = 0
    unreadable: int = 0
    different: int = 0
    match: int = 0


@dataclass
class _Pieces:
    folder: Path
    paths: list[Path] = field(default_factory=list)
    written: int = 0

    def add(self, rows: Iterable[bytes]) -> None:
        """Write one more; so many that not all can be open at once are made one first."""
        self.written += 1
        path = self.folder / str(self.written)
        with path.open("wb") as out:
            out.writelines(rows)
        self.paths.append(path)
        if len(self.paths) >= AT_ONCE:
            old, self.paths = self.paths, []
            self.add(_merged(old))
            for one in old:
                one.unlink()


def matches(password: str) -> bool:
    """Whether all else in our policy would let it through; the names of the places served are left aside."""
    return SHORTEST <= len(password) <= LONGEST and not is_counting(password) and not is_a_telephone(password)


def make(words: Path, out: Path) -> Made:
    """Write the list of `words` to `out`, which appears whole or not at all.

    Raises TooFew, and OSError where one cannot be read, or the other exists or cannot be written.
    """
    made = Made()
    with TemporaryDirectory(prefix=".leaked-", dir=out.parent) as name:
        pieces = _Pieces(Path(name))
        for counted in _counted(words, made):
            pieces.add(b"%b:%d\n" % row for row in sorted(counted.items()))
        whole = Path(name) / "whole"
        with whole.open("wb") as lines:
            for row in _merged(pieces.paths):
                made.different += 1
                made.match += row[HEX:ROW] == b"+"
                lines.write(row[:HEX] + row[ROW:])
        if made.match < NEEDED:
            raise TooFew(made.match)
        # Unlike a rename, a link takes the place of nothing that is there.
        os.link(whole, out)
    return made


def _counted(words: Path, made: Made) -> Iterator[Counter[bytes]]:
    """Pieces of the list, each as `HASH` and its mark → how often."""
    counted: Counter[bytes] = Counter()
    with words.open("rb") as lines:
        for line in lines:
            typed = line.rstrip(b"\r\n")
            if not typed:
                continue
            made.lines += 1
            try:
                mark = b"+" if matches(typed.decode()) else b"-"
            except UnicodeDecodeError:
                made.unreadable += 1
                continue
            counted[sha1(typed) + mark] += 1
            if len(counted) >= IN_MEMORY:
                yield counted
                counted = Counter()
    yield counted


def _merged(paths: Iterable[Path]) -> Iterator[bytes]:
    """The rows of all pieces in their order, each once, with how often it stands in all of them."""
    with ExitStack() as opened:
        files = [opened.enter_context(path.open("rb")) for path in paths]
        for row, same in groupby(merge(*files), key=lambda line: line[:ROW]):
            often = sum(int(line[ROW + 1 :]) for line in same)
            yield b"%b:%d\n" % (row, often)
