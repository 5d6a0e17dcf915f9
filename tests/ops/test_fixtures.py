"""The fixtures other tests stand on are the real things."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from notifications.kinds import Kind, Text
from notifications.models import Message
from notifications.services import outbox
from notifications.states import MessageState
from ops import guard
from tests import factories as make
from tests.services.fixtures import Process


@pytest.mark.browser
def test_a_phone_and_a_desk_see_the_live_server(transactional_db: None, phone_page: Page, desk_page: Page) -> None:
    for page, width in ((phone_page, 360), (desk_page, 1280)):
        answer = page.goto("/healthz")
        assert answer is not None and answer.json() == {"database": "up"}
        assert page.evaluate("screen.width") == width
        assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Sofia"


@pytest.mark.worker
def test_the_worker_takes_messages_from_this_tests_own_queue(real_worker: Process) -> None:
    from config.celery import app

    app.send_task("notifications.tasks.send_due")
    real_worker.wait_for("succeeded in")
    assert "Traceback" not in real_worker.log()


@pytest.mark.worker
@pytest.mark.postgres
def test_the_worker_writes_to_this_tests_own_database(real_worker: Process) -> None:
    from config.celery import app

    now = timezone.now()
    (message,) = outbox.enqueue(
        contact=make.contact(), key="fixture:1", kind=Kind("request_received"), text=Text("Проба", "Проба"), now=now
    )
    app.send_task("notifications.tasks.send_due")
    deadline = time.monotonic() + 30
    while Message.objects.get(pk=message.pk).state != MessageState.SENT and time.monotonic() < deadline:
        time.sleep(0.1)
    assert Message.objects.get(pk=message.pk).state == MessageState.SENT, real_worker.log()


@pytest.mark.worker
def test_a_killed_worker_leaves_no_child(start_worker: Callable[..., Process]) -> None:
    worker = start_worker(concurrency=2)
    worker.kill()
    deadline = time.monotonic() + 5
    while guard.running(worker.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not guard.running(worker.pid)


@pytest.mark.worker
def test_flushing_the_broker_empties_every_queue_of_its_own(flush_broker: Callable[[], Any], broker_url: str) -> None:
    import redis

    socket, _, query = broker_url.removeprefix("redis+socket://").partition("?")
    own, other = (
        redis.Redis(unix_socket_path=socket, db=number) for number in (int(query.rpartition("=")[2] or 0), 15)
    )
    for client in (own, other):
        client.set("left", "over")
    flush_broker()
    assert own.dbsize() == 0 and other.get("left") == b"over"
    other.delete("left")


def test_the_developers_own_environment_stays_outside() -> None:
    from django.conf import settings

    assert "DEMO" not in os.environ and not settings.DEMO
    assert str(settings.VAR_DIR).startswith(os.environ["TEST_FOLDER"])
