"""Where no view answers: programs get problem+json from the real server too, and no error page breaks by itself."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.test import Client, RequestFactory
from django.views import defaults

from core import failures

# An id with a control sign, of another alphabet with a number sign, no row's, and an address we do not have.
NOT_THERE = [
    "/api/v1/offers/2%06/decline/", "/api/v1/offers/%E1%A0%BB%23/decline/", "/api/v1/offers/%D0%B0/", "/api/v1/%0A/",
    "/api/v1/%00", "/api/v1/visits/%FF/", "/api/v1/nowhere/",
]  # fmt: skip


def answer(url: str, verb: str) -> tuple[int, str, bytes]:
    asked = urllib.request.Request(url, method=verb, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as given:
            return given.status, given.headers.get("Content-Type", ""), given.read()
    except HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read()


@pytest.mark.django_db(transaction=True)
def test_an_address_we_do_not_have_is_a_clean_404_for_programs(
    start_server: Callable[..., str], tmp_path: Path
) -> None:
    """Even where nobody collected what pages are made of: no page is made to be thrown away."""
    site = start_server({"STATIC_ROOT": str(tmp_path / "nothing"), "VAR_DIR": str(tmp_path)})
    for path in NOT_THERE:
        for verb in ("GET", "POST"):
            status, kind, body = answer(site + path, verb)
            assert (status, kind) == (404, "application/problem+json"), (path, verb, body)
            assert json.loads(body)["code"] == "not_found"
    status, kind, body = answer(f"{site}/%D0%B0/", "GET")
    assert (status, kind) == (500, "text/plain; charset=utf-8") and "при нас се счупи" in body.decode()


@pytest.mark.django_db
def test_a_person_is_shown_a_page() -> None:
    shown = Client().get("/%D0%B0/")
    assert shown.status_code == 404 and "Няма такава страница" in shown.content.decode()


@pytest.mark.parametrize(
    ("fails", "status"),
    [(failures.bad_request, 400), (failures.permission_denied, 403), (failures.page_not_found, 404)],
)
def test_every_no_is_told_to_a_program_in_its_way(
    rf: RequestFactory, fails: Callable[..., object], status: int
) -> None:
    told = fails(rf.get("/api/v1/x/"), ValueError("Мария"))
    assert getattr(told, "status_code", 0) == status
    assert getattr(told, "headers", {})["Content-Type"] == "application/problem+json"
    assert "Мария" not in getattr(told, "content", b"").decode()


def test_where_the_page_cannot_be_made_its_words_stand_alone(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "<html" in failures.server_error(rf.get("/x/")).content.decode()
    monkeypatch.setattr(defaults, "server_error", _broken)
    told = failures.server_error(rf.get("/x/"))
    assert told.status_code == 500 and "се счупи" in told.content.decode() and "<" not in told.content.decode()
    assert failures.server_error(rf.get("/api/v1/x/")).headers["Content-Type"] == "application/problem+json"


def _broken(request: object) -> object:
    raise ValueError("Missing staticfiles manifest entry")
