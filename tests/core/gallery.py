"""Every component of the design system on one page, with invented people, for the tests that look at it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from core import charts, maps
from core.forms import Hinted
from core.templatetags.dv import icon_names

PAGES = Path(__file__).resolve().parent / "pages"
# Name, latitude, longitude: rounded, as places has them.
VILLAGES = [
    ("Радомир", 42.544, 22.962), ("Извор", 42.461, 22.789), ("Дрен", 42.404, 23.152),
    ("Друган", 42.474, 23.114), ("Стефаново", 42.475, 23.024), ("Долни Раковец", 42.459, 22.999),
    ("Долна Диканя", 42.428, 23.103), ("Горна Диканя", 42.431, 23.152), ("Гълъбник", 42.397, 23.084),
    ("Червена могила", 42.516, 23.0), ("Прибой", 42.515, 22.884), ("Кленовик", 42.449, 22.823),
    ("Копаница", 42.580, 22.935), ("Негованци", 42.478, 22.908),
]  # fmt: skip
AMOUNTS = {"Радомир": 61, "Извор": 24, "Дрен": 21, "Друган": 18, "Стефаново": 16, "Кленовик": 11}


class GalleryForm(forms.Form):
    use_required_attribute = False

    phone = forms.CharField(label="Телефон", help_text="Може и стационарен.")
    when = forms.CharField(label="Кога Ви е удобно", error_messages={"required": "Напишете ден. Например „вторник“."})
    need = forms.ChoiceField(
        label="С какво да помогнем?",
        help_text="Изберете едно.",
        choices=[("heat", Hinted("Помощ за отопление", "Подава се до 31 октомври.")), ("unknown", "Не знам")],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label="Как",
        choices=[("home", "У дома"), ("point", "В пункт"), ("phone", "По телефон")],
        widget=forms.RadioSelect(attrs={"seg": True}),
    )
    agreed = forms.BooleanField(label="Съгласие", help_text="Може да го оттеглите.")
    village = forms.ChoiceField(label="Село", choices=[("", "–"), ("izvor", "Извор")], required=False)
    note = forms.CharField(label="Бележка", widget=forms.Textarea, required=False)


def half_filled() -> GalleryForm:
    return GalleryForm({"phone": "0777 12 399", "need": "unknown", "how": "home"})


class _Municipality(SimpleNamespace):
    def __str__(self) -> str:
        return "Радомир"


def places() -> list[maps.Place]:
    return [maps.Place(name, name, lat, lon) for name, lat, lon in VILLAGES]


def _drawings() -> dict[str, Any]:
    weeks = [str(number) for number in range(27, 40)]
    visits = [5, 6, 8, 7, 9, 8, 10, 9, 11, 10, 12, 11, 6]
    median = [5.1, 4.9, 5, 4.6, 4.4, 4.2, 4.3, 3.9, 3.7, 3.6, 3.4, 3.3, 3.2]
    nine = [9.8, 9.6, 9.9, 9, 8.4, 8.6, 8.2, 7.4, 7.2, 6.8, 6.9, 6.4, 6.1]
    bars = [charts.Bar(week, n, outlined=week == "39") for week, n in zip(weeks, visits, strict=True)]

    def road(*stops: str) -> str:
        return maps.route_map(places(), stops, start="Радомир", label="Карта: " + ", ".join(stops))

    return {
        "route": road("Стефаново", "Друган", "Долни Раковец"),
        "merged": road("Дрен", "Долна Диканя", "Горна Диканя", "Гълъбник"),
        "offer": road("Извор"),
        "bubbles": maps.bubble_map(places(), AMOUNTS, label="Карта: посещения по села"),
        "bars": charts.bars(bars, label="Посещения по седмици, от 5 до 12"),
        "lines": charts.lines(
            weeks,
            [charts.Line("половината", median), charts.Line("9 от 10", nine)],
            label="Чакане в дни: медиана от 5,1 на 3,2",
        ),
        "progress": charts.progress(94, 22, 11, label="94 подадени, 22 обещани, 11 чакат"),
        "rows": [(name, n, charts.mini(n - 3, n, most=61)) for name, n in AMOUNTS.items()],
    }


def context(**more: Any) -> dict[str, Any]:
    tabs = zip(["today", "ask", "me"], ["Днес", "Покани", "Аз"], strict=True)
    return {
        "form": half_filled(),
        "municipality": _Municipality(phone="+35977712345", office_hours="Всеки делник, 8:30–17:00 ч."),
        "DEMO": True,
        "menu": [{"url": "#main", "label": words, "current": words == "Хора"} for words in ("Днес", "Хора")],
        "tabs": [{"url": "#main", "label": w, "icon": i, "current": i == "today"} for i, w in tabs],
        "messages": [Message(25, "Преместихме посещението.")],
        "moment": datetime(2026, 10, 15, 7, 30, tzinfo=UTC),
        "icons": sorted(icon_names()),
        "days": list(range(12, 26)),
        "page_obj": Paginator(range(100), 10).page(2),
        **_drawings(),
        **more,
    }


def render(source: str, **more: Any) -> str:
    """A template from its source, as a page at `/?q=1` would show it."""
    request = RequestFactory().get("/?q=1")
    return str(engines["django"].from_string(source).render(context(**more), request))


def page(name: str, **more: Any) -> str:
    return render((PAGES / f"{name}.html").read_text(encoding="utf-8"), **more)
