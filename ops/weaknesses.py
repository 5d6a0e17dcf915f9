"""`./run weaknesses`: the locked libraries against OSV's database or the package index, by docs/security.md's terms."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

from ops import index, locks, osv, place
from ops.locks import Pin
from ops.say import Trouble, complain, say

# docs/security.md, "Libraries".
FROM_OUTSIDE, PERSONAL, REST = timedelta(days=2), timedelta(days=7), timedelta(days=92)
# An older database would not know what had to be mended by now.
OLDEST = timedelta(days=2)
# The whole of it has tens of thousands; another ecosystem's has none.
FEWEST = 1000
INSTALLED = "base"
# What the index says without a number: not the newest, so its own weaknesses are not told; not to be had any more.
HAS_SUCCESSOR, TAKEN_BACK = "HAS-SUCCESSOR", "TAKEN-BACK"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Weakness:
    """One known weakness of one pinned library, under all its identifiers; `due` is the day it must be mended by."""

    pin: Pin
    ids: tuple[str, ...]
    severity: str
    fixed: str
    published: datetime
    due: datetime


@dataclass(frozen=True)
class Exemption:
    """Why a weakness does not concern us, until a day on which somebody looks again."""

    id: str
    library: str
    reason: str
    until: date


def find(pinned: Iterable[Pin], records: list[osv.Record]) -> list[Weakness]:
    """Every weakness of every pin; records that are aliases of one another are one."""
    known = osv.by_library(records)
    found = []
    for pin in pinned:
        said = (osv.match(record, pin.library, pin.version) for record in known.get(pin.library, ()))
        found += [_weakness(pin, group) for group in _joined([one for one in said if one is not None])]
    return found


def find_in(told: dict[str, index.Told], pinned: Iterable[Pin]) -> list[Weakness]:
    """What the index knows of each pin, and each pin that has a successor or was taken back.

    The index says nothing of what is not the newest, nor since when a weakness is known: it counts from the release.
    """
    return [weak for pin in pinned for weak in _in_index(pin, told[pin.library])]


def _in_index(pin: Pin, told: index.Told) -> list[Weakness]:
    since = told.releases.get(told.newest, LONG_AGO)
    found = []
    for one in told.weak:
        ids = sorted({one["id"], *(one.get("aliases") or ())}, key=_cve_first)
        fixed = max(map(Version, one.get("fixed_in") or ()), default="")
        found.append(Weakness(pin, tuple(ids), "?", str(fixed), since, since + term(pin, [])))
    newer = [version for version in told.releases if version > pin.version and not version.is_prerelease]
    if newer:
        day = told.releases[min(newer)]
        found.append(Weakness(pin, (HAS_SUCCESSOR,), "?", str(told.newest), day, day + REST))
    if pin.version not in told.releases:
        found.append(Weakness(pin, (TAKEN_BACK,), "?", str(told.newest), since, since + term(pin, [])))
    return found


def _cve_first(name: str) -> tuple[bool, str]:
    return not name.startswith("CVE-"), name


def _joined(matches: list[osv.Match]) -> list[list[osv.Match]]:
    groups: list[list[osv.Match]] = []
    for match in matches:
        near = [group for group in groups if any(one.ids & match.ids for one in group)]
        groups = [group for group in groups if group not in near]
        groups.append([match, *(one for group in near for one in group)])
    return groups


def _weakness(pin: Pin, group: list[osv.Match]) -> Weakness:
    published = min(one.published for one in group)
    # Each record names the release that ends it; the last of them ends all. One without an end has none.
    fixes = [Version(one.fixed) for one in group if one.fixed]
    ids = sorted({name for one in group for name in one.ids}, key=_cve_first)
    word = next((one.word for one in group if one.word), "") or next((v for one in group for v in one.vectors), "?")
    frame = term(pin, [vector for one in group for vector in one.vectors])
    return Weakness(pin, tuple(ids), word, str(max(fixes)) if fixes else "", published, published + frame)


def term(pin: Pin, vectors: list[str]) -> timedelta:
    """How soon it must be mended. A weakness nobody measured counts as the worst."""
    if INSTALLED not in pin.locks:
        return REST
    terms = [_measured(vector) for vector in vectors]
    return min(terms, default=FROM_OUTSIDE)


def _measured(vector: str) -> timedelta:
    """By CVSS 2, 3 or 4: from the network without signing in; else whatever reads or changes data; else the rest."""
    parts = dict(part.split(":", 1) for part in vector.split("/") if ":" in part)
    signing_in = parts.get("PR") or parts.get("Au")
    if parts.get("AV") is None or signing_in is None:
        return FROM_OUTSIDE
    if parts["AV"] == "N" and signing_in == "N":
        return FROM_OUTSIDE
    touched = [parts.get(name, "N") for name in ("C", "I", "VC", "VI", "SC", "SI")]
    return PERSONAL if any(one != "N" for one in touched) else REST


def exemptions(path: Path, today: date) -> list[Exemption]:
    """The reviewed file. Raises Trouble for an entry without a reason, or one for longer than three months."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("not-affected", []) if path.exists() else []
    found = []
    for entry in entries:
        one = Exemption(
            str(entry["id"]), canonicalize_name(entry["library"]), " ".join(entry["reason"].split()), entry["until"]
        )
        if len(one.reason.split()) < 5 or not today - timedelta(days=3650) < one.until <= today + REST:
            raise Trouble(
                f"{path.name}, {one.id}: нужни са причина и ден до три месеца напред.",
                f"{path.name}, {one.id}: a reason and a day within three months are needed.",
            )
        found.append(one)
    return found


def exempt(weakness: Weakness, entries: list[Exemption], today: date) -> Exemption | None:
    fitting = (one for one in entries if one.library == weakness.pin.library and one.id in weakness.ids)
    return next((one for one in fitting if one.until >= today), None)


def looked(path: Path = locks.FOLDER / "looked-at.toml") -> list[dict[str, Any]]:
    """When somebody last looked: `date`, `who`, `how`, `found`."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["looked"]
    return [entry for entry in entries if all(entry[name] for name in ("date", "who", "how", "found"))]


def unlooked(today: date) -> str:
    """Why it is time to look again; „“ while somebody has within three months."""
    days = [entry["date"] for entry in looked() if entry["date"] <= today]
    if days and today - max(days) <= REST:
        return ""
    return f"Nobody has looked at the locks for more than {REST.days} days."


def check_age(records: list[osv.Record], now: datetime) -> None:
    """Raises Trouble where the database is too old, too small, or another one."""
    ours = [record for record in records if any(map(osv.name_of, record.get("affected") or ()))]
    if len(ours) < FEWEST:
        raise Trouble(
            f"Само {len(ours)} записа за PyPI.", f"Only {len(ours)} records about PyPI: this is not all of it."
        )
    newest = max(osv.moment(record["modified"]) for record in ours)
    if now - newest > OLDEST:
        raise Trouble(
            f"Базата е от {newest:%d.%m.%Y}: изтеглете нова.", f"The database is of {newest:%d %B %Y}: too old."
        )


def report(source: Path, now: datetime, folder: Path = locks.FOLDER) -> int:
    """By OSV's database; 1 where something is overdue. Raises Trouble for a database or a file that says nothing."""
    records = osv.read(source)
    check_age(records, now)
    pinned = locks.pins(folder)
    return _told(find(pinned, records), pinned, now, folder)


def report_of_index(address: str, now: datetime, folder: Path = locks.FOLDER) -> int:
    """The same by what the index says today. Raises Trouble where it does not answer for each of them."""
    pinned = locks.pins(folder)
    told = index.ask(address, (pin.library for pin in pinned))
    newest = sum(pin.version == told[pin.library].newest for pin in pinned)
    say(f"{newest} от {len(pinned)} са най-новите", f"{newest} of {len(pinned)} are the newest: told of in full")
    return _told(find_in(told, pinned), pinned, now, folder)


def _told(found: list[Weakness], pinned: list[Pin], now: datetime, folder: Path) -> int:
    entries = exemptions(folder / "not-affected.toml", now.date())
    overdue = 0
    used: set[Exemption] = set()
    for weakness in found:
        why = exempt(weakness, entries, now.date())
        late = why is None and weakness.due < now
        overdue += late
        if why is not None:
            used.add(why)
        say(_line(weakness, late, why))
    for entry in set(entries) - used:
        say(f"Изтекло или ненужно: {entry.id} ({entry.library})", "expired or not told of here")
    say(f"{len(pinned)} библиотеки, {overdue} просрочени", f"{len(pinned)} libraries, {overdue} overdue")
    return 1 if overdue else 0


def _line(weakness: Weakness, late: bool, why: Exemption | None) -> str:
    pin, until = weakness.pin, f"{weakness.due:%Y-%m-%d}"
    state = f"not affected until {why.until}: {why.reason}" if why else f"{'OVERDUE since' if late else 'due'} {until}"
    ended = "newest" if {HAS_SUCCESSOR, TAKEN_BACK} & set(weakness.ids) else "fixed in"
    fixed = f"{ended} {weakness.fixed}" if weakness.fixed else "no fix"
    where = "+".join(pin.locks)
    return f"{pin.library} {pin.version} ({where})  {' '.join(weakness.ids)}  {weakness.severity}  {fixed}  {state}"


def main(arguments: list[str]) -> int:
    """`--osv FILE.zip|FOLDER` or `--index ADDRESS`; without, what lies in `VAR_DIR/osv/all.zip`."""
    try:
        match arguments:
            case ["--index", address]:
                return report_of_index(address, datetime.now(UTC))
            case ["--osv", name]:
                source = Path(os.environ.get("DV_CWD") or place.ROOT) / name
            case []:
                source = place.var_dir() / "osv" / "all.zip"
            case _:
                usage = "[--osv FILE.zip | --index https://…]"
                raise Trouble(f"./run weaknesses {usage}", f"./run weaknesses {usage}")
        return report(source, datetime.now(UTC))
    except Trouble as trouble:
        complain(trouble)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
