"""The journal cannot be rewritten by the application, and whoever rewrites it behind its back is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from requests.models import JournalAnchor, JournalEntry, JournalLink
from requests.selectors import chain
from requests.services import anchoring, answers, lifecycle, purging
from requests.services.actors import BEAT
from tests import factories as make
from tests.services.emptying import GUARDED

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NIGHT = make.NOW + timedelta(hours=18)
CHANGES = {
    "requests_journalentry": "verb = 'nothing'",
    "requests_journalanchor": "digest = 'nothing'",
    "requests_journallink": "digest = 'nothing'",
}


@pytest.fixture
def two_nights() -> list[JournalEntry]:
    """A request taken and offered on the first day, accepted after its night; another one beside it."""
    ivanka, row = make.volunteer(), make.help_request()
    make.help_request(make.resident("Стоян"))
    (offer,) = make.offer(row, ivanka)
    assert anchoring.anchor(now=NIGHT)
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert anchoring.anchor(now=NIGHT + timedelta(days=1))
    return list(JournalEntry.objects.filter(help_request_id=row.pk).order_by("pk"))


@contextmanager
def as_runtime_role() -> Iterator[None]:
    """PostgreSQL: more rights than `dv_app` has, and still not the owner. SQLite knows no roles."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE dv_trust_test NOSUPERUSER")
        cursor.execute("GRANT USAGE ON SCHEMA public TO dv_trust_test")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO dv_trust_test")
        # TRUNCATE is refused anyway while checks of this transaction are pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE dv_trust_test")
        yield
        cursor.execute("RESET ROLE")


@contextmanager
def behind_its_back() -> Iterator[Callable[[str], None]]:
    """As the owner of the database: the guard is taken away, and put back when it is done."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        before, after = _aside(connection, cursor)
        for statement in before:
            cursor.execute(statement)
        yield cursor.execute
        for statement in after:
            cursor.execute(statement)


def _aside(connection: Any, cursor: Any) -> tuple[list[str], list[str]]:
    """Statements that take the guard away and put it back."""
    if connection.vendor == "postgresql":
        told = [[f"ALTER TABLE {table} {word} TRIGGER USER" for table in GUARDED] for word in ("DISABLE", "ENABLE")]
        return told[0], told[1]
    names = ", ".join(["%s"] * len(GUARDED))
    cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})", GUARDED)
    triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _sql in triggers], [sql for _name, sql in triggers]


def statements() -> list[str]:
    told = [f"UPDATE {table} SET {change}" for table, change in CHANGES.items()]
    return told + [f"DELETE FROM {table}" for table in CHANGES]


def kinds() -> set[str]:
    return {fault.kind for fault in chain.check(NIGHT + timedelta(days=2)).faults}


def refuse(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_application_changes_and_removes_nothing(two_nights: list[JournalEntry]) -> None:
    assert list(CHANGES) == GUARDED
    with as_runtime_role():
        for statement in statements():
            refuse(statement)
    assert kinds() == set()
    assert JournalLink.objects.count() == 3


@pytest.mark.postgres
def test_and_empties_no_table(two_nights: list[JournalEntry]) -> None:
    with as_runtime_role():
        for table in GUARDED:
            refuse(f"TRUNCATE {table} CASCADE")


def test_what_nobody_touched_is_as_it_was_written(two_nights: list[JournalEntry]) -> None:
    said = StringIO()
    call_command("check_journal", stdout=said)
    assert f"{JournalEntry.objects.count()} entries under 2 anchors are as they were written." in said.getvalue()


def test_a_row_taken_out_is_named(two_nights: list[JournalEntry]) -> None:
    gone = two_nights[1]
    with behind_its_back() as run:
        run(f"DELETE FROM requests_journalentry WHERE id = {gone.pk}")
    refuse("DELETE FROM requests_journalentry")  # the guard stands again
    with pytest.raises(CommandError, match=f"entry_missing request {gone.help_request_id} entry {gone.pk}"):
        call_command("check_journal", stdout=StringIO())


@pytest.mark.parametrize(
    "change", ["verb = 'nothing'", "actor = 'beat'", "facts = '{\"seat\": 9}'", "municipality_id = 'PER32'"]
)
def test_a_row_told_otherwise_is_found(change: str, two_nights: list[JournalEntry]) -> None:
    make.municipality("PER32", "Перник")
    with behind_its_back() as run:
        run(f"UPDATE requests_journalentry SET {change} WHERE id = {two_nights[0].pk}")
    assert kinds() == {"chain_broken"}


def test_who_forges_the_link_as_well_breaks_the_anchor(two_nights: list[JournalEntry]) -> None:
    """He knows the code and may write every table; the key he does not have."""
    link = JournalLink.objects.order_by("pk").first()
    assert link is not None
    with behind_its_back() as run:
        run(f"DELETE FROM requests_journalentry WHERE id = {link.entry_ids[0]}")
        run(f"UPDATE requests_journallink SET entry_ids = '{link.entry_ids[1:]}' WHERE id = {link.pk}")
    assert "anchor_broken" in kinds()


def test_a_whole_request_taken_out_is_found(two_nights: list[JournalEntry]) -> None:
    request_id = two_nights[0].help_request_id
    assert request_id is not None
    known = request_id.hex if connection.vendor == "sqlite" else str(request_id)
    with behind_its_back() as run:
        for table in ("requests_journalentry", "requests_journallink"):
            run(f"DELETE FROM {table} WHERE help_request_id = '{known}'")
    assert kinds() == {"anchor_broken"}


def test_a_chain_cut_off_at_its_end_is_shown_by_what_the_log_said(two_nights: list[JournalEntry]) -> None:
    last = JournalAnchor.objects.order_by("-pk")[0]
    call_command("check_journal", expect=last.digest, stdout=StringIO())
    with behind_its_back() as run:
        for table, column in (("requests_journallink", "anchor_id"), ("requests_journalanchor", "id")):
            run(f"DELETE FROM {table} WHERE {column} = {last.pk}")
    assert kinds() == set()
    with pytest.raises(CommandError, match="no anchor has the digest"):
        call_command("check_journal", expect=last.digest, stdout=StringIO())


def test_what_is_older_than_five_years_may_be_purged(two_nights: list[JournalEntry]) -> None:
    with behind_its_back() as run:
        run("DELETE FROM requests_journalentry")
    assert kinds() == {"entry_missing"}
    late = chain.check(NIGHT + timedelta(days=6 * 366))
    assert (late.faults, late.purged > 0) == ([], True)


def test_the_owner_purges_what_is_older_and_the_rest_stays_guarded(
    two_nights: list[JournalEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The younger night stays whole, and the chain says how many went."""
    monkeypatch.setattr(purging, "LINKS", 1)
    later = NIGHT + timedelta(days=5 * 366)
    young = JournalLink.objects.order_by("pk").last()
    assert young is not None
    with behind_its_back() as run:
        run(f"UPDATE requests_journalanchor SET made_at = '{later}' WHERE id = {young.anchor_id}")
    old = JournalEntry.objects.count() - len(young.entry_ids)
    assert purging.purge(now=later, dry=True) == old > 0
    assert purging.purge(now=later) == old and purging.purge(now=later) == 0
    assert list(JournalEntry.objects.values_list("pk", flat=True)) == young.entry_ids
    verdict = chain.check(later)
    assert {fault.kind for fault in verdict.faults} == set() and verdict.purged == old
    refuse("DELETE FROM requests_journalentry")


@pytest.mark.postgres
def test_the_application_purges_nothing(two_nights: list[JournalEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "kept_since", lambda now: now)
    before = JournalEntry.objects.count()
    with as_runtime_role(), transaction.atomic():
        with pytest.raises(CommandError, match="owner's DATABASE_URL"), transaction.atomic():
            call_command("purge_journal", stdout=StringIO())
        assert JournalEntry.objects.count() == before


def test_one_night_has_one_anchor_and_a_quiet_one_none(two_nights: list[JournalEntry]) -> None:
    assert anchoring.anchor(now=NIGHT + timedelta(days=1)) is None
    assert anchoring.anchor(now=NIGHT + timedelta(days=2)) is None
    assert JournalAnchor.objects.count() == 2


def test_an_entry_that_committed_late_is_taken_up_the_next_night(two_nights: list[JournalEntry]) -> None:
    """Its number was given before the anchor was made."""
    with behind_its_back() as run:
        run("DELETE FROM requests_journallink")
        run("DELETE FROM requests_journalanchor")
        run(f"UPDATE requests_journalentry SET id = id + 1000 WHERE id > {two_nights[0].pk}")
    assert anchoring.anchor(now=NIGHT)
    first = two_nights[0]
    first.pk, first._state.adding = first.pk + 1, True
    first.save(force_insert=True)
    second = anchoring.anchor(now=NIGHT + timedelta(days=1))
    assert second is not None
    assert JournalLink.objects.get(anchor=second).entry_ids == [first.pk]
    assert kinds() == set()


def test_writing_an_entry_asks_the_chain_nothing() -> None:
    row = make.help_request()
    assert anchoring.anchor(now=NIGHT)
    with CaptureQueriesContext(connection) as asked:
        lifecycle.journal(row, verb="corrected", actor=BEAT, now=make.NOW)
    told = " ".join(query["sql"] for query in asked)
    assert "requests_journalentry" in told
    assert "requests_journallink" not in told and "requests_journalanchor" not in told
