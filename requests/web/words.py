"""Small sentences of the resident's pages."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.clock import local
from core.phones import display
from requests.forms.ask import STEPS
from requests.forms.asking import Asking

# Examples only: every reader sees other three, so that no word becomes everybody's.
EXAMPLES = 3


class Row(NamedTuple):
    """One line of „Вярно ли е всичко?“: what was asked, what was answered, which question mends it."""

    label: str
    values: list[str]
    step: str


def safe_words() -> str:
    """„мушкато, кладенец, синигер“"""
    every = _(
        "мушкато, кладенец, синигер, люляк, чешма, орех, калина, гергьовче, врабче, стомна, дюля, босилек, "
        "черга, вятърница, липа, жерав, кошница, лютиче, сливи, огнище"
    )
    return ", ".join(random.sample(every.split(", "), EXAMPLES))


def spaced(code: str) -> str:
    """A tracking code in two fours."""
    return f"{code[:4]}\u00a0{code[4:]}"


def summary(asking: Asking) -> list[Row]:
    """The answers as the person chose them, in the words of the questions."""
    rows = []
    for step, form_class in STEPS.items():
        form = form_class(asking, asking.answers.get(step))
        form.is_valid()
        if step == "koy":
            rows += _people(asking)
            continue
        if step == "duma":
            word = asking.answer("duma", "safe_word") or _("Ще я изберем заедно по телефона.")
            rows.append(Row(_("Тайна дума"), [word], step))
            continue
        values = [line for field in form for line in _chosen(field, form.cleaned_data.get(field.name))]
        rows.append(Row(str(form.title), values, step))
    return rows


def _chosen(field: Any, value: Any) -> Iterable[str]:
    if value in (None, "", []):
        return []
    choices = getattr(field.field, "choices", None)
    if choices is None:
        return [str(value)]
    known = {str(code): str(label) for code, label in choices}
    chosen = value if isinstance(value, list) else [value]
    words = [known[code] for code in chosen]
    return [", ".join([words[0], *(_lower(word) for word in words[1:])])]


def _lower(word: str) -> str:
    """Weekdays are written small within a line, in Bulgarian."""
    return word[:1].lower() + word[1:] if get_language() == "bg" else word


def _people(asking: Asking) -> list[Row]:
    def of(name: str) -> str:
        return str(asking.answer("koy", name))

    name = " ".join(part for part in (of("first_name"), of("middle_name"), of("last_name")) if part)
    rows = [Row(_("На кого да помогнем?"), [name, *([display(of("phone"))] if of("phone") else [])], "koy")]
    if of("asker_name"):
        rows.append(Row(_("Кой пита"), [of("asker_name"), display(of("asker_phone"))], "koy"))
    return rows


def on_day(moment: datetime, now: datetime) -> str:
    """„днес“, „утре“, „в четвъртък“, „на 15 октомври“: as one says it after „ще дойдем“."""
    day, today = local(moment).date(), local(now).date()
    away = (day - today).days
    if away == 0:
        return _("днес")
    if away == 1:
        return _("утре")
    if 1 < away < 7:
        return [
            _("в понеделник"), _("във вторник"), _("в сряда"), _("в четвъртък"), _("в петък"), _("в събота"),
            _("в неделя"),
        ][day.weekday()]  # fmt: skip
    words = date_format(day, "j F").replace(" ", "\u00a0")
    return _("на %(day)s") % {"day": words.lower() if get_language() == "bg" else words}
