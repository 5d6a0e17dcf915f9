"""The operators' page under a flood: no COUNT over messages, no row read but those it shows, the same for everybody.

The control asks for a COUNT as such pages usually do, and shows that the very same check notices.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from notifications import operations
from notifications.kinds import Kind, Text
from notifications.models import FailureHour, Message, MessageHour, QueueLength
from notifications.services import outbox, watch
from notifications.states import Channel, MessageState
from places.models import Municipality
from requests.models import JournalEntry
from tests import factories as make
from tests.requests.web.test_detail import client_of
from tests.sizes import size

pytestmark = pytest.mark.django_db
PAGE, PUBLIC = "/saobshteniya/rabota/", "/saobshteniya/barzina/"
TABLE = "notifications_message"
# A few lists, whatever the statistics make of it; not the flood.
MOST_READ = 100
FLOOD = size(4_000, 100_000, "messages")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def flood(home: Municipality, now: datetime, how_many: int = FLOOD) -> None:
    """So many messages of one municipality: a third waits, a third failed, a third arrived."""
    contact = make.contact(home)
    states = (MessageState.QUEUED, MessageState.FAILED, MessageState.DELIVERED)
    Message.objects.bulk_create(
        [
            Message(
                municipality=home, contact=contact, channel=Channel.SMS, key=f"flood:{home.pk}:{number}:sms",
                kind="offer_made", state=states[number % 3], ready_at=now, due_at=now + timedelta(seconds=number),
                settled_at=now - timedelta(seconds=number) if number % 3 else None, failure="Kannel 2",
            )
            for number in range(how_many)
        ],
        batch_size=1_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")


def asked(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def of_messages(statements: list[str]) -> list[str]:
    return [sql for sql in statements if f'"{TABLE}"' in sql]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def rows_read(sql: str) -> int:
    """How many rows of the table the database looked at to answer this, kept or thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (answer,) = cursor.fetchone()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    on_table = [node for node in nodes(plan) if node.get("Relation Name") == TABLE]
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node.get("Actual Loops", 1) for node in on_table
    )


def check(statements: list[str]) -> None:
    for sql in of_messages(statements):
        assert "COUNT(" not in sql.upper(), sql
        assert "LIMIT" in sql, sql
        assert rows_read(sql) <= MOST_READ, sql


@pytest.mark.postgres
def test_the_page_reads_what_it_shows_however_many_wait(now: datetime) -> None:
    radomir, pernik = make.municipality(), make.municipality("PER01", "Перник")
    flooded, quiet = (client_of(make.user(Role.COORDINATOR, of=home)) for home in (radomir, pernik))
    few = len(asked(flooded, PAGE))
    flood(radomir, now)
    flood(pernik, now, 2 * operations.LIST)
    for client in (flooded, quiet):
        statements = asked(client, PAGE)
        assert len(of_messages(statements)) == 2
        check(statements)
        # The rows' contacts come with them: a flood costs no query more.
        assert len(statements) == few
    check(asked(flooded, f"{PAGE}?za=mesets&do={(now - timedelta(minutes=20)).isoformat().replace('+00:00', 'Z')}"))


@pytest.mark.postgres
def test_the_control_a_page_that_counts_is_noticed(now: datetime) -> None:
    home = make.municipality()
    flood(home, now)
    with CaptureQueriesContext(connection) as queries:
        Message.objects.filter(municipality=home, state=MessageState.QUEUED).count()
    (sql,) = of_messages([query["sql"] for query in queries])
    with pytest.raises(AssertionError):
        check([sql])
    assert rows_read(sql) >= FLOOD // 3


def test_the_public_page_reads_no_message_at_all(now: datetime) -> None:
    flood(make.municipality(), now, 30)
    assert of_messages(asked(Client(), PUBLIC)) == []


def test_the_figures_are_those_of_the_rows(now: datetime) -> None:
    """Counted while sending: what waits, what failed and why, what came in time; the same on both pages."""
    home = make.municipality()
    hour = now.replace(minute=0, second=0, microsecond=0)
    MessageHour.objects.create(municipality=home, channel="sms", hour=hour, handed=200, in_time=199, failed=3)
    MessageHour.objects.create(
        municipality=home, channel="email", hour=hour - timedelta(days=10), handed=100, in_time=50
    )
    FailureHour.objects.create(municipality=home, channel="sms", hour=hour, cause="Kannel 2", count=3)
    flood(home, now, 9)
    Message.objects.filter(state=MessageState.QUEUED).update(due_at=now - timedelta(minutes=7))
    watch.measure(now=now)
    assert QueueLength.objects.get().waiting == 3
    text = client_of(make.user(Role.COORDINATOR)).get(PAGE).content.decode()
    assert "3 съобщения чакат" in text and "99,5\u00a0%" in text and "Мрежата не го предаде (Kannel 2)" in text
    public = Client().get(PUBLIC).content.decode()
    assert "99,5\u00a0% от съобщенията тръгват до 10 секунди" in public and "83,0\u00a0%" in public
    english = Client().get(f"/en{PUBLIC}").content.decode()
    assert "99.5\u00a0% of messages are handed over within 10 seconds" in english


def test_another_municipalitys_messages_are_not_there_to_be_stopped(now: datetime) -> None:
    home = make.municipality()
    flood(home, now, 3)
    stranger = client_of(make.user(Role.COORDINATOR, of=make.municipality("PER01", "Перник")))
    waiting = Message.objects.get(state=MessageState.QUEUED)
    assert stranger.post(f"{PAGE}{waiting.pk}/", {"do": "cancel"}).status_code == 404
    assert client_of(make.user(Role.CLERK)).get(PAGE).status_code == 403


def test_by_hand_it_is_stopped_or_sent_again_and_the_journal_says_who(now: datetime) -> None:
    kamen = make.user(Role.COORDINATOR)
    (message,) = outbox.enqueue(
        contact=make.contact(), key="x", kind=Kind("offer_made"), text=Text("т", "т", "т"), now=now,
        due_at=now + timedelta(hours=1),
    )  # fmt: skip
    client = client_of(kamen)
    client.post(f"{PAGE}{message.pk}/", {"do": "cancel"})
    message.refresh_from_db()
    assert message.state == MessageState.EXPIRED
    client.post(f"{PAGE}{message.pk}/", {"do": "resend"})
    assert Message.objects.get(resend_of=message).state == MessageState.QUEUED
    entries = JournalEntry.objects.filter(subject_id=message.pk).order_by("pk")
    assert [(one.verb, one.actor) for one in entries] == [
        ("message_cancelled", f"user:{kamen.pk}"), ("message_resent", f"user:{kamen.pk}"),
    ]  # fmt: skip
