"""Charts drawn on the server as SVG with classes only: the content security policy allows no inline styles.

Widths and heights are the pixels the chart is shown at; texts are 15 px there. Bars and lines start at 0. The
words of `label` tell a screen reader the whole finding; a table beside the chart holds the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.labels import BOLD_LETTER, LETTER
from core.templatetags.dv import number

LINE = 18.0  # px between the middles of two texts under each other
# Tops of the scale whose half is also easy to read.
TOPS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Bar:
    """`outlined`: promised or not complete yet. `text` stands on the bar instead of the value."""

    label: str
    value: float
    outlined: bool = False
    text: str = ""


@dataclass(frozen=True)
class Line:
    """`values` go with the chart's labels; None leaves a gap. The first line is solid, the others dotted."""

    label: str
    values: Sequence[float | None]


def top_of(most: float) -> float:
    """The end of a scale that begins at 0 and holds `most`: at least 1."""
    unit = 1.0
    while most > 10 * unit:
        unit *= 10
    return next(top * unit for top in TOPS if top * unit >= most)


def _text(x: float, y: float, words: object, css: str = "") -> SafeString:
    kind = format_html(' class="{}"', css) if css else ""
    return format_html('<text{} x="{}" y="{}">{}</text>', kind, f"{x:.1f}", f"{y:.1f}", words)


def _axis(x1: float, x2: float, y: float) -> SafeString:
    return format_html('<path class="ax" d="M{} {}H{}"/>', f"{x1:.0f}", f"{y:.1f}", f"{x2:.0f}")


def _svg(parts: list[SafeString], width: float, height: float, label: str) -> SafeString:
    body = mark_safe("".join(parts))  # noqa: S308 - every part was made by format_html  # nosec
    frame = '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(frame, f"{width:.0f}", f"{height:.0f}", label, body)


def _shown(labels: Sequence[str], room: float) -> set[int]:
    """Which of the labels under an axis fit: every one, or every second, third… and always the last."""
    if not labels:
        return set()
    widest = max(len(label) for label in labels) * LETTER + 6
    step = max(1, -int(-widest // room)) if room > 0 else len(labels)
    last = len(labels) - 1
    return {index for index in range(last + 1) if (last - index) % step == 0}


def bars(items: Sequence[Bar], *, label: str, width: int = 600, height: int = 210) -> SafeString:
    """Standing bars with their values on top."""
    base = height - 24.5
    parts = [_axis(0, width, base)]
    slot = width / max(1, len(items))
    most = max((item.value for item in items), default=0) or 1
    shown = _shown([item.label for item in items], slot)
    wide = max((len(item.text or number(item.value)) for item in items), default=0) * BOLD_LETTER
    for index, item in enumerate(items):
        x, tall = index * slot, (base - 24) * max(0.0, item.value) / most
        middle = x + slot / 2
        if item.value > 0:
            rect = '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
            kind = "fillo" if item.outlined else "fillg"
            box = (f"{n:.1f}" for n in (x + slot * 0.14, base - tall, slot * 0.72, tall))
            parts.append(format_html(rect, kind, *box))
        if wide <= slot or item.value == most or index == len(items) - 1:
            parts.append(_text(middle, base - tall - 6, item.text or number(item.value), "mid lab"))
        if index in shown:
            parts.append(_text(middle, height - 6, item.label, "mid"))
    return _svg(parts, width, height, label)


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken stretches of a line with gaps."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def _drawn(points: Sequence[tuple[float, float] | None], css: str) -> list[SafeString]:
    parts = []
    for run in _runs(points):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        if len(run) == 1:
            x, y = run[0]
            parts.append(format_html('<circle class="fillg" cx="{}" cy="{}" r="3"/>', f"{x:.1f}", f"{y:.1f}"))
        else:
            parts.append(format_html('<path class="{}" d="M{}"/>', css, path))
    return parts


def _apart(heights: list[float], low: float, high: float) -> list[float]:
    """The same heights moved so far apart that texts at them do not touch, inside [low, high]."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = dict(enumerate(heights))
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LINE)
    over = max(0.0, placed[order[-1]] - high) if order else 0.0
    return [max(low, placed[index] - over) for index in range(len(heights))]


def lines(
    labels: Sequence[str], series: Sequence[Line], *, label: str, width: int = 600, height: int = 210
) -> SafeString:
    """Lines over the same labels, named at their ends; grid lines at 0, the half and the top."""
    values = [value for line in series for value in line.values if value is not None]
    top = top_of(max(values, default=1))
    base, head = height - 28.0, 12.0
    # Room for the figures of the scale, and for the left half of the first label under it.
    first = len(labels[0]) * LETTER / 2 if labels else 0
    left = max(max(len(number(tick)) for tick in (top, top / 2)) * LETTER + 8, first)
    right = width - max((len(line.label) for line in series), default=0) * BOLD_LETTER - 16
    step = (right - left) / max(1, len(labels) - 1)

    def at(index: int, value: float) -> tuple[float, float]:
        return left + index * step, base - (base - head) * value / top

    parts: list[SafeString] = []
    for tick in (0.0, top / 2, top):
        y = at(0, tick)[1]
        parts += [_axis(left, right, y), _text(left - 8, y + 5, number(tick), "end")]
    shown = _shown(labels, step)
    parts += [_text(at(i, 0)[0], height - 6, words, "mid") for i, words in enumerate(labels) if i in shown]
    ends: list[tuple[Line, tuple[float, float]]] = []
    for order, line in enumerate(series):
        points = [None if value is None else at(i, value) for i, value in enumerate(line.values)]
        parts += _drawn(points, "ln two" if order else "ln")
        known = [point for point in points if point is not None]
        if known:
            ends.append((line, known[-1]))
    heights = _apart([point[1] for _, point in ends], head, base)
    for order, ((line, (x, y)), placed) in enumerate(zip(ends, heights, strict=True)):
        if not order:
            parts.append(format_html('<circle class="fillg" cx="{}" cy="{}" r="5"/>', f"{x:.1f}", f"{y:.1f}"))
        parts.append(_text(x + 11, placed + 5, line.label, "" if order else "lab"))
    return _svg(parts, width, height, label)


def mini(done: float, asked: float, *, most: float) -> SafeString:
    """For a row: solid `done` inside outlined `asked`, on a scale all rows share. The row itself speaks."""
    scale = 158 / most if most > 0 else 0
    outer, inner = max(0.0, min(asked, most)) * scale, max(0.0, min(done, most)) * scale
    frame = (
        '<svg class="mini" viewBox="0 0 160 16" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fillo" x=".75" y="1.75" width="{}" height="12.5" rx="2"/>'
        '<rect class="fillg" y="1" width="{}" height="14" rx="2"/></svg>'
    )
    return format_html(frame, f"{outer:.0f}", f"{inner:.0f}")


def progress(done: float, promised: float, waiting: float, *, label: str, width: int = 300) -> SafeString:
    """One bar of three: done solid, promised outlined, waiting a red running stitch."""
    total = done + promised + waiting or 1
    first, second = done / total * width, promised / total * width
    parts = []
    if done:
        bar = '<rect class="fillg" y="5" width="{}" height="20" rx="2"/>'
        parts.append(format_html(bar, f"{max(1.0, first - 1):.1f}"))
    if promised:
        bar = '<rect class="fillo" x="{}" y="5.75" width="{}" height="18.5" rx="2"/>'
        parts.append(format_html(bar, f"{first + 0.75:.1f}", f"{max(1.0, second - 2):.1f}"))
    if waiting:
        stitch = '<path class="redl" d="M{} 15H{}" stroke-dasharray="4 4"/>'
        parts.append(format_html(stitch, f"{first + second + 2:.1f}", width))
    return _svg(parts, width, 30, label)
