"""What would help in words: how many requests more, with whom, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import local
from core.templatetags.dv import long_date
from planning.selectors.advice import Help
from volunteers.states import LANGUAGES

NOON = 13


@dataclass(frozen=True)
class Said:
    """`url` is the page of the person it is about; "" for somebody new."""

    what: str
    facts: str
    who: str = ""
    url: str = ""


def said(help_: Help) -> Said:
    """Raises KeyError for an unknown kind."""
    words = {"new_volunteer": _newcomer, "training": _training, "more_hours": _hours}
    return words[help_.kind](help_)


def _newcomer(one: Help) -> Said:
    numbers = {"n": one.more, "where": one.near.prefixed_name if one.near else ""}
    if one.near:
        what = ngettext(
            "Още %(n)s заявка с нов доброволец около %(where)s",
            "Още %(n)s заявки с нов доброволец около %(where)s",
            one.more,
        )
    else:
        what = ngettext(
            "Още %(n)s заявка с нов доброволец по телефона",
            "Още %(n)s заявки с нов доброволец по телефона",
            one.more,
        )
    facts = [_when(one.start, one.end)]
    if one.groups:
        facts.append(_("Удостоверение: %(groups)s.") % {"groups": _groups(one)})
    if set(one.languages) - {"bg"}:
        spoken = ", ".join(str(LANGUAGES.get(code, code)) for code in one.languages)
        facts.append(_("Езици: %(languages)s.") % {"languages": spoken})
    return Said(what % numbers, " ".join(facts))


def _training(one: Help) -> Said:
    what = ngettext(
        "Още %(n)s заявка, ако %(who)s премине обучението „%(groups)s“",
        "Още %(n)s заявки, ако %(who)s премине обучението „%(groups)s“",
        one.more,
    )
    who, url = _person(one)
    facts = _("Стигат часовете, които има и сега.")
    return Said(what % {"n": one.more, "who": who, "groups": _groups(one)}, facts, who, url)


def _hours(one: Help) -> Said:
    what = ngettext(
        "Още %(n)s заявка, ако %(who)s има още половин ден",
        "Още %(n)s заявки, ако %(who)s има още половин ден",
        one.more,
    )
    who, url = _person(one)
    return Said(what % {"n": one.more, "who": who}, _when(one.start, one.end), who, url)


def _groups(one: Help) -> str:
    return ", ".join(group.name for group in one.groups)


def _person(one: Help) -> tuple[str, str]:
    person = one.volunteer
    return (person.name, reverse("volunteers:detail", args=[person.pk])) if person else ("", "")


def _when(start: datetime | None, end: datetime | None) -> str:
    """The half-day; which half, by the hour in its middle."""
    if start is None or end is None:
        return ""
    half = _("преди обед") if local(start + (end - start) / 2).hour < NOON else _("следобед")
    return _("Свободно време: %(day)s, %(half)s.") % {"day": long_date(start), "half": half}
