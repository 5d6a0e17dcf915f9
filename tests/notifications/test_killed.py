"""A sender killed with `kill -9` at any point loses nothing: e-mail at least once, in-app exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from core import killpoints
from notifications import tasks
from notifications.models import Message
from notifications.services import outcomes, sending
from notifications.states import Channel, MessageClass, MessageState
from tests.forked import killed_at
from tests.notifications.smtp_sink import Sink
from tests.services.fixtures import Process, test_database_url

Tell = Callable[..., list[Message]]
# Another process must see the rows, so not on the in-memory SQLite of the smoke tests.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("awake")]


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def surroundings(sink: Sink, folder: Path, **more: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": test_database_url(),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "SITE_URL": "https://dobrovolci.example",
        "VAR_DIR": str(folder),
        **more,
    }


@pytest.mark.parametrize(
    ("point", "state", "letters"),
    [
        ("claim.before", MessageState.QUEUED, 1),
        ("claim.after", MessageState.CLAIMED, 1),
        ("send.before", MessageState.CLAIMED, 1),
        ("send.after", MessageState.CLAIMED, 2),
        ("commit.before", MessageState.CLAIMED, 2),
        ("commit.after", MessageState.SENT, 1),
    ],
)
def test_a_sender_killed_here_loses_nothing(
    point: str,
    state: MessageState,
    letters: int,
    tell: Tell,
    sink: Sink,
) -> None:
    tell(channels=[Channel.EMAIL, Channel.IN_APP], now=timezone.now())
    assert killed_at(point, tasks.send_due)
    assert killpoints.marker(point).exists()
    message = Message.objects.get(channel=Channel.EMAIL)
    assert message.state == state
    later = timezone.now() + 2 * outcomes.STALE_AFTER
    outcomes.reclaim_stale(now=later)
    sending.send_due(now=later + outcomes.LONGEST_WAIT)
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert [letter["Message-ID"] for letter in sink.letters] == [f"<{message.pk}@dobrovolci.example>"] * letters
    assert Message.objects.filter(channel=Channel.IN_APP).count() == 1


@pytest.mark.worker
def test_a_worker_killed_between_sending_and_recording_sends_the_same_letter_again(
    tell: Tell,
    sink: Sink,
    tmp_path: Path,
    start_worker: Callable[..., Process],
    flush_broker: Callable[[], Any],
) -> None:
    worker = start_worker(env=surroundings(sink, tmp_path, KILL_AT="send.after"))
    tell(channels=[Channel.EMAIL, Channel.IN_APP], now=timezone.now())
    until(killpoints.marker("send.after").exists)
    worker.kill()
    flush_broker()
    assert len(sink.letters) == 1
    assert Message.objects.filter(state=MessageState.CLAIMED).count() == 1
    # Nothing tells the new worker of the work but what beat would send; the claim has grown old by then.
    long_ago = timezone.now() - 2 * outcomes.STALE_AFTER
    Message.objects.filter(state=MessageState.CLAIMED).update(claimed_at=long_ago)
    start_worker(env=surroundings(sink, tmp_path))
    current_app.send_task("notifications.tasks.watch_messages")
    current_app.send_task("notifications.tasks.send_due")
    until(lambda: not Message.objects.exclude(state=MessageState.SENT).exists())
    message = Message.objects.get(channel=Channel.EMAIL)
    assert [letter["Message-ID"] for letter in sink.letters] == [f"<{message.pk}@dobrovolci.example>"] * 2
    assert Message.objects.filter(channel=Channel.IN_APP).count() == 1


@pytest.mark.worker
def test_the_commit_alone_has_a_real_worker_send(
    tell: Tell, sink: Sink, tmp_path: Path, start_worker: Callable[..., Process]
) -> None:
    """No beat runs here: each of the thirty commits wakes the worker, or one that covers it has."""
    start_worker(env=surroundings(sink, tmp_path))
    for number in range(30):
        tell(
            f"offer:{number}:made", channels=[Channel.EMAIL], message_class=MessageClass.CANCELLATION,
            now=timezone.now(),
        )  # fmt: skip
    until(lambda: Message.objects.filter(state=MessageState.SENT).count() == 30)
    assert len({letter["Message-ID"] for letter in sink.letters}) == len(sink.letters) == 30
