"""What other systems can be told of: the events, in words, and the scope each of them needs. docs/api.md lists them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REQUESTS, OFFERS, VISITS = "help_request.read", "api.offers", "api.visits"
# Naming the person needs what reading a request needs.
PERSONAL = REQUESTS


@dataclass(frozen=True)
class EventType:
    words: str | Promise
    scope: str


EVENTS: dict[str, EventType] = {
    "request.created": EventType(_("Записана е заявка"), REQUESTS),
    "request.state_changed": EventType(_("Заявка премина нататък или приключи"), REQUESTS),
    "request.corrected": EventType(_("Заявка е поправена"), REQUESTS),
    "offer.made": EventType(_("Доброволец е поканен"), OFFERS),
    "offer.accepted": EventType(_("Доброволец прие"), OFFERS),
    "offer.declined": EventType(_("Доброволец отказа"), OFFERS),
    "offer.expired": EventType(_("Доброволец не отговори навреме"), OFFERS),
    "offer.withdrawn": EventType(_("Покана е оттеглена"), OFFERS),
    "offer.released": EventType(_("Доброволец е освободен"), OFFERS),
    "visit.scheduled": EventType(_("Посещение е уговорено"), VISITS),
    "visit.confirmed": EventType(_("Посещение е потвърдено"), VISITS),
    "visit.moved": EventType(_("Посещение е на друг час"), VISITS),
    "visit.cancelled": EventType(_("Посещение отпадна"), VISITS),
    "visit.checked_in": EventType(_("Посещение започна"), VISITS),
    "visit.done": EventType(_("Посещение приключи"), VISITS),
    "visit.no_show": EventType(_("Посещение не се състоя"), VISITS),
}


def open_to(scopes: Collection[str]) -> list[str]:
    """The events that these scopes open, in the order of the list."""
    return [code for code, event in EVENTS.items() if event.scope in scopes]


def type_of(subject: str, verb: str, to: str) -> str:
    """Which event a journal entry is; empty where other systems are not told of it.

    A moved visit is announced once it stands at its new time (`notices.visit_moved`), not by its entry.
    """
    if subject == "help_request":
        named = {"taken": "request.created", "corrected": "request.corrected"}
        return named.get(verb, "request.state_changed" if to else "")
    if subject == "offer":
        return "offer.made" if verb == "made" else f"offer.{to}" if to else ""
    if subject == "visit" and verb != "moved":
        return "visit.scheduled" if verb == "visit_made" else f"visit.{to}" if to else ""
    return ""
