"""Whether it is well can be asked by who may know, and what is written down names nobody."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from celery import current_app
from django.db import DatabaseError, IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client, override_settings

from core import health, logs, request_ids, security_txt
from requests.services import anchoring
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_security_txt_is_good_for_at_least_thirty_days_more(client: Client) -> None:
    """Red? Set `EXPIRES` in core/security_txt.py a year on, and look whether the contact still reads its mail."""
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    expires = datetime.fromisoformat(lines["Expires"])
    assert datetime.now(UTC) + timedelta(days=30) < expires < datetime.now(UTC) + timedelta(days=400)
    assert lines["Contact"].startswith(("mailto:", "https:"))
    assert lines["Canonical"].endswith(security_txt.PATH)


def test_it_is_ready_when_database_migrations_and_broker_stand(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "up", "migrations": "up", "broker": "up"})


def test_and_not_while_one_of_them_is_missing(client: Client) -> None:
    with mock.patch.object(health, "connection") as away:
        away.cursor.side_effect = DatabaseError
        assert client.get("/readyz").json()["database"] == "down"
    with mock.patch.object(current_app, "connection_for_write", side_effect=OSError):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["broker"]) == (503, "down")
        assert client.get("/healthz").status_code == 200  # the rows are the queue: it serves on
    health._migrated.clear()
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("requests")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, newest])
    assert client.get("/readyz").json()["migrations"] == "down"


@override_settings(METRICS_TOKEN="a-long-token")
def test_figures_are_for_this_machine_or_a_token() -> None:
    client = Client()
    assert client.get("/metrics").status_code == 200
    far: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get("/metrics", **far).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    for told, status in (("Bearer a-long-token", 200), ("Bearer другo", 404), ("Bearer ", 404)):
        assert client.get("/metrics", HTTP_AUTHORIZATION=told, **far).status_code == status
    with override_settings(METRICS_TOKEN=""):
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ", **far).status_code == 404


def test_figures_tell_of_routes_messages_tasks_and_rounds_and_of_nobody(client: Client) -> None:
    row = make.help_request(make.resident("Мария", "Петрова", phone="0888123456"))
    anchoring.anchor(now=make.NOW)
    client.get(f"/zayavki/{row.pk}/")
    client.get("/kalendar/a-secret-that-opens-much.ics")
    client.get("/Мария-Петрова-0888123456/")
    told = client.get("/metrics").content.decode()
    for name in ("dv_messages_total", "dv_messages_waiting", "dv_desk_tasks_open", "dv_rounds", "dv_requests"):
        assert f"# HELP {name.removesuffix('_total')}" in told
    assert 'route="/zayavki/<uuid:pk>/"' in told and 'route="other"' in told
    assert 'dv_requests{state="open"} 1.0' in told
    for personal in ("Мария", "0888123456", str(row.pk), row.tracking_code, "a-secret", "192.0.2"):
        assert personal not in told


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, None)
    vars(made).update(more)
    assert logs.Safe().filter(made)
    return made


def test_a_log_line_tells_the_route_and_never_a_secret_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(logs.Safe())
    client.get("/pokana/a-secret-that-opens-much/")
    client.get("/Мария-Петрова-0888123456/?q=Мария")
    client.post("/api/v1/requests/?q=Мария")
    assert "pokana" in caplog.text or "not found" in caplog.text.lower()
    for secret in ("a-secret", "Мария", "0888"):
        assert secret not in caplog.text


def test_in_json_each_line_is_an_object_with_the_request() -> None:
    request_ids.current.set("abc-12345678")
    try:
        line = json.loads(logs.Json().format(record("Заявка %s", 17, round="r1")))
        plain = logs.Line().format(record("Заявка %s", 17))
    finally:
        request_ids.current.set("")
    assert line["message"] == "Заявка 17" and line["request_id"] == "abc-12345678" and line["round"] == "r1"
    assert line["level"] == "WARNING" and datetime.fromisoformat(line["at"]).tzinfo is not None
    assert plain.endswith("WARNING django.request Заявка 17 [abc-12345678]")


def test_what_a_row_held_is_not_in_the_traceback() -> None:
    make.user(name="Мария")
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO places_municipality (code) VALUES ('Мария Петрова')")
        raise AssertionError
    except (IntegrityError, DatabaseError) as error:
        made = record("x", exc_info=(type(error), error, error.__traceback__))
    for told in (logs.Json().format(made), logs.Line().format(made)):
        assert "Error" in told and "Failing row contains" not in told


def test_the_request_goes_with_the_task(client: Client) -> None:
    """Its id is in the answer, in the message to the worker, and in what the worker writes."""
    headers: dict[str, Any] = {}
    token = request_ids.current.set("abc-12345678")
    request_ids._send_along(headers=headers)
    request_ids.current.reset(token)
    assert headers == {"request_id": "abc-12345678"}
    task = mock.Mock()
    task.request.request_id = headers["request_id"]
    request_ids._take_over(task=task, task_id="own")
    assert request_ids.current.get() == "abc-12345678"
    task.request.request_id = "мария\nx"
    request_ids._take_over(task=task, task_id="own")
    assert request_ids.current.get() == "own"
    request_ids._let_go()
    assert len(client.get("/healthz").headers["X-Request-ID"]) == 32


def test_a_stranger_does_not_name_the_request(client: Client) -> None:
    mine = {"X-Request-ID": "chosen-by-stranger"}
    assert client.get("/healthz", headers=mine).headers["X-Request-ID"] != "chosen-by-stranger"
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert client.get("/healthz", headers=mine).headers["X-Request-ID"] == "chosen-by-stranger"
        assert client.get("/healthz", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"
