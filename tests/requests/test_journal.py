"""The journal is written once: the model refuses, and so does the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from requests.models import JournalEntry
from requests.models.journal import JournalIsAppendOnly
from requests.services import answers
from requests.services.actors import BEAT
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
TABLE = JournalEntry._meta.db_table


@pytest.fixture
def entry() -> JournalEntry:
    make.help_request()
    return JournalEntry.objects.get()


@pytest.fixture
def runtime_role(entry: JournalEntry) -> Iterator[None]:
    """A role as the web and the workers have it: it may write every table and owns none."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE dv_runtime_test NOSUPERUSER")
        cursor.execute("GRANT USAGE ON SCHEMA public TO dv_runtime_test")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO dv_runtime_test")
        # TRUNCATE is refused anyway while checks of this transaction are pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE dv_runtime_test")
        yield
        cursor.execute("RESET ROLE")


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(told.value)


@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET verb = 'nothing'", f"DELETE FROM {TABLE}"])
def test_the_database_refuses_to_change_or_forget(statement: str, entry: JournalEntry) -> None:
    assert "append-only" in refused(statement)
    entry.refresh_from_db()
    assert entry.verb == "taken"


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [f"UPDATE {TABLE} SET verb = 'nothing'", f"DELETE FROM {TABLE}", f"TRUNCATE {TABLE}", f"TRUNCATE {TABLE} CASCADE"],
)
def test_the_role_of_the_application_is_refused(statement: str, runtime_role: None) -> None:
    assert "append-only" in refused(statement)
    assert JournalEntry.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",
        f"DROP TRIGGER journal_no_change ON {TABLE}",
        "SET session_replication_role = replica",
        f"DROP TABLE {TABLE}",
    ],
)
def test_and_cannot_take_the_guard_away(statement: str, runtime_role: None) -> None:
    assert "append-only" not in refused(statement)
    assert "append-only" in refused(f"DELETE FROM {TABLE}")


@pytest.mark.postgres
def test_and_still_writes_what_happens(runtime_role: None) -> None:
    make.help_request(make.resident("Стоян"))
    assert JournalEntry.objects.count() == 2


def test_the_model_refuses_too(entry: JournalEntry) -> None:
    entry.verb = "nothing"
    for change in (
        entry.save,
        entry.delete,
        lambda: JournalEntry.objects.update(verb="nothing"),
        lambda: JournalEntry.objects.all().delete(),
        lambda: JournalEntry.objects.bulk_update([entry], ["verb"]),
        lambda: JournalEntry.objects.update_or_create(pk=entry.pk, defaults={"verb": "nothing"}),
    ):
        with pytest.raises(JournalIsAppendOnly), transaction.atomic():
            change()
    assert JournalEntry.objects.get().verb == "taken"


def test_it_tells_every_step_in_ids_and_codes_only() -> None:
    ivanka, row = make.volunteer(), make.help_request(note="кучето лае")
    (offer,) = make.offer(row, ivanka)
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    story = [
        (entry.subject_type, entry.verb, entry.from_state, entry.to_state)
        for entry in JournalEntry.objects.filter(help_request_id=row.pk).order_by("id")
    ]
    assert story == [
        ("help_request", "taken", "", ""),
        ("offer", "made", "", ""),
        ("help_request", "offered", "open", "offered"),
        ("visit", "visit_made", "", ""),
        ("offer", "accepted", "made", "accepted"),
        ("help_request", "scheduled", "offered", "scheduled"),
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE}")
        rows = str(cursor.fetchall())
    for personal in ("Мария", "Петрова", "Иванка", "кучето", "люляк"):
        assert personal not in rows


def test_a_step_that_fails_leaves_no_word() -> None:
    row = make.help_request()
    (offer,) = make.offer(row, make.volunteer())
    before = JournalEntry.objects.count()
    answers.accept(offer_id=offer.pk, actor=BEAT, now=make.NOW)
    during = JournalEntry.objects.count()
    answers.accept(offer_id=offer.pk, actor=BEAT, now=make.NOW)
    assert before < during == JournalEntry.objects.count()
