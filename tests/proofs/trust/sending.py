"""Somebody with a browser who opens every page there is for them and finds its forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from accounts.policy import POLICY
from accounts.roles import Role
from tests.proofs.trust.addresses import BY_SECRET, everything
from tests.proofs.trust.forms import Form, Forms
from tests.proofs.trust.town import HERE, Town
from tests.sizes import FULL

# They end the session the other forms need; everything else of a page may be sent.
LEAVING = {"account_logout", "requests:tracking_leave"}
STEPS = {
    "kakvo": {"service": "unknown", "note": ""}, "kak": {"mode": "HOME_VISIT"},
    "kade": {"settlement": "", "how_to_find": ""},
    "koga": {"days": ["1"], "parts": ["morning"]},
    "koy": {"asked_by": "self", "first_name": "Мария", "last_name": "Петрова", "phone": "0888 123 456"},
    "duma": {"safe_word": "люляк"},
}  # fmt: skip


class Sender:
    """Somebody with a browser; whatever they set off is undone."""

    def __init__(self, town: Town, role: str | None) -> None:
        self.town, self.role = town, role
        self.client = Client(raise_request_exception=False)
        if role == "resident":
            code, phone = town.codes[HERE]
            self.client.post(reverse("requests:track"), {"code": code, "phone": phone})
        elif role is not None:
            self.client.force_login(town.people[Role(role)].user)

    def send(self, method: str, where: str, data: dict[str, Any]) -> Any:
        cookies = self.client.cookies.copy()
        with transaction.atomic():
            answer = getattr(self.client, method)(where, data)
            if answer.streaming:
                answer = HttpResponse(b"".join(answer.streaming_content), headers=answer.headers)
            transaction.set_rollback(True)
        self.client.cookies = cookies
        cache.clear()
        return answer


def answer_questions(client: Client, ekatte: str) -> None:
    client.get(reverse("requests:choose_town"))
    client.post(reverse("requests:choose_town"), {"town": "PER36"})
    client.get(reverse("requests:ask"))
    for step, said in STEPS.items():
        where = reverse("requests:ask_question", args=[step])
        client.post(where, {**said, "settlement": ekatte} if "settlement" in said else said)


def pages(sender: Sender) -> Iterator[str]:
    rows = {**sender.town.rows[HERE], "token": sender.town.tokens.get(sender.role or "", "")}
    for one in everything():
        if one.method != "get" or one.is_api or one.name in BY_SECRET or not _opens(one.action, sender.role):
            continue
        steps = STEPS if one.name == "requests:ask_question" else ("",)
        for step in steps:
            if all(rows.get(part, part) for part in one.takes):
                yield reverse(one.name, args=[step]) if step else one.url(rows)


def opened(senders: list[Sender]) -> Iterator[tuple[Sender, str]]:
    """Every page and who opens it: full, everybody who may; reduced, the first of those with an account."""
    seen: set[str] = set()
    for sender in senders:
        known = sender.role not in (None, "resident")
        for page in pages(sender):
            if FULL or not known or page not in seen:
                yield sender, page
                if known:
                    seen.add(page)


def _opens(action: str, role: str | None) -> bool:
    """Whether the table lets them in: a refusal has no form."""
    return action not in POLICY or role in POLICY[action].roles


def forms_of(senders: list[Sender]) -> list[tuple[Sender, str, Form]]:
    """Who, where it is sent, and the form: each once, however many pages and roles show it."""
    found: dict[tuple[str, str, frozenset[str]], tuple[Sender, str, Form]] = {}
    for sender, page in opened(senders):
        answer = sender.send("get", page, {})
        assert answer.status_code < 500, (sender.role, page)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for form in Forms(answer.content.decode()).found:
            where = form.action or page
            name = resolve(where.partition("?")[0]).view_name
            if name not in LEAVING:
                found.setdefault((form.method, name, form.names), (sender, where, form))
    return list(found.values())
