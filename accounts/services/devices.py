"""Browsers people are signed in with: written down at the sign-in, ended with their session."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import Device, DeviceQuerySet, User

# How a browser names itself → how people do. The first that fits: many name the others too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def named(agent: str) -> str:
    """„Chrome, Android“; empty where nothing is known."""
    agent = re.sub(r"[^ -~]", "", agent)[:400]
    found = [next((name for mark, name in names if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))


@transaction.atomic
def opened(*, user: User, session_key: str, agent: str, day: date) -> Device:
    Device.objects.filter(session_key=session_key).delete()
    return Device.objects.create(user=user, session_key=session_key, what=named(agent), seen_on=day)


def seen(*, session_key: str, day: date) -> None:
    """Called once a day for each device."""
    Device.objects.filter(session_key=session_key).update(seen_on=day)


@transaction.atomic
def end(rows: DeviceQuerySet) -> int:
    """These are signed out: their sessions are gone at the next page. Answers how many."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    Device.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_all(user: User) -> int:
    return end(Device.objects.of(user))


def over(*, now: datetime, dry: bool) -> int:
    """Devices whose session ran out."""
    rows = Device.objects.exclude(session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key"))
    return rows.count() if dry else rows.delete()[0]
