"""Signing in as people do, for tests: the code that was sent, an app that counts, a browser of a certain age."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import factors, knocks, printed
from notifications.models import Message

PASSWORD = "три зелени чушки"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEED = "ab" * 40
ASK, CONFIRM = "account_request_login_code", "account_confirm_login_code"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch, *on: str) -> None:
    """As an installation asks, with these settings on; a clock that stands, no tries from before."""
    stand_still(monkeypatch)
    for name in on:
        setattr(settings, name, True)
    cache.clear()


def stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock hardly moves: an app's code of this half minute is its code until the test is over.

    A millisecond passes with each look at it, so that what came later is later.
    """
    began = datetime.fromtimestamp(time.time() // 30 * 30, UTC)
    looks = count()
    monkeypatch.setattr(timezone, "now", lambda: began + timedelta(milliseconds=next(looks)))


def app_code(secret: str = SECRET, *, steps: int = 0, now: datetime | None = None) -> str:
    """What the app shows, so many half minutes from now."""
    moment = now or timezone.now()
    return format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30 + steps))


def with_app(user: User) -> User:
    """An app set up long ago: the code of this half minute was not used."""
    row = factors.set_app(user=user, secret=SECRET, code=app_code(), now=timezone.now())
    row.data["step"] = 0
    row.save()
    return user


def with_paper(user: User) -> list[str]:
    """The codes of a printed list that are left."""
    codes = printed.make()
    factors.set_printed(user=user, hashes=printed.hashed(codes), code=codes[0], now=timezone.now())
    return codes[1:]


def with_old_paper(user: User) -> list[str]:
    """The same of a sheet from before codes were hashed: the library makes them from a sealed seed."""
    row = Authenticator(user=user, type="recovery_codes", data={"seed": encrypt(SEED), "used_mask": 1})
    row.save()
    codes: list[str] = RecoveryCodes(row).get_unused_codes()
    return codes


def by_password(user: User, client: Client | None = None, *, password: str = PASSWORD) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session and client.get(reverse("accounts:me")).status_code in (200, 302)


def sent_code() -> str:
    """Answer who knocked; the newest code that was written."""
    knocks.answer_all(now=timezone.now())
    row = Message.objects.filter(kind="sign_in_code").order_by("-created_at").first()
    found = re.search(r"\d{6}", row.short) if row else None
    return found[0] if found else ""


def by_code(typed: str, client: Client | None = None, **more: Any) -> Client:
    client = client or Client(**more)
    client.post(reverse(ASK), {"typed": typed})
    client.post(reverse(CONFIRM), {"code": sent_code()})
    return client


def shown(client: Client, user: User, *, ago: float = 0.0, method: str = "password") -> Client:
    """As if this session had given that so many seconds ago, and nothing else."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": time.time() - ago}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client
