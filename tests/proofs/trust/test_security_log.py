"""What a log says of whoever is refused and of what broke: enough to follow it, and nobody's name."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from rest_framework.test import APIClient

from core import logs, request_ids
from requests.api.help_requests import HelpRequestViewSet
from tests import factories as make

pytestmark = pytest.mark.django_db
FORGED = "2026-11-23 WARNING security refused 403 GET /gishe/ for Мария"


@pytest.fixture(autouse=True)
def _nobody_came_yet() -> None:
    cache.clear()
    make.municipality()


def refused(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [record for record in caplog.records if record.name == "security"]


def test_whoever_is_refused_is_written_down_in_codes(caplog: pytest.LogCaptureFixture) -> None:
    user = make.user("volunteer", name="Мария Петрова")
    client = Client(REMOTE_ADDR="192.0.2.77")
    client.force_login(user)
    row = make.help_request()
    assert client.get(f"/zayavki/{row.pk}/?q=Мария").status_code == 403
    (told,) = refused(caplog)
    assert (told.event, told.status, told.route, told.user) == ("refused", 403, "/zayavki/<uuid:pk>/", str(user.pk))
    said = json.loads(logs.Json().format(told))
    assert said["address"] == told.address and said["at"].endswith("+00:00") and said["logger"] == "security"
    for personal in ("192.0.2.77", "Мария", str(row.pk)):
        assert personal not in told.getMessage() and personal not in json.dumps(said, ensure_ascii=False)


def test_attempts_leave_a_line(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    """A wrong token, a form of another site, a code guessed too often, too many calls, too large a body."""
    settings.API_CALLS_A_MINUTE = 1
    guesser = APIClient()
    guesser.credentials(HTTP_AUTHORIZATION="Bearer guess")
    guesser.get("/api/v1/requests/")
    Client(enforce_csrf_checks=True).post("/zayavka/", {"code": "1"})
    stranger = Client()
    for _try in range(6):
        stranger.post("/zayavka/", {"code": "00000000", "phone": "0888 123 456"})
    client = APIClient()
    client.force_login(make.user("administrator"))
    client.get("/api/v1/requests/")
    client.get("/api/v1/requests/")
    client.post("/api/v1/requests/", b"x" * 300_000, content_type="application/json")
    assert [told.status for told in refused(caplog)] == [401, 403, 429, 429, 413]
    assert {told.user for told in refused(caplog)[:3]} == {"stranger"}


def test_what_is_allowed_leaves_none(caplog: pytest.LogCaptureFixture) -> None:
    """The control."""
    client = Client()
    client.force_login(make.user("coordinator"))
    assert client.get("/gishe/").status_code == 200 and client.get("/uslugi/").status_code == 200
    assert refused(caplog) == []


def test_what_breaks_is_in_the_log_with_its_request(caplog: pytest.LogCaptureFixture) -> None:
    client = APIClient(raise_request_exception=False)
    client.force_login(make.user("administrator"))
    with mock.patch.object(HelpRequestViewSet, "get_queryset", side_effect=RuntimeError("x")):
        answer = client.get("/api/v1/requests/")
    told = [record for record in caplog.records if record.levelno >= logging.ERROR and record.exc_info]
    assert told and answer.headers["X-Request-ID"] == answer.json()["id"]


def record(message: str, *args: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, None)
    logs.Safe().filter(made)
    return made


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x1b[2K\x1b[1G", "\x85", "\u2028", "\x00"])
def test_what_is_told_stays_one_line(end: str) -> None:
    """Whoever gets words into a log does not get a line of their own there, nor moves the reader's cursor."""
    made = record("Заявка %s", f"17{end}{FORGED}")
    for told in (logs.Line().format(made), logs.Json().format(made)):
        assert len(told.splitlines()) == 1 and end not in told
    assert FORGED in logs.Line().format(made)  # told, but inside the line


def test_what_broke_keeps_its_lines() -> None:
    """The control: a traceback of ours is many lines, and only it is."""
    try:
        raise RuntimeError("x")
    except RuntimeError:
        made = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", (), sys.exc_info())
    assert len(logs.Line().format(made).splitlines()) > 3


@override_settings(TIME_ZONE="Europe/Sofia")
def test_every_line_says_its_moment_in_utc() -> None:
    made = record("x")
    request_ids.current.set("")
    for told in (logs.Line().format(made).split()[0], json.loads(logs.Json().format(made))["at"]):
        moment = datetime.fromisoformat(told)
        assert moment.utcoffset() is not None and moment.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
        assert abs(moment.timestamp() - made.created) < 0.01
