"""Minutes from a server that speaks OSRM's `/table`, or from our own table when it does not answer."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import ceil, isfinite
from typing import Any

import httpx
from django.conf import settings

from core import outbound
from places import travel
from places.geo import Point
from places.travel import TravelMode

logger = logging.getLogger(__name__)

# OSRM routes no buses: their timetable is not in a road network.
PROFILES = {TravelMode.CAR: "driving", TravelMode.FOOT: "foot"}
# A stock server answers at most 100 coordinates a question.
CHUNK = 50
MAX_BYTES = 2_000_000
# After a failure our table serves this long, so that a dead server does not cost a timeout at every question.
REST_SECONDS = 300.0

Seconds = tuple[tuple[float | None, ...], ...]


class Unanswered(Exception):
    """The server is away, slow, or answers something else than a table."""


class _Rest:
    """Until when the server is left in peace, by this process's own clock."""

    until = 0.0
    told = False


def matrix(points: Sequence[Point], mode: str) -> list[list[int]]:
    """Minutes from every point to every point, diagonal 0. Never fails: our own table stands behind it.

    A pair the server knows no road for is taken from our table too.
    """
    profile = PROFILES.get(TravelMode(mode))
    own = travel.matrix(points, mode)
    if not settings.OSRM_URL or profile is None or len(points) < 2 or time.monotonic() < _Rest.until:
        return own
    try:
        seconds = _seconds(settings.OSRM_URL, settings.OSRM_TIMEOUT_SECONDS, profile, tuple(points))
    except Unanswered as error:
        _Rest.until = time.monotonic() + REST_SECONDS
        if not _Rest.told:
            _Rest.told = True
            logger.warning("Routing server does not answer (%s): minutes come from our own table.", error)
        return own
    fixed = travel.ASSUMED.paces[TravelMode(mode)].fixed_minutes
    for i, j in product(range(len(points)), repeat=2):
        known = seconds[i][j]
        if points[i] != points[j] and known is not None:
            own[i][j] = ceil(known / 60 + fixed - 1e-9)
    return own


def forget() -> None:
    """Drop what was answered and forgive past failures, as a new process would."""
    _seconds.cache_clear()
    _Rest.until, _Rest.told = 0.0, False


@lru_cache(maxsize=16)
def _seconds(url: str, timeout: float, profile: str, points: tuple[Point, ...]) -> Seconds:
    """Seconds between all points, asked in blocks. One deadline for the whole. Raises Unanswered."""
    deadline = time.monotonic() + timeout
    table: list[list[float | None]] = [[None] * len(points) for _ in points]
    starts = range(0, len(points), CHUNK)
    try:
        with outbound.Client(timeout=timeout) as client:
            for row, column in product(starts, starts):
                block = _block(
                    client, url, profile, points[row : row + CHUNK], points[column : column + CHUNK], deadline
                )
                for i, line in enumerate(block):
                    table[row + i][column : column + len(line)] = line
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unanswered(type(error).__name__) from error
    return tuple(tuple(line) for line in table)


def _block(
    client: outbound.Client,
    url: str,
    profile: str,
    sources: Sequence[Point],
    targets: Sequence[Point],
    deadline: float,
) -> list[list[float | None]]:
    # OSRM writes longitude first.
    where = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in (*sources, *targets))
    query = {
        "annotations": "duration",
        "sources": ";".join(str(i) for i in range(len(sources))),
        "destinations": ";".join(str(len(sources) + i) for i in range(len(targets))),
    }
    with client.stream("GET", f"{url.rstrip('/')}/table/v1/{profile}/{where}", params=query) as response:
        if response.status_code != 200:
            raise Unanswered(f"HTTP {response.status_code}")
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_BYTES:
                raise Unanswered("answer too large")
            if time.monotonic() > deadline:
                raise Unanswered("too slow")
    return _read(bytes(body), rows=len(sources), columns=len(targets))


def _read(body: bytes, *, rows: int, columns: int) -> list[list[float | None]]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise Unanswered("not JSON") from error
    durations = answer.get("durations") if isinstance(answer, dict) and answer.get("code") == "Ok" else None
    if not isinstance(durations, list) or len(durations) != rows:
        raise Unanswered("no table")
    for line in durations:
        if not isinstance(line, list) or len(line) != columns or not all(map(_plausible, line)):
            raise Unanswered("no table")
    return durations


def _plausible(value: Any) -> bool:
    """Seconds of at most a day, or null where there is no road."""
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and 0 <= value <= 86_400
