"""Somebody calls an address: what they are, what the table says of it, and what came back in one word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import Membership
from accounts.policy import POLICY, Reach
from accounts.roles import Role, WithoutAccount
from tests.proofs.trust.addresses import BY_SECRET, Opened
from tests.proofs.trust.town import HERE, THERE, WITH_TOKENS, Rows, Town, unknown

OPEN, SIGN_IN, CODE, REFUSED, MISSING = "open", "asked to sign in", "asked for the code", "refused", "not found"
NOT_SO = "has no such method"
# Pages for whoever has an account, and for everybody.
OUTSIDE_THE_TABLE = ("signed_in", "public")


@dataclass
class Caller:
    """`role` None: a stranger. `narrowed`: a clerk of the first village."""

    town: Town
    foreign: Town
    role: str | None = None
    member: Membership | None = None
    narrowed: bool = False

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        if self.member is not None:
            self.client.force_login(self.member.user)

    def own(self) -> Rows:
        return {**self.town.rows[HERE], **_token(self.town, self.role)}

    def kin(self) -> Rows:
        """Rows of the same municipality: of the other village, and another person's."""
        other = next((role for role in WITH_TOKENS if role != self.role), None)
        return {**self.town.rows[THERE], **_token(self.town, other)}

    def theirs(self) -> Rows:
        """Rows of the other municipality."""
        return {**self.foreign.rows[HERE], **_token(self.foreign, self.role)}

    def call(self, one: Opened, rows: Rows) -> tuple[str, bytes, int]:
        """What came back; whatever it wrote is undone, so that the next finds everything as it was."""
        cookies = self.client.cookies.copy()
        more: dict[str, Any] = {"content_type": "application/json", "data": "{}"} if one.is_api else {}
        with transaction.atomic():
            if one.name == "accounts:switch" and self.member is not None:
                more = {"data": {"membership": str(self.member.pk)}}
            answer = getattr(self.client, one.method)(one.url(rows), **(more if one.method != "get" else {}))
            body = b"" if answer.streaming else answer.content
            transaction.set_rollback(True)
        self.client.cookies = cookies
        cache.clear()
        return said(answer, one), body, answer.status_code


def _token(town: Town, role: str | None) -> Rows:
    return {"token": town.tokens.get(role or "", unknown()["token"])}


def said(answer: Any, one: Opened) -> str:
    """The answer in a word; what went wrong inside is told with its number."""
    where = answer.headers.get("Location", "")
    if answer.status_code in (301, 302) and where.startswith("/vhod/?"):
        return SIGN_IN
    if answer.status_code in (301, 302) and where == "/zayavka/":
        return CODE
    if answer.status_code == 401 and one.is_api:
        return SIGN_IN
    known = {403: REFUSED, 404: MISSING, 410: MISSING, 405: NOT_SO}
    return known.get(answer.status_code, OPEN if answer.status_code < 500 else f"failed with {answer.status_code}")


def expected(one: Opened, caller: Caller, rows: str) -> str:
    """What the table says, for the caller's `own` rows, their `kin`'s, and `theirs` of the other municipality."""
    if one.name in BY_SECRET:
        return MISSING
    if one.action == "public" or (one.action == "signed_in" and caller.role):
        return OPEN
    rule = POLICY.get(one.action)
    if rule is not None and rule.roles <= set(WithoutAccount):
        return CODE
    if caller.role is None:
        return SIGN_IN
    if rule is None or caller.role not in rule.roles:
        return REFUSED
    if not one.takes or rows == "own" or rule.reach == Reach.NATIONAL:
        return OPEN
    if rows == "theirs":
        return MISSING if _stand_for_rows(one) else OPEN
    return MISSING if _is_apart(rule.reach, caller) and _stand_for_rows(one) else OPEN


def _is_apart(reach: Reach, caller: Caller) -> bool:
    """Whether the rows of the other village are not this reader's although the municipality is the same."""
    if reach == Reach.OWN:
        return True
    return reach == Reach.PLACES and (caller.narrowed or caller.role == Role.VOLUNTEER)


def _stand_for_rows(one: Opened) -> bool:
    return any(part in unknown() for part in one.takes)
