"""The desk's menu: only what the reader's role opens, as the pages themselves decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import NotRequired, TypedDict

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.policy import POLICY, allows
from accounts.roles import STAFF, Role

# Key, words, address.
ENTRIES = [
    ("today", gettext_noop("Днес"), "planning:today"),
    ("queue", gettext_noop("Заявки"), "planning:queue"),
    ("board", gettext_noop("График"), "planning:board"),
    ("desk", gettext_noop("Обаждане"), "requests:desk"),
    ("calls", gettext_noop("Обаждания"), "requests:calls"),
    ("callbacks", gettext_noop("Звъним обратно"), "requests:callbacks"),
    ("mine", gettext_noop("Моите заявки"), "requests:mine"),
    ("people", gettext_noop("Хора"), "volunteers:list"),
    ("safeguarding", gettext_noop("Закрила"), "requests:safeguarding"),
    ("journal", gettext_noop("Дневник"), "requests:journal"),
    ("reports", gettext_noop("Справки"), "reports:assignments"),
    ("settings", gettext_noop("Настройки"), "accounts:settings"),
]
# Whoever answers the telephone needs these and no others: calls to make and letters to hand over stand in „Днес“.
ONLY_OF_THE_CLERK = frozenset({"calls", "callbacks", "mine"})
ONLY_OF_OTHERS = frozenset({"safeguarding", "journal"})
# Who is not here sees everything their role opens but what is only of others.
OF_ROLE = {
    Role.CLERK: frozenset({"today", "desk"}) | ONLY_OF_THE_CLERK,
    Role.SAFEGUARDING: frozenset({"safeguarding", "queue", "people"}),
    Role.AUDITOR: frozenset({"journal"}),
}
# Key → how much waits there. The rooms above say it when they start.
COUNTS: dict[str, Callable[[Membership], int]] = {}


class Entry(TypedDict):
    label: str
    url: str
    current: bool
    count: NotRequired[int]


def _belongs(role: str, key: str) -> bool:
    mine = OF_ROLE.get(Role(role))
    return key in mine if mine is not None else key not in ONLY_OF_THE_CLERK | ONLY_OF_OTHERS


def menu_for(role: str | None, current: str = "", member: Membership | None = None) -> list[Entry]:
    """The entries of this role in order; `current` is a key of ENTRIES or an address name.

    With the member, an entry that counts says how much waits there.
    """
    if role is None or role not in STAFF:
        return []
    entries: list[Entry] = []
    for key, words, name in ENTRIES:
        try:
            url = reverse(name)
        except NoReverseMatch:  # a room without this page in this installation
            continue
        policy = getattr(resolve(url).func, "policy", None)
        if _belongs(role, key) and (policy not in POLICY or allows(role, policy)):
            entry = Entry(label=_(words), url=url, current=current in {key, name})
            if member is not None and key in COUNTS:
                entry["count"] = COUNTS[key](member)
            entries.append(entry)
    return entries


def place_of(request: HttpRequest) -> str:
    """The address name of this page (`planning:today`), or nothing."""
    match = request.resolver_match
    return match.view_name if match else ""
