"""What the package index says of a library today: its releases, and known weaknesses of the newest one.

Of its JSON interface, `ADDRESS/<library>/json`. It tells the weaknesses of the newest release alone, and not since when
they are known. Needs `httpx` and `packaging`, so it runs in the application's environment.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from packaging.version import InvalidVersion, Version

from ops.osv import moment
from ops.say import Trouble

AT_ONCE, SECONDS = 8, 30


@dataclass(frozen=True)
class Told:
    """`releases`: what may be installed, with its day; `weak`: what is known of the newest, in the index's words."""

    newest: Version
    releases: dict[Version, datetime]
    weak: list[dict[str, Any]]


def ask(address: str, libraries: Iterable[str]) -> dict[str, Told]:
    """By library. Raises Trouble where one of them is not answered for: half an answer would look like good news."""
    if not address.startswith(("https://", "http://")):
        raise Trouble(f"„{address}“ не е адрес.", f"{address!r} is no address: it begins with https://")
    names = sorted(set(libraries))
    with httpx.Client(timeout=SECONDS, follow_redirects=True) as client, ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(zip(names, threads.map(lambda name: _one(client, address.rstrip("/"), name), names), strict=True))


def _one(client: httpx.Client, address: str, library: str) -> Told:
    try:
        answer = client.get(f"{address}/{library}/json")
        answer.raise_for_status()
        said = answer.json()
        weak = [dict(one) for one in said["vulnerabilities"] if not one.get("withdrawn")]
        if not all(one["id"] for one in weak):
            raise ValueError("a weakness without a name")
        return Told(Version(said["info"]["version"]), _releases(said["releases"]), weak)
    except (httpx.HTTPError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Trouble(
            f"{library}: каталогът на библиотеките не отговори, както трябва.",
            f"{library}: the package index did not answer as it should.", f"{type(error).__name__}: {error}",
        ) from None  # fmt: skip


def _releases(said: dict[str, list[dict[str, Any]]]) -> dict[Version, datetime]:
    found = {}
    for name, files in said.items():
        days = [moment(file["upload_time_iso_8601"]) for file in files if not file.get("yanked")]
        try:
            version = Version(name)
        except InvalidVersion:
            continue
        if days:
            found[version] = min(days)
    return found
