"""The desk's menu: only what the reader's role opens, as the pages themselves decide."""

from __future__ import annotations

from typing import TypedDict

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.policy import POLICY, allows
from accounts.roles import STAFF

# Key, words, address.
ENTRIES = [
    ("today", gettext_noop("Днес"), "planning:today"),
    ("queue", gettext_noop("Заявки"), "planning:queue"),
    ("board", gettext_noop("График"), "planning:board"),
    ("desk", gettext_noop("Обаждане"), "requests:desk"),
    ("people", gettext_noop("Хора"), "volunteers:list"),
    ("reports", gettext_noop("Справки"), "reports:assignments"),
    ("settings", gettext_noop("Настройки"), "accounts:settings"),
]


class Entry(TypedDict):
    label: str
    url: str
    current: bool


def menu_for(role: str | None, current: str = "") -> list[Entry]:
    """The entries of this role in order; `current` is a key of ENTRIES or an address name."""
    if role not in STAFF:
        return []
    entries: list[Entry] = []
    for key, words, name in ENTRIES:
        try:
            url = reverse(name)
        except NoReverseMatch:  # a room without this page in this installation
            continue
        policy = getattr(resolve(url).func, "policy", None)
        if policy not in POLICY or allows(role, policy):
            entries.append(Entry(label=_(words), url=url, current=current in {key, name}))
    return entries


def place_of(request: HttpRequest) -> str:
    """The address name of this page (`planning:today`), or nothing."""
    match = request.resolver_match
    return match.view_name if match else ""
