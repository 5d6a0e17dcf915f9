"""`docs/api.md` says what the code does: endpoints, scopes and codes of errors."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.roles import Role
from accounts.scopes import SCOPES
from config.api import router, urlpatterns
from places.models import Municipality
from tests import factories as make

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
CODE = re.compile(r'\bcode="([a-z_]+)"|^    code = "([a-z_]+)"', re.M)
# What an endpoint can answer with: the rooms whose services it calls, and the conventions themselves.
ANSWERING = [
    "core/api.py",
    "core/errors.py",
    "core/etags.py",
    "accounts/api.py",
    "requests/api",
    "requests/services",
    "notifications/services/webhooks.py",
    "volunteers/api.py",
]
ANSWERING += ["reports/api.py", "reports/selectors.py"]
# DRF's own, from its exceptions.
OF_THE_FRAMEWORK = {"not_authenticated", "not_found", "method_not_allowed", "parse_error", "permission_denied"}
OF_THE_FRAMEWORK |= {"unsupported_media_type", "not_acceptable", "throttled"}
# What broke, or was refused before an endpoint, says nothing but this (core/middleware.py).
OF_THE_FRAMEWORK |= {"error", "refused"}


def endpoints() -> dict[str, Any]:
    """Address below /api/v1 → the class that answers, those for reading about the API left out."""
    found = {f"/{prefix}/": view for prefix, view, _name in router.registry}
    for pattern in urlpatterns:
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if isinstance(pattern.pattern, RoutePattern) and hasattr(view, "policy"):
            found[f"/{pattern.pattern}"] = view
    return found


def policies() -> set[str]:
    """Every action of the policy table that an endpoint names."""
    named: set[str] = set()
    for view in endpoints().values():
        named |= {getattr(view, "policy", "")} | set(getattr(view, "policies", {}).values())
    return named - {""}


def codes(*names: str) -> set[str]:
    found: set[str] = set()
    for name in names:
        place = ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found |= {one or other for one, other in CODE.findall(path.read_text(encoding="utf-8"))}
    return found


def documented_codes() -> set[str]:
    section = PAGE.partition("## Errors")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("|")]
    return {code for row in rows for code in re.findall(r"`([a-z_]+)`", row[2])}


def test_every_scope_opens_an_endpoint():
    assert set(SCOPES) <= policies()


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_every_scope_is_described(scope):
    assert f"| `{scope}` |" in PAGE


@pytest.mark.parametrize("address", sorted(endpoints()))
def test_every_endpoint_is_described(address):
    assert f"| `{address}` |" in PAGE


def test_every_code_a_program_can_meet_is_described():
    assert codes(*ANSWERING) - documented_codes() == set()


def test_no_code_is_invented():
    everywhere = codes("core", "accounts", "notifications", "places", "requests", "volunteers", "reports")
    assert documented_codes() - everywhere - OF_THE_FRAMEWORK == set()


@pytest.fixture
def program(db: None) -> APIClient:
    """A program of Radomir's coordinator, with a token for what the page shows."""
    call_command("load_facts", stdout=StringIO())
    member = make.user(Role.COORDINATOR, of=Municipality.objects.get(pk="PER36")).memberships.get()
    now = timezone.now()
    _token, secret = services.create_token(
        membership=member,
        label="табло",
        scopes=["help_request.read", "help_request.intake", "api.offers"],
        expires_at=now + timedelta(days=1),
        now=now,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_the_request_of_the_example_is_taken_once(program: APIClient) -> None:
    found = re.search(r"Idempotency-Key: (\S+)\" \\\n\s+-d '(.+?)'\n```", PAGE, re.S)
    assert found
    key, body = found[1], json.loads(found[2])
    first, again = (program.post("/api/v1/requests/", body, headers={"Idempotency-Key": key}) for _ in range(2))
    assert first.status_code == 201, first.json()
    assert (first.json()["state"], first.json()["service"]) == ("open", "ASP_HEAT")
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == {"location": first.headers["Location"]}
    listed = program.get("/api/v1/requests/", {"state": "open"}).json()
    assert [row["id"] for row in listed["results"]] == [first.json()["id"]]
    assert "Петрова" not in str(listed)


def test_a_token_with_the_scope_of_offers_reads_them_and_nothing_else(program: APIClient) -> None:
    assert program.get("/api/v1/offers/").json()["count"] == 0
    refused = program.get("/api/v1/visits/")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert refused.headers["Content-Type"] == "application/problem+json"
