"""Names on a map: a greedy choice of places where they neither touch each other nor cover what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist

from django.utils.html import format_html
from django.utils.safestring import SafeString

# px, the mean width of a letter at 15 px in the widest usual face (DejaVu Sans): narrower ones fit too.
LETTER, BOLD_LETTER = 9.3, 10.4
TALL = 16.0  # px, the box of a line of text
GAP = 6.0  # px between a mark and its name
NEVER = 1000.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, middle: Point, wide: float, tall: float) -> Box:
        return cls(middle[0] - wide, middle[1] - tall, middle[0] + wide, middle[1] + tall)

    def touches(self, other: Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def wider(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @property
    def middle(self) -> Point:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True)
class Label:
    """`around` px of the mark it names stay free; a `must` is placed even where it is tight."""

    text: str
    at: Point
    around: float
    bold: bool = False
    must: bool = False


@dataclass(frozen=True)
class Placed:
    label: Label
    x: float
    y: float
    anchor: str
    box: Box


def _candidates(label: Label) -> list[Placed]:
    """Right, left, above, below, then the four corners."""
    (x, y), wide = label.at, len(label.text) * (BOLD_LETTER if label.bold else LETTER)
    out, tall = label.around + GAP, min(label.around, 15.0) + GAP
    slant = label.around * 0.7 + GAP
    spots = [
        ("", x + out, y),
        ("end", x - out, y),
        ("mid", x, y - tall - TALL / 2),
        ("mid", x, y + tall + TALL / 2),
        ("", x + slant, y - slant - 2),
        ("end", x - slant, y - slant - 2),
        ("", x + slant, y + slant + 2),
        ("end", x - slant, y + slant + 2),
    ]
    found = []
    for anchor, sx, sy in spots:
        # As it is drawn, to a tenth: names that end where others begin may not touch by rounding.
        sx, sy = round(sx, 1), round(sy, 1)
        left = {"": sx, "end": sx - wide, "mid": sx - wide / 2}[anchor]
        found.append(Placed(label, sx, sy + 5, anchor, Box(left, sy - TALL / 2, left + wide, sy + TALL / 2)))
    return found


@dataclass(frozen=True)
class Paper:
    """What names must keep off: marks, points of the road, the edges (`size` in px)."""

    marks: Sequence[Box]
    road: Sequence[Point]
    size: Point

    def cost(self, spot: Placed, others: Sequence[Placed]) -> float:
        """0 is free. Off the paper or on another name is worst; on a mark bad; near one or on the road not nice."""
        box, (wide, tall) = spot.box, self.size
        off = box.left < 1 or box.top < 1 or box.right > wide - 1 or box.bottom > tall - 1
        cost = NEVER * off + sum(NEVER for other in others if box.touches(other.box))
        for mark in self.marks:
            if box.touches(mark):
                cost += 40
            elif box.wider(8).touches(mark) and dist(mark.middle, spot.label.at) > 1:
                cost += 4
        return cost + 3 * sum(box.holds(point) for point in self.road)

    def best(self, label: Label, others: Sequence[Placed]) -> tuple[float, Placed]:
        spots = [(self.cost(spot, others), spot) for spot in _candidates(label)]
        return min(spots, key=lambda pair: pair[0])


def choose(wanted: Sequence[Label], paper: Paper, most: int) -> list[Placed]:
    """At most `most` names, in the order wanted; the ones that are no `must` only where it costs nothing.

    What must be named is placed first and then moved once more, knowing the others.
    """
    musts = [label for label in wanted if label.must][:most]
    placed: list[Placed] = []
    for label in musts:
        placed.append(paper.best(label, placed)[1])
    for _ in range(3):
        for index, spot in enumerate(placed):
            placed[index] = paper.best(spot.label, placed[:index] + placed[index + 1 :])[1]
    # Two names over each other help nobody, whoever they are.
    kept: list[Placed] = []
    for spot in placed:
        if paper.cost(spot, kept) < NEVER:
            kept.append(spot)
    for label in wanted:
        if len(kept) < most and not label.must:
            cost, spot = paper.best(label, kept)
            if cost == 0:
                kept.append(spot)
    return kept


def place_labels(wanted: Sequence[Label], paper: Paper, *, most: int) -> list[SafeString]:
    parts = []
    for spot in choose(wanted, paper, most):
        css = " ".join(filter(None, [spot.anchor, "to" if spot.label.bold else ""]))
        kind = format_html(' class="{}"', css) if css else ""
        x, y = f"{spot.x:.1f}", f"{spot.y:.1f}"
        parts.append(format_html('<text{} x="{}" y="{}">{}</text>', kind, x, y, spot.label.text))
    return parts
