"""The journal's verbs in words, for the desk: what happened to a request, its visit and its offers.

A verb with no words ("") is the other half of something that is told already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests.models import JournalEntry
from requests.states import DeclineReason, OfferState, Outcome, RequestState

REQUEST = {
    "taken": gettext_lazy("Заявката е записана"),
    "verified": gettext_lazy("Чухме се, заявката е вярна"),
    "not_reached": gettext_lazy("Звъняхме, никой не вдигна"),
    "offered": "",
    "half_staffed": gettext_lazy("Има първи човек, търсим втори"),
    "scheduled": gettext_lazy("Уговорено е"),
    "confirmed": gettext_lazy("Човекът потвърди"),
    "moved": gettext_lazy("Часът е сменен"),
    "another_time": gettext_lazy("Поискан е друг ден"),
    "cannot_come": gettext_lazy("Доброволецът не може, търсим друг"),
    "no_show": gettext_lazy("Не дойдохме, търсим отначало"),
    "corrected": gettext_lazy("Записаното е поправено"),
    "began": "",
    "closed": gettext_lazy("Приключено"),
    "withdrawn": gettext_lazy("Вече не е нужно"),
    "cancelled": gettext_lazy("Заявката е отменена"),
    "expired": gettext_lazy("Срокът мина"),
    "consent_asked": gettext_lazy("Питаме за съгласие"),
    "consent_given": gettext_lazy("Човекът е съгласен"),
    "consent_refused": gettext_lazy("Човекът не е съгласен"),
    "reopened": gettext_lazy("Започваме отново"),
    "search_again": gettext_lazy("Търсим отначало"),
    "back_to_open": gettext_lazy("Пак търсим човек"),
}
VISIT = {
    "visit_made": "",
    "confirmed": "",
    "moved": "",
    "checked_in": gettext_lazy("Доброволецът е на място"),
    "checked_out": "",
    "told_by_phone": gettext_lazy("Посещението е разказано по телефона"),
    "move_asked": gettext_lazy("Доброволецът иска друг час"),
    "set_out": gettext_lazy("Доброволецът тръгна"),
    "answered": gettext_lazy("Човекът отговори как мина"),
    "help_needed": gettext_lazy("Доброволецът поиска помощ"),
    "no_show": "",
    "cannot_come": "",
    "another_time": gettext_lazy("Посещението отпада"),
    "half_staffed": gettext_lazy("Посещението отпада"),
    "withdrawn": gettext_lazy("Посещението отпада"),
    "cancelled": gettext_lazy("Посещението отпада"),
    "expired": gettext_lazy("Посещението отпада"),
}
OFFER = {
    "made": gettext_lazy("Покана: %(who)s"),
    "accepted": gettext_lazy("%(who)s приема"),
    "declined": gettext_lazy("%(who)s отказва"),
    "expired": gettext_lazy("Без отговор: %(who)s"),
}
# Why an offer was taken back; the rest is told by what happened to the request.
TAKEN_BACK = {
    "clashes": gettext_lazy("прие друга по същото време"),
    "filled": gettext_lazy("местата се запълниха"),
    "seat_taken": gettext_lazy("друг прие пръв"),
    "pair_broken": gettext_lazy("другият отказа"),
    "half_staffed": gettext_lazy("няма втори човек"),
    "cannot_come": gettext_lazy("не може да дойде"),
    "moved": gettext_lazy("часът е сменен"),
    "another_time": gettext_lazy("поискан е друг ден"),
    "no_show": gettext_lazy("посещението не се състоя"),
    "withdrawn": gettext_lazy("вече не е нужно"),
    "cancelled": gettext_lazy("заявката е отменена"),
    "expired": gettext_lazy("срокът мина"),
}


def knows(subject_type: str, verb: str) -> bool:
    tables: dict[str, set[str]] = {"help_request": {*REQUEST}, "visit": {*VISIT}, "offer": {*OFFER, *TAKEN_BACK}}
    return verb in tables[subject_type]


def sentence(entry: JournalEntry, who: str = "") -> str:
    """What the entry says; `who` is the volunteer of an offer. "" where there is nothing to tell."""
    if entry.subject_type == "offer":
        return _offer(entry, who)
    if entry.subject_type == "visit":
        return str(VISIT.get(entry.verb, ""))
    if entry.verb == "half_staffed" and entry.to_state != RequestState.PARTLY_STAFFED:
        return _("Няма втори човек, търсим отначало")
    text = str(REQUEST.get(entry.verb, ""))
    outcome = entry.facts.get("outcome", "")
    if entry.verb == "closed" and outcome in Outcome.values:
        return f"{text}: {Outcome(outcome).label}"
    return text


def _offer(entry: JournalEntry, who: str) -> str:
    if entry.to_state in (OfferState.WITHDRAWN, OfferState.RELEASED):
        text = _("Поканата отпада: %(who)s") if entry.to_state == OfferState.WITHDRAWN else _("Отпада: %(who)s")
        why = str(TAKEN_BACK.get(entry.verb, ""))
        return f"{text % {'who': who}}{', ' if why else ''}{why}"
    text = str(OFFER.get(entry.verb, ""))
    reason = entry.facts.get("reason", "")
    told = f": {DeclineReason(reason).label}" if reason in DeclineReason.values else ""
    return text % {"who": who} + told if text else ""


def actor(code: str, names: dict[str, str]) -> str:
    """Who did it: a member's name by id, the person themselves, or the system."""
    kind, _colon, key = code.partition(":")
    if kind in ("user", "volunteer"):
        return names.get(key, _("колега"))
    return {"resident": _("човекът"), "plan": _("планът"), "beat": _("системата")}.get(kind, "")


class Stitch(NamedTuple):
    """One diamond of the thread."""

    text: str
    at: datetime
    who: str


def thread(entries: Iterable[JournalEntry], asked: Mapping[UUID, str], names: dict[str, str]) -> list[Stitch]:
    """The journal told in order; `asked` names the volunteer of every offer, `names` who acted."""
    stitches: list[Stitch] = []
    for entry in entries:
        text = sentence(entry, asked.get(entry.subject_id, ""))
        # One event may be written twice, of the request and of its visit: it is told once.
        if text and not (stitches and stitches[-1].text == text):
            stitches.append(Stitch(text, entry.at, actor(entry.actor, names)))
    return stitches
