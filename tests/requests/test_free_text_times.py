"""Times as a clerk hears them, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Invalid
from places.models import MunicipalityRules
from requests.free_text_times import parse

TODAY = date(2026, 10, 5)
RULES = MunicipalityRules()


def said(text: str) -> list[tuple[object, str]]:
    return [
        (free.day.isoformat() if free.day else free.weekday, f"{free.start:%H:%M}-{free.end:%H:%M}")
        for free in parse(text, today=TODAY, rules=RULES)
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("вт, чт преди обед", [(1, "09:00-12:00"), (3, "09:00-12:00")]),
        ("вторник и четвъртък", [(1, "09:00-18:00"), (3, "09:00-18:00")]),
        ("пон-пет 9-12", [(day, "09:00-12:00") for day in range(5)]),
        ("всеки ден след 14", [(day, "14:00-18:00") for day in range(6)]),
        ("всеки делник до 11:30 ч.", [(day, "09:00-11:30") for day in range(5)]),
        ("утре", [("2026-10-06", "09:00-18:00")]),
        ("вт сутрин, пт след обед", [(1, "09:00-12:00"), (4, "12:00-18:00")]),
        ("25.11 от 10 до 12", [("2026-11-25", "10:00-12:00")]),
        ("2.10", [("2027-10-02", "09:00-18:00")]),
        ("следобед", [(day, "12:00-18:00") for day in range(6)]),
        ("ср 9-11 и 14-16", [(2, "09:00-11:00"), (2, "14:00-16:00")]),
        # hours said small are hours of the afternoon
        ("вт след 2", [(1, "14:00-18:00")]),
        ("ср от 2 до 4", [(2, "14:00-16:00")]),
        ("чт 9-5", [(3, "09:00-17:00")]),
        ("пт 8-10", [(4, "08:00-10:00")]),
        ("всеки вторник между 10 и 12", [(1, "10:00-12:00")]),
        # what follows at once narrows, what stands after a comma is another time
        ("вт сутрин до 11", [(1, "09:00-11:00")]),
        ("вт след 10 до 12", [(1, "10:00-12:00")]),
        ("вт сутрин, след 16", [(1, "09:00-12:00"), (1, "16:00-18:00")]),
        ("вт, вторник", [(1, "09:00-18:00")]),
        ("Tue, Thu mornings", [(1, "09:00-12:00"), (3, "09:00-12:00")]),
        ("weekdays after 14:30", [(day, "14:30-18:00") for day in range(5)]),
        ("петък-понеделник", [(4, "09:00-18:00"), (5, "09:00-18:00"), (6, "09:00-18:00"), (0, "09:00-18:00")]),
    ],
)
def test_what_people_say_is_read(text: str, read: list[tuple[object, str]]) -> None:
    assert said(text) == read


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("като дойде дъщеря ми", "като"),
        ("вт после", "после"),
        ("вт 12-9", "след часа"),
        ("31.02", "дата"),
        ("след 27", "час"),
        ("вт 22-23", "не ходим"),
        ("неделя", "В неделя не ходим"),
    ],
)
def test_what_is_not_understood_is_named(text: str, word: str) -> None:
    with pytest.raises(Invalid) as told:
        said(text)
    assert word in str(told.value) and told.value.code == "free_times"
