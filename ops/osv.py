"""OSV's database of known weaknesses, as its publisher offers it for download: which records concern a version.

The schema: https://ossf.github.io/osv-schema/. Versions are compared as PEP 440 orders them, names as PEP 503 writes
them. Needs `packaging`, so it runs in the application's environment.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from ops.say import Trouble

Record = dict[str, Any]
ECOSYSTEM = "PyPI"
# Ranges whose events are versions; those of GIT are commits, which no lock names.
ORDERED = ("ECOSYSTEM", "SEMVER")
EVENTS = ("fixed", "introduced", "last_affected")


@dataclass(frozen=True)
class Match:
    """One record that concerns one version of a library. `fixed` is the first release without it, „“ where none is."""

    ids: frozenset[str]
    published: datetime
    vectors: tuple[str, ...]
    word: str
    summary: str
    fixed: str


def read(source: Path) -> list[Record]:
    """Every record of a zip or a folder of JSON files. Raises Trouble where one of them is none."""
    found = []
    try:
        for name, raw in _files(source):
            record = json.loads(raw)
            if not _is_one(record):
                raise ValueError(name)
            found.append(record)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise Trouble(
            f"Това не е базата на OSV: {source}.", f"This is not OSV's database: {source}.", str(error)
        ) from None
    return found


def _is_one(found: Any) -> bool:
    """It has a name, and its days can be read: in a copy of one source they stood as numbers of seconds."""
    try:
        days = (found["modified"], found.get("published") or found["modified"])
        return bool(found["id"]) and all(moment(day) for day in days)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        for path in sorted(source.rglob("*.json")):
            yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(source) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield name, archive.read(name)


def moment(text: str) -> datetime:
    """A moment of a record (RFC 3339, in UTC)."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def by_library(records: list[Record]) -> dict[str, list[Record]]:
    """Name of a library as PEP 503 writes it → its records. What was withdrawn is left out."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.get("withdrawn"):
            continue
        for name in {name for affected in record.get("affected") or () if (name := name_of(affected))}:
            found.setdefault(name, []).append(record)
    return found


def name_of(affected: Record) -> str:
    """The library as PEP 503 writes it; „“ where it is not one of PyPI."""
    package = affected.get("package") or {}
    # `PyPI:…` would name another index of the same kind.
    if str(package.get("ecosystem", "")).partition(":")[0] != ECOSYSTEM:
        return ""
    return canonicalize_name(str(package.get("name", "")))


def match(record: Record, library: str, version: Version) -> Match | None:
    """Whether this record concerns this version, and what there is to say of it."""
    hits = [one for one in record["affected"] if name_of(one) == library and concerns(one, version)]
    if not hits:
        return None
    severities = [*(record.get("severity") or ()), *(one for hit in hits for one in hit.get("severity") or ())]
    said = [record.get("database_specific") or {}, *(hit.get("ecosystem_specific") or {} for hit in hits)]
    return Match(
        ids=frozenset([record["id"], *(record.get("aliases") or ())]),
        published=moment(record.get("published") or record["modified"]),
        vectors=tuple(str(one.get("score", "")) for one in severities),
        word=next((str(one["severity"]).upper() for one in said if isinstance(one.get("severity"), str)), ""),
        summary=str(record.get("summary") or ""),
        fixed=_fixed(hits, version),
    )


def concerns(affected: Record, version: Version) -> bool:
    """Whether a version stands in the list or in a range. What cannot be read is taken to concern it."""
    versions, ranges = affected.get("versions") or [], affected.get("ranges") or []
    if any(_same(str(one), version) for one in versions):
        return True
    ordered = [one for one in ranges if one.get("type") in ORDERED]
    if not ordered and not versions:
        return True  # it names no version that we could compare
    try:
        return any(_within(one.get("events") or [], version) for one in ordered)
    except InvalidVersion:
        return True


def _same(text: str, version: Version) -> bool:
    try:
        return Version(text) == version
    except InvalidVersion:
        return text == str(version)


def _within(events: list[dict[str, str]], version: Version) -> bool:
    """The schema's own way: in the order of versions, each event switches."""
    limits = [one["limit"] for one in events if "limit" in one]
    if limits and not any(limit == "*" or version < Version(limit) for limit in limits):
        return False
    steps = [(kind, at) for one in events for kind, at in one.items() if kind in EVENTS]
    inside = all(kind != "introduced" for kind, _at in steps)
    for kind, at in sorted(steps, key=_order):
        if kind == "introduced" and (at == "0" or version >= Version(at)):
            inside = True
        elif (kind == "fixed" and version >= Version(at)) or (kind == "last_affected" and version > Version(at)):
            inside = False
    return inside


def _order(step: tuple[str, str]) -> tuple[bool, Version, int]:
    """By version; „0“ stands before every release. Where two meet, what was mended there may begin there again."""
    kind, at = step
    first = kind == "introduced" and at == "0"
    return not first, Version(at), EVENTS.index(kind)


def _fixed(hits: list[Record], version: Version) -> str:
    found = []
    for hit in hits:
        for events in (one.get("events") or [] for one in hit.get("ranges") or () if one.get("type") in ORDERED):
            for text in (one["fixed"] for one in events if "fixed" in one):
                try:
                    found.append(Version(text))
                except InvalidVersion:
                    continue
    later = [one for one in found if one > version]
    return str(min(later)) if later else ""
