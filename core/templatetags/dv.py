"""Template tags and filters of the house: icons, status tags; dates, numbers, telephones as written here.

A builtin of the template engine: no `{% load %}` needed. Filters take None and "" and answer "".
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import clock as clocks
from core import phones

register = template.Library()

NBSP = "\u00a0"
SPRITE = Path(__file__).resolve().parent.parent / "static" / "core" / "icons.svg"
# What a status tag may say by its form; "agreed" is the plain one.
TAG_KINDS = {"agreed": "tag", "wait": "tag wait", "now": "tag now", "end": "tag end"}


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """`{% icon "phone" %}`: a drawing of the sprite, silent for screen readers. Unknown name: ValueError."""
    if name not in icon_names():
        raise ValueError(f"icons.svg has no “{name}”")
    sprite = static("core/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, sprite, name)


@register.simple_tag
def mark() -> SafeString:
    """The stitch diamond of the house."""
    return icon("mark", "mark")


@register.simple_tag
def tag(kind: str, label: Any) -> SafeString:
    """`{% tag "wait" label %}`: a status, told by form, colour and word. KeyError on an unknown kind."""
    return format_html('<span class="{}">{}</span>', TAG_KINDS[kind], label)


@register.simple_tag
def steps(current: int, total: int) -> SafeString:
    """`{% steps 2 5 %}`: the diamonds and „Въпрос 2 от 5“."""
    marks = format_html_join(
        "",
        "<li{}></li>",
        ((mark_safe(' class="on"') if n == current else "",) for n in range(1, total + 1)),  # nosec
    )
    words = _("Въпрос %(current)s от %(total)s") % {"current": current, "total": total}
    return format_html(
        '<div class="row"><ol class="steps" aria-hidden="true">{}</ol><small>{}</small></div>', marks, words
    )


def _local(value: Any) -> Any:
    """A moment as it is in Sofia; dates and clock times stay as they are."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return clocks.local(value)
    return value


@register.filter
def phone(value: str | None) -> str:
    """„0888 123 456“ with spaces that do not break."""
    return phones.display(value) if value else ""


@register.filter
def tel_link(value: str | None, css: str = "tel") -> SafeString | str:
    """A link that calls: `{{ number|tel_link }}`, `{{ number|tel_link:"tel big" }}`."""
    if not value:
        return ""
    return format_html('<a class="{}" href="tel:{}">{}{}</a>', css, value, icon("phone"), phones.display(value))


@register.filter
def long_date(value: date | datetime | None) -> str:
    """„четвъртък, 15 октомври“ / “Thursday, 15 October”; the year only when it is not this one."""
    if not value:
        return ""
    day = _local(value)
    words = date_format(day, "l, j F").replace(" ", NBSP).replace("," + NBSP, ", ")
    if day.year != clocks.local_date(timezone.now()).year:
        words += NBSP + (f"{day.year}{NBSP}г." if get_language() == "bg" else str(day.year))
    return words.lower() if get_language() == "bg" else words


@register.filter
def short_date(value: date | datetime | None) -> str:
    """„15.10.2026 г.“ / “15 Oct 2026”."""
    if not value:
        return ""
    return formats.date_format(_local(value), "SHORT_DATE_FORMAT").replace(" ", NBSP)


@register.filter
def clock(value: datetime | time | None) -> str:
    """„10:30 ч.“ / “10:30”."""
    if value is None or value == "":
        return ""
    moment = _local(value)
    words = f"{moment.hour}:{moment.minute:02}"
    return f"{words}{NBSP}ч." if get_language() == "bg" else words


@register.filter
def day_clock(value: datetime | None) -> str:
    """„четвъртък, 15 октомври, 10:30 ч.“"""
    return f"{long_date(value)}, {clock(value)}" if value else ""


@register.filter
def number(value: float | int | None, decimals: int | None = None) -> str:
    """„1 180“, „3,2“: thin thousands, decimal comma; whole numbers stay whole unless `decimals` is given."""
    if value is None or value == "":
        return ""
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return formats.number_format(round(value, decimals), decimal_pos=decimals, force_grouping=True)


@register.filter
def minutes(value: float | int | None) -> str:
    """„60 мин.“"""
    return _("%(n)s\u00a0мин.") % {"n": number(round(value))} if value is not None and value != "" else ""


@register.filter
def km(value: float | None) -> str:
    """„18 км“; one decimal under 10 km."""
    if value is None or value == "":
        return ""
    return _("%(n)s\u00a0км") % {"n": number(round(value, 1) if value < 10 else round(value))}


@register.filter
def percent(share: float | None, decimals: int = 0) -> str:
    """A share of 1 as „71 %“."""
    return f"{number(share * 100, decimals)}{NBSP}%" if share is not None and share != "" else ""


@register.filter
def nbsp(value: Any) -> str:
    """No line break inside: „с. Извор“, „№ 4821“."""
    return "" if value is None else str(value).replace(" ", NBSP)


@register.filter
def ago_days(value: date | datetime | None) -> str:
    """„днес“, „вчера“, „преди 5 дни“, by local days."""
    if not value:
        return ""
    day = clocks.local_date(value) if isinstance(value, datetime) else value
    passed = (clocks.local_date(timezone.now()) - day).days
    if passed <= 0:
        return _("днес")
    if passed == 1:
        return _("вчера")
    return ngettext("преди %(n)s ден", "преди %(n)s дни", passed) % {"n": number(passed)}


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """`<a href="{% query_with page=2 %}">`: this page's query with some values changed; None drops one."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.filter
def error_target(field: BoundField) -> str:
    """The id the error summary leads to: the control, or the first of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_tick(field: BoundField) -> bool:
    """One checkbox that stands beside its own label."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def first_bold(message: Any) -> SafeString:
    """The first sentence of an error in bold: what to do; the rest explains."""
    first, dot, rest = str(message).partition(". ")
    return format_html("<b>{}</b> {}", first + dot.rstrip(), rest)
