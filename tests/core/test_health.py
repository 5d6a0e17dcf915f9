"""Signs of life: the page, the files, and the command that reads them."""

from __future__ import annotations

import os
import time
from unittest import mock

import pytest
from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.db import DatabaseError
from django.test import Client

from core import health, life
from ops import health as probe


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.django_db
@pytest.mark.sqlite_smoke
def test_the_page_says_that_the_database_is_up(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "up"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_fails_while_the_database_is_down(client: Client) -> None:
    with mock.patch.object(health, "connection") as connection:
        connection.cursor.side_effect = DatabaseError
        assert client.get("/healthz").status_code == 503


def test_a_worker_lives_while_it_beats() -> None:
    life.sign_file("worker").unlink(missing_ok=True)
    assert probe.sign("worker") == "worker has given no sign of life yet"
    heartbeat_sent.send(sender=None)
    assert probe.sign("worker") == ""
    long_ago = time.time() - 300
    os.utime(life.sign_file("worker"), (long_ago, long_ago))
    assert "300 s ago" in probe.sign("worker")


def test_only_what_the_schedule_publishes_is_its_sign_of_life() -> None:
    life.sign_file("beat").unlink(missing_ok=True)
    after_task_publish.send(sender=None)
    assert not life.sign_file("beat").exists()
    beat_init.send(sender=None)
    try:
        long_ago = time.time() - 300
        os.utime(life.sign_file("beat"), (long_ago, long_ago))
        assert probe.main(["beat"]) == 1
        after_task_publish.send(sender=None)
        assert probe.main(["beat"]) == 0
    finally:
        after_task_publish.disconnect(life._beat_lives)


@pytest.mark.parametrize("words", [["printer"], [], ["web", "--ca"], ["web", "--ca", ""], ["worker", "--ca", "ca.crt"]])
def test_a_name_it_does_not_know_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main(words) == 2
    assert "web|worker|beat" in capsys.readouterr().err


def test_a_web_server_that_is_not_there_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.dict(os.environ, {"PORT": "9"}):
        assert probe.main(["web"]) == 1
    assert "healthz" in capsys.readouterr().err
