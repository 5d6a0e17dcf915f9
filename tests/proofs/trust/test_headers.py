"""What browsers are told on every answer, and what they report back."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from core.csp_reports import BY_ADDRESS, LARGEST, MOST_A_DAY
from core.headers import PERMISSIONS, POLICY
from core.models import CspCount
from tests import factories as make

pytestmark = pytest.mark.django_db
ANSWERS = [
    "/",
    "/en/",
    "/zayavka/",
    "/vhod/",
    "/nyama-takava/",
    "/api/v1/requests/",
    "/api/v1/docs/",
    "/sw.js",
    "/healthz",
]
ANSWERS += ["/static/core/app.css", "/.well-known/security.txt", "/gishe/"]


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_says_the_same(address: str, client: Client) -> None:
    make.municipality()
    told = client.get(address).headers
    assert told["Content-Security-Policy"].startswith(POLICY)
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    if told["Content-Type"].startswith("text/html") and "Location" not in told:
        assert (told["Permissions-Policy"], told["Cross-Origin-Opener-Policy"]) == (PERMISSIONS, "same-origin")
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY" or address.startswith("/static/")
    assert told["Referrer-Policy"] in {"same-origin", "strict-origin"} or address.startswith("/static/")


def test_what_nobody_may_keep_says_so_once_and_shortly(client: Client) -> None:
    make.municipality()
    for address in ("/pomosht/", "/healthz"):
        told = client.get(address).headers
        assert (told["Cache-Control"], "Expires" in told) == ("no-store, private", False), address
    assert "no-store" not in client.get("/nyama-takava/").headers.get("Cache-Control", "")  # the control


def test_nothing_unsafe_is_allowed_and_what_breaks_it_is_reported(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "*" not in policy and "data:" not in policy and "http" not in policy
    assert policy.endswith("report-uri /csp/")
    assert "camera=()" in PERMISSIONS and "geolocation=()" in PERMISSIONS and "microphone=()" in PERMISSIONS
    assert "=*" not in PERMISSIONS


def test_no_page_needs_an_inline_script_or_style(client: Client) -> None:
    """The API's own pages too: a script of theirs would simply not run."""
    page = client.get("/api/v1/docs/").content.decode()
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)
    (script,) = re.findall(r'src="([^"]*script=[^"]*)"', page)
    assert "SwaggerUIBundle" in client.get(script.replace("&amp;", "&")).content.decode()


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_by_http_one_is_sent_to_https_and_told_to_stay(client: Client) -> None:
    assert client.get("/").headers["Location"] == "https://testserver/"
    assert client.get("/", secure=True).headers["Strict-Transport-Security"].startswith("max-age=31536000; include")


def report(directive: str = "script-src-elem", blocked: str = "https://evil.example/x.js?phone=0888123456") -> bytes:
    address = "https://site/zayavka/?name=Мария"
    told = {"effective-directive": directive, "blocked-uri": blocked, "document-uri": address, "script-sample": "Мария"}
    return json.dumps({"csp-report": told}).encode()


def send(client: Client, body: bytes, kind: str = "application/csp-report", address: str = "192.0.2.1") -> int:
    return client.post("/csp/", body, content_type=kind, REMOTE_ADDR=address).status_code


def test_of_a_report_only_the_rule_and_the_host_are_counted() -> None:
    client = Client(enforce_csrf_checks=True)
    assert [send(client, report()) for _ in range(3)] == [204] * 3
    newer = [{"type": "csp-violation", "body": {"effectiveDirective": "style-src-attr", "blockedURL": "inline"}}]
    assert send(client, json.dumps(newer).encode(), "application/reports+json") == 204
    kept = set(CspCount.objects.values_list("directive", "blocked", "count"))
    assert kept == {("script-src-elem", "evil.example", 3), ("style-src-attr", "inline", 1)}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"[" * 5000, b'{"csp-report": 3}', report("Мария"), report(blocked="http://[")]
)
def test_nonsense_is_taken_and_nothing_of_it_kept(body: bytes, client: Client) -> None:
    assert send(client, body) == 204
    assert not CspCount.objects.exclude(blocked="other").exists()


def test_who_sends_much_or_large_is_sent_away(client: Client) -> None:
    assert send(client, b"x" * (LARGEST + 1)) == 413
    answers = [send(client, report()) for _ in range(BY_ADDRESS.most + 2)]
    assert answers.count(429) == 2
    assert send(client, report(), address="192.0.2.2") == 204


def test_invented_hosts_do_not_fill_the_table(client: Client) -> None:
    for number in range(MOST_A_DAY + 20):
        send(client, report(blocked=f"https://h{number}.example/"), address=f"192.0.2.{number % 250}")
    assert CspCount.objects.count() <= MOST_A_DAY + 1
    assert CspCount.objects.get(blocked="other").count == 20
