"""Maps without tiles: villages as dots, threads between neighbours, the road as a red running stitch.

Pure drawing: places with degrees in, SVG out, drawn for the width in pixels it is shown at (texts 15 px).
A list or table beside the map says the same; the attribution of the coordinates stands under it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, dist, radians, sqrt

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.labels import Box, Label, Paper, place_labels

KM_PER_DEGREE = 111.2  # of latitude
MERGED_BELOW = 30.0  # px between stops that share one diamond
MOST_LABELS = 8
DIAMOND = 15.0  # px from the middle to a corner
BIGGEST_BUBBLE = 20.0  # px radius
MOST_ZOOM = 26.0  # px a kilometre, for a road between near neighbours
EDGE_X, EDGE_Y = 54.0, 34.0  # px kept free around what must be seen

Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A settlement: `lat`, `lon` in degrees; off the way the heaviest `weight` is named first."""

    key: str
    name: str
    lat: float
    lon: float
    weight: float = 0.0


@dataclass(frozen=True)
class _Stop:
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    at: Point

    @property
    def text(self) -> str:
        return ", ".join(str(number) for number in self.numbers)

    @property
    def half(self) -> float:
        """Half of the diamond's width: it grows with its numbers."""
        return DIAMOND + max(0, len(self.text) - 2) * 4.5


def _kilometres(places: Sequence[Place]) -> dict[str, Point]:
    middle = sum(place.lat for place in places) / len(places)
    across = KM_PER_DEGREE * cos(radians(middle))
    return {place.key: (place.lon * across, -place.lat * KM_PER_DEGREE) for place in places}


def _project(places: Sequence[Place], seen: Sequence[str], width: int) -> tuple[dict[str, Point], int]:
    """Places on the paper so that those of `seen` fit, and its height (0.45 to 1 of the width)."""
    flat = _kilometres(places)
    xs, ys = [flat[key][0] for key in seen], [flat[key][1] for key in seen]
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((width - 2 * EDGE_X) / wide if wide else MOST_ZOOM, MOST_ZOOM)
    if tall:
        scale = min(scale, (width - 2 * EDGE_Y) / tall)
    height = round(max(0.45 * width, tall * scale + 2 * EDGE_Y))
    left = width / 2 - (max(xs) + min(xs)) / 2 * scale
    up = height / 2 - (max(ys) + min(ys)) / 2 * scale
    return {key: (left + x * scale, up + y * scale) for key, (x, y) in flat.items()}, height


def neighbours(points: Mapping[str, Point]) -> list[tuple[str, str]]:
    """Pairs with nobody in the circle between them (a Gabriel graph)."""

    def square(one: Point, two: Point) -> float:
        return (one[0] - two[0]) ** 2 + (one[1] - two[1]) ** 2

    pairs = []
    for a, b in combinations(points, 2):
        whole = square(points[a], points[b])
        others = (point for key, point in points.items() if key not in (a, b))
        if all(square(points[a], c) + square(points[b], c) >= whole for c in others):
            pairs.append((a, b))
    return pairs


def _xy(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _circle(point: Point, radius: float, css: str) -> SafeString:
    circle = '<circle class="{}" cx="{}" cy="{}" r="{}"/>'
    return format_html(circle, css, f"{point[0]:.1f}", f"{point[1]:.1f}", f"{radius:g}")


def _web(points: Mapping[str, Point]) -> SafeString:
    threads = "".join(f"M{_xy(points[a])}L{_xy(points[b])}" for a, b in neighbours(points))
    return format_html('<path class="web" d="{}"/>', threads)


def _svg(parts: Sequence[SafeString], width: int, height: int, label: str) -> SafeString:
    body = mark_safe("".join(parts))  # noqa: S308 - every part was made by format_html  # nosec
    frame = '<svg class="map" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(frame, width, height, label, body)


def merge_stops(keys: Sequence[str], names: Mapping[str, str], points: Mapping[str, Point]) -> list[_Stop]:
    """Stops in their order, numbered from 1; those nearer than 30 px to an earlier one share its diamond."""
    stops: list[_Stop] = []
    for number, key in enumerate(keys, start=1):
        here = points[key]
        for index, stop in enumerate(stops):
            if dist(stop.at, here) < MERGED_BELOW:
                named = stop.names if names[key] in stop.names else (*stop.names, names[key])
                stops[index] = _Stop((*stop.numbers, number), named, stop.at)
                break
        else:
            stops.append(_Stop((number,), (names[key],), here))
    return stops


def _bow(one: Point, two: Point, bend: float) -> Point:
    """The control point of a stretch bent to one side by a share of its length."""
    return ((one[0] + two[0]) / 2 + (one[1] - two[1]) * bend, (one[1] + two[1]) / 2 + (two[0] - one[0]) * bend)


def _outwards(way: Sequence[Point]) -> float:
    """The bend that leads out of the round: by the side its inside lies on."""
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*way, way[0]]))
    return -0.14 if area > 0 else 0.14


def _along(one: Point, control: Point, two: Point) -> list[Point]:
    """Points of a bent stretch, for keeping names off the road."""
    found = []
    for part in range(1, 24):
        t = part / 24
        weights = ((1 - t) ** 2, 2 * t * (1 - t), t * t)
        found.append(
            (
                sum(w * p[0] for w, p in zip(weights, (one, control, two), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (one, control, two), strict=True)),
            )
        )
    return found


def _road(way: Sequence[Point]) -> tuple[SafeString, list[Point]]:
    bend = _outwards(way)
    path, passed = f"M{_xy(way[0])}", []
    for one, two in pairwise(way):
        if one == two:
            continue
        control = _bow(one, two, bend)
        path += f"Q{_xy(control)} {_xy(two)}"
        passed += _along(one, control, two)
    return format_html('<path class="route" d="{}"/>', path), passed


def _diamond(stop: _Stop) -> SafeString:
    (x, y), half = stop.at, stop.half
    corners = f"M{x:.1f} {y - DIAMOND:.1f}L{x + half:.1f} {y:.1f}L{x:.1f} {y + DIAMOND:.1f}L{x - half:.1f} {y:.1f}z"
    shape = '<path class="stop" d="{}"/><text class="in-stop" x="{}" y="{}">{}</text>'
    return format_html(shape, corners, f"{x:.1f}", f"{y + 5:.1f}", stop.text)


def route_map(
    places: Sequence[Place],
    stops: Sequence[str],
    *,
    start: str,
    label: str,
    width: int = 328,
    back: bool = True,
) -> SafeString:
    """The round from `start` over `stops` (keys of places, in order), and home again when `back`.

    KeyError when a stop or the start is not among the places.
    """
    points, height = _project(places, [start, *stops], width)
    names = {place.key: place.name for place in places}
    merged = merge_stops(stops, names, points)
    way = [points[start], *(stop.at for stop in merged)]
    if back and len(merged) > 1:
        way.append(points[start])
    road, passed = _road(way)
    plain = [place for place in places if place.key != start and place.key not in stops]
    seen = [p for p in plain if 0 <= points[p.key][0] <= width and 0 <= points[p.key][1] <= height]
    at_start = any(points[start] == stop.at for stop in merged)
    wanted = [] if at_start else [Label(names[start], points[start], 7, bold=True, must=True)]
    wanted += [Label(", ".join(s.names), s.at, s.half, bold=True, must=True) for s in merged]
    near = sorted(seen, key=lambda p: (-p.weight, min(dist(points[p.key], s) for s in way)))
    wanted += [Label(place.name, points[place.key], 4) for place in near]
    marks = [Box.around(points[start], 8, 8), *(Box.around(s.at, s.half, DIAMOND) for s in merged)]
    marks += [Box.around(points[place.key], 3, 3) for place in seen]
    parts = [_web(points), *(_circle(points[place.key], 3, "vil") for place in seen), road]
    parts.append(_circle(points[start], 7, "town"))
    parts += place_labels(wanted, Paper(marks, passed, (width, height)), most=MOST_LABELS)
    parts += [_diamond(stop) for stop in merged]
    return _svg(parts, width, height, label)


def bubble_map(places: Sequence[Place], amounts: Mapping[str, float], *, label: str, width: int = 560) -> SafeString:
    """Amounts as areas of circles; places without one (none, or too few to show) stay small dots."""
    points, height = _project(places, [place.key for place in places], width)
    most = max(amounts.values(), default=0) or 1
    radius = {p.key: max(4.0, BIGGEST_BUBBLE * sqrt(max(0, amounts.get(p.key, 0)) / most)) for p in places}
    filled = sorted((p for p in places if amounts.get(p.key, 0) > 0), key=lambda p: -amounts[p.key])
    empty = [place for place in places if amounts.get(place.key, 0) <= 0]
    parts = [_web(points), *(_circle(points[place.key], 3, "vil") for place in empty)]
    parts += [_circle(points[place.key], round(radius[place.key], 1), "bubble") for place in filled]
    wanted = [Label(place.name, points[place.key], radius[place.key], must=not i) for i, place in enumerate(filled)]
    marks = [Box.around(points[place.key], radius[place.key], radius[place.key]) for place in filled]
    marks += [Box.around(points[place.key], 3, 3) for place in empty]
    parts += place_labels(wanted, Paper(marks, [], (width, height)), most=MOST_LABELS)
    return _svg(parts, width, height, label)
