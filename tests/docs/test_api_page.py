"""`docs/api.md` says what the code does: endpoints, scopes and codes of errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls.resolvers import RoutePattern

from accounts.scopes import SCOPES
from config.api import router, urlpatterns

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
CODE = re.compile(r'\bcode="([a-z_]+)"|^    code = "([a-z_]+)"', re.M)
# What an endpoint can answer with: the rooms whose services it calls, and the conventions themselves.
ANSWERING = [
    "core/api.py",
    "core/errors.py",
    "accounts/api.py",
    "requests/api",
    "requests/services",
    "volunteers/api.py",
]
ANSWERING += ["reports/api.py", "reports/selectors.py"]
# DRF's own, from its exceptions.
OF_THE_FRAMEWORK = {"not_authenticated", "not_found", "method_not_allowed", "parse_error", "permission_denied"}
OF_THE_FRAMEWORK |= {"unsupported_media_type", "not_acceptable"}


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
    everywhere = codes("core", "accounts", "places", "requests", "volunteers", "reports")
    assert documented_codes() - everywhere - OF_THE_FRAMEWORK == set()
