"""Every page that somebody can open with GET, once, as the first who may: found from the resolver. Parts are none."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.roles import Role
from tests.proofs.trust.addresses import BY_SECRET, Opened, everything
from tests.proofs.trust.calling import CODE, OPEN, Caller, expected
from tests.proofs.trust.town import HERE, Rows, Town

RESIDENT = "resident"
# Whoever sees the most of a page comes first.
ROLES = (Role.VOLUNTEER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.CLERK, Role.SAFEGUARDING, Role.AUDITOR)


@dataclass
class Shown:
    """`who` is a role, `resident`, or empty for a stranger; `first` is the page as it was found, in Bulgarian."""

    name: str
    who: str
    one: Opened
    client: Client
    rows: Rows
    first: Any = None

    def url(self, language: str = "bg") -> str:
        with override(language):
            return self.one.url(self.rows)

    def get(self, language: str = "bg") -> HttpResponse:
        return self.client.get(self.url(language))  # type: ignore[return-value]


def clients(town: Town) -> dict[str, Caller]:
    callers = {"": Caller(town, town)}
    callers |= {role: Caller(town, town, role, town.people[role]) for role in ROLES}
    return callers


def resident(town: Town) -> Client:
    """A visitor who gave the code of their request and its telephone."""
    client = Client()
    code, phone = town.codes[HERE]
    assert client.post(reverse("requests:track"), {"code": code, "phone": phone}).status_code == 302
    return client


def every_page(town: Town, only: Container[str] | None = None) -> Iterator[Shown]:
    """`only`: of these names alone."""
    callers, by_code = clients(town), resident(town)
    # A visitor who has begun to ask.
    callers[""].client.get(reverse("requests:ask"))
    for one in everything():
        if one.is_api or one.method != "get" or one.name in BY_SECRET or (only is not None and one.name not in only):
            continue
        who = next((who for who, caller in callers.items() if expected(one, caller, "own") == OPEN), None)
        client = callers[who].client if who is not None else by_code
        if who is None and expected(one, callers[""], "own") != CODE:
            continue
        rows = callers[who or ""].own()
        shown = Shown(one.name, RESIDENT if who is None else who, one, client, rows)
        answer = shown.get()
        if (
            answer.status_code == 200
            and not answer.streaming
            and answer.content.lstrip().lower().startswith(b"<!doctype html")
        ):
            shown.first = answer
            yield shown
