"""Which versions a record of OSV concerns. Records are made here in OSV's own schema (https://ossf.github.io/osv-schema/)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from packaging.version import Version

from ops import osv

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OUTSIDE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def events(**said: str) -> list[dict[str, str]]:
    return [{kind: version} for kind, version in said.items()]


def ranged(*lists: list[dict[str, str]], kind: str = "ECOSYSTEM") -> list[dict[str, Any]]:
    return [{"type": kind, "events": one} for one in lists]


def record(
    name: str = "CVE-2026-1", *, library: str = "thing", days: float = 1, ranges: Any = None, versions: Any = None,
    vector: str = OUTSIDE, ecosystem: str = "PyPI", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    at = (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    affected: dict[str, Any] = {"package": {"ecosystem": ecosystem, "name": library}}
    affected |= {"ranges": ranges} if ranges is not None else {}
    affected |= {"versions": versions} if versions is not None else {}
    severity = [{"type": "CVSS_V3", "score": vector}] if vector else []
    return {
        "schema_version": "1.7.0", "id": name, "modified": NOW.isoformat(), "published": at, "affected": [affected],
        "severity": severity, **more,
    }  # fmt: skip


def concerned(version: str, ranges: Any = None, versions: Any = None) -> bool:
    return osv.match(record(ranges=ranges, versions=versions), "thing", Version(version)) is not None


@pytest.mark.parametrize(
    ("version", "inside"),
    [("1.1", False), ("1.2", True), ("1.2.5", True), ("1.3rc1", True), ("1.3", False), ("1.3.post1", False),
     ("1.10", False), ("1.2.dev1", False), ("1!1.2.1", False)],
)  # fmt: skip
def test_a_range_holds_from_its_beginning_to_before_its_mending_as_pep_440_orders(version: str, inside: bool) -> None:
    assert concerned(version, ranged(events(introduced="1.2", fixed="1.3"))) is inside


@pytest.mark.parametrize(
    ("version", "inside"), [("1.9", True), ("1!0.9", True), ("1!1.0", False), ("1!2.5", True), ("1!3", False)]
)
def test_an_epoch_stands_above_every_release_without(version: str, inside: bool) -> None:
    lists = [*events(introduced="0", fixed="1!1.0"), *events(introduced="1!2", fixed="1!3")]
    assert concerned(version, ranged(lists)) is inside
    assert concerned(version, ranged(list(reversed(lists)))) is inside, "their order in the file says nothing"


@pytest.mark.parametrize(
    ("version", "inside"), [("0.1a1", True), ("2.0", True), ("2.0.1", False), ("2.0+local.1", False)]
)
def test_the_last_one_that_is_affected_is_affected(version: str, inside: bool) -> None:
    assert concerned(version, ranged(events(introduced="0", last_affected="2.0"))) is inside


def test_one_release_alone_is_a_range_too_and_what_was_mended_may_begin_again() -> None:
    alone = ranged(events(introduced="2.0", last_affected="2.0"))
    assert [concerned(one, alone) for one in ("1.9", "2.0", "2.1")] == [False, True, False]
    again = ranged([*events(introduced="1", fixed="2"), *events(introduced="2", fixed="3")])
    assert [concerned(one, again) for one in ("0.9", "1.5", "2", "2.5", "3")] == [False, True, True, True, False]


def test_several_ranges_are_looked_at_each_for_itself() -> None:
    ranges = ranged(events(introduced="4.2", fixed="4.2.9"), events(introduced="5.2", fixed="5.2.3"))
    assert [concerned(one, ranges) for one in ("4.1", "4.2.8", "4.2.9", "5.1", "5.2.2", "5.2.3")] == [
        False, True, False, False, True, False,
    ]  # fmt: skip
    found = osv.match(record(ranges=ranges), "thing", Version("5.2.1"))
    assert found is not None and found.fixed == "5.2.3"
    assert osv.match(record(ranges=ranges), "thing", Version("4.2")).fixed == "4.2.9"  # type: ignore[union-attr]


def test_a_list_of_versions_counts_beside_ranges_however_they_are_written() -> None:
    ranges = ranged(events(introduced="9"))
    assert concerned("1.0", ranges, ["1.0.0", "not a version"]) and not concerned("1.1", ranges, ["1.0.0"])
    assert concerned("1.0rc1", versions=["1.0-RC.1"]) and not concerned("1.0", versions=["1.0-RC.1"])


def test_what_cannot_be_read_is_taken_to_concern_us() -> None:
    assert concerned("1.0", ranged(events(introduced="0", fixed="not-a-version")))
    assert concerned("1.0", ranged(events(introduced="0", fixed="a" * 40), kind="GIT"))
    assert (
        concerned("1.0")
        and concerned("1.0", ranged(events(fixed="2")))
        and not concerned("2", ranged(events(fixed="2")))
    )
    # Its control: commits beside a list of versions say nothing more.
    assert not concerned("1.0", ranged(events(introduced="0"), kind="GIT"), ["0.9"])


def test_a_limit_ends_what_a_range_says() -> None:
    ranges = ranged([*events(introduced="1"), *events(limit="2")])
    assert [concerned(one, ranges) for one in ("1.5", "2.0")] == [True, False]
