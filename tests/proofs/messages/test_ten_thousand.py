"""Ten thousand messages through the real Kannel while workers are killed: each has one receipt, none comes twice.

A text whose sender died is `unknown`; a report with our id settles it, and else, ten minutes later, somebody calls.
Reduced, one worker dies whole and then the processes that send; in full every one dies whole. The half minute after
which a dead sender's claim is looked at and those ten minutes are not waited for: the rows are written into the past,
and what beat would send is sent.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from core import nudge
from notifications.models import Message
from notifications.services import watch
from notifications.services.outcomes import STALE_AFTER
from notifications.services.passing import SETTLES_WITHIN
from notifications.states import Channel, MessageState
from tests import factories as make
from tests.proofs.messages.crowd import each_has_one_end, number_of, queue
from tests.services.fixtures import Process, kill_children
from tests.services.kannel import Kannel, is_there
from tests.sizes import FULL, size

pytestmark = [
    pytest.mark.kannel, pytest.mark.postgres, pytest.mark.worker, pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]  # fmt: skip
MESSAGES, KILLS = size(120, 10_000, "messages"), size(2, 20, "kills")
S = MessageState
# The name by which the database knows who sends.
SENDER = "sender"


@pytest.fixture
def kannel(tmp_path: Path, start_server: Callable[..., str]) -> Iterator[Kannel]:
    """Its reports go to a server as an installation runs it, with as many threads and no more."""
    if not is_there() and os.environ.get("ALLOW_MISSING") == "1":
        pytest.skip("Kannel is not installed")
    with Kannel(tmp_path, callback=start_server(), secret="a-secret-word") as running:
        yield running


@pytest.fixture
def around(kannel: Kannel, tmp_path: Path, settings: Any) -> dict[str, str]:
    """What a worker needs to know; the test's own process would send the same way."""
    settings.KANNEL_URL, settings.GATEWAY_CALLBACK = kannel.url, kannel.callback
    return {
        "KANNEL_URL": kannel.url, "KANNEL_USER": "dobrovolci", "KANNEL_PASSWORD": "testing", "SMS_TO_FILES": "",
        "GATEWAY_CALLBACK": kannel.callback, "VAR_DIR": str(tmp_path), "LOG_LEVEL": "WARNING", "PGAPPNAME": SENDER,
    }  # fmt: skip


def until(holds: Callable[[], bool], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def waiting() -> int:
    return Message.objects.filter(state=S.QUEUED).count()


def in_hands() -> set[int]:
    return set(Message.objects.filter(state=S.CLAIMED).values_list("pk", flat=True))


def senders() -> set[int]:
    """The processes of the database that serve one who sends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", [SENDER]
        )
        return {pid for (pid,) in cursor.fetchall()}


def last_in_hands(dead: set[int]) -> set[int]:
    """What the dead had claimed: the database still ends what they had begun to say to it."""
    until(lambda: not senders() & dead, "the database never let the dead go", 60)
    return in_hands()


def unknown() -> set[int]:
    return set(Message.objects.filter(state=S.UNKNOWN).values_list("pk", flat=True))


def arrived(kannel: Kannel) -> Counter[int]:
    return Counter(number_of(words) for _number, words in kannel.arrived())


@pytest.mark.timeout(3600 if FULL else 300)
def test_none_is_lost_and_none_comes_twice_while_workers_are_killed(
    kannel: Kannel, around: dict[str, str], start_worker: Callable[..., Process], flush_broker: Callable[[], Any]
) -> None:
    nudge.forget()
    queue(MESSAGES, homes=[make.municipality(), make.municipality("SOF46", "София")], now=timezone.now())
    share, doubtful, worker = MESSAGES // (KILLS + 1), set[int](), start_worker(env=around)
    for kill in range(KILLS):
        left = MESSAGES - share * kill
        current_app.send_task("notifications.tasks.send_due")
        until(lambda left=left: waiting() < left, f"kill {kill}: nothing moved: {worker.log()[-3000:]}", 60)  # type: ignore[misc]
        time.sleep(random.uniform(0, 0.2))
        dying = senders()
        assert dying, "nobody sends"
        if FULL or kill == 0:
            worker.kill()
            flush_broker()
            doubtful |= last_in_hands(dying)
            worker = start_worker(env=around)
        else:
            _kill_senders_of(worker)
            doubtful |= last_in_hands(dying)
    assert 0 < len(doubtful) < MESSAGES, "nobody died with anything in its hands, or with everything"
    _claims_grow_old()
    current_app.send_task("notifications.tasks.watch_messages")
    current_app.send_task("notifications.tasks.send_due")
    moving = Message.objects.filter(state__in=(S.QUEUED, S.CLAIMED))
    until(lambda: not moving.exists(), "something is stuck", 60 + MESSAGES / 50)
    _reports_come(kannel)
    _ten_minutes_pass()
    stand = each_has_one_end(MESSAGES, arrived(kannel))
    assert not unknown() - doubtful, "only what was in the hands of the dead may stay unknown"
    assert stand[S.DELIVERED] == MESSAGES - stand[S.UNKNOWN], stand


def _kill_senders_of(worker: Process) -> None:
    """The worker lives and has another process in place of the one that was sending, without its memory."""
    kill_children(worker.pid)


def _claims_grow_old() -> None:
    Message.objects.filter(state=S.CLAIMED).update(claimed_at=timezone.now() - 2 * STALE_AFTER)


def _reports_come(kannel: Kannel) -> None:
    """Whatever reached a telephone is reported, and the report settles also what nobody knew."""
    until(
        lambda: Message.objects.filter(state=S.DELIVERED).count() == len(arrived(kannel)),
        "reports are missing", 30 + MESSAGES / 50,
    )  # fmt: skip


def _ten_minutes_pass() -> None:
    assert not Message.objects.exclude(channel=Channel.SMS).exists(), "nobody is told by another way before its time"
    doubtful = len(unknown())
    while Message.objects.unsettled().exists():
        watch.run(now=timezone.now() + SETTLES_WITHIN + timedelta(seconds=1))
    assert Message.objects.filter(channel=Channel.VOICE).count() == doubtful
