"""Dates, numbers and telephones as people here write them, and the small drawings."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from core.templatetags import dv

MOMENT = datetime(2026, 10, 15, 7, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _autumn(monkeypatch):
    monkeypatch.setattr(dv.timezone, "now", lambda: datetime(2026, 10, 14, 9, 0, tzinfo=UTC))


def test_a_moment_is_shown_as_it_is_in_sofia():
    with override("bg"):
        assert dv.clock(MOMENT) == "10:30\u00a0ч."
        assert dv.long_date(MOMENT) == "четвъртък, 15\u00a0октомври"
        assert dv.day_clock(MOMENT) == "четвъртък, 15\u00a0октомври, 10:30\u00a0ч."
        assert dv.short_date(MOMENT) == "15.10.2026\u00a0г."
    with override("en"):
        assert dv.day_clock(MOMENT) == "Thursday, 15\u00a0October, 10:30"


def test_late_in_the_evening_utc_it_is_tomorrow_in_sofia():
    with override("bg"):
        assert dv.long_date(datetime(2026, 10, 14, 22, 30, tzinfo=UTC)).startswith("четвъртък, 15")


def test_winter_and_summer_time_are_told_apart():
    with override("bg"):
        assert dv.clock(datetime(2026, 11, 15, 7, 30, tzinfo=UTC)) == "9:30\u00a0ч."


def test_another_year_is_said():
    with override("bg"):
        assert dv.long_date(date(2027, 1, 4)) == "понеделник, 4\u00a0януари\u00a02027\u00a0г."


def test_a_clock_time_alone_stays_as_it_is():
    with override("bg"):
        assert dv.clock(time(8, 5)) == "8:05\u00a0ч."
        assert dv.clock(time(0, 0)) == "0:00\u00a0ч."


def test_numbers_have_thin_thousands_and_a_decimal_comma():
    with override("bg"):
        assert dv.number(1180) == "1\u202f180"
        assert dv.number(3.24) == "3,2"
        assert dv.number(3, 1) == "3,0"
        assert dv.percent(0.714) == "71\u00a0%"
        assert dv.km(9.96) == "10\u00a0км"
        assert dv.km(7.25) == "7,2\u00a0км"
        assert dv.minutes(60) == "60\u00a0мин."
        assert dv.minutes(0) == "0\u00a0мин."


@pytest.mark.parametrize(("day", "words"), [(14, "днес"), (13, "вчера"), (9, "преди 5 дни"), (16, "днес")])
def test_days_ago_are_counted_by_local_days(day, words):
    with override("bg"):
        assert dv.ago_days(date(2026, 10, day)) == words


def test_just_before_midnight_utc_is_already_today():
    with override("bg"):
        assert dv.ago_days(datetime(2026, 10, 13, 21, 30, tzinfo=UTC)) == "днес"


@pytest.mark.parametrize("name", ["long_date", "short_date", "clock", "day_clock", "number", "km", "minutes",
                                  "percent", "nbsp", "ago_days", "phone", "tel_link"])  # fmt: skip
def test_nothing_gives_nothing(name):
    assert getattr(dv, name)(None) == ""


def test_a_telephone_can_be_called():
    link = dv.tel_link("+359888123456", "tel big")
    assert 'href="tel:+359888123456"' in link
    assert 'class="tel big"' in link
    assert dv.phone("+359888123456") in link


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+35977712345", "0777 12 345"),  # Radomir
        ("+35977281234", "0772 81 234"),
        ("+35976123456", "076 123 456"),  # Pernik
        ("+35929123456", "02 912 3456"),  # Sofia
        ("+35930112345", "0301 12 345"),  # Smolyan
        ("+359888123456", "0888 123 456"),
        ("+35980012345", "0800 12 345"),
        ("+442071234567", "+44 20 7123 4567"),
    ],
)
def test_a_telephone_is_grouped_by_its_area_code(e164, shown):
    assert dv.phone(e164) == shown.replace(" ", "\u00a0")


def test_an_unknown_icon_or_kind_of_tag_is_an_error():
    with pytest.raises(ValueError, match="rose"):
        dv.icon("rose")
    with pytest.raises(KeyError):
        dv.tag("maybe", "Може би")


def test_what_people_wrote_is_escaped():
    assert dv.tag("wait", "<b>") == '<span class="tag wait">&lt;b&gt;</span>'
    assert "<i>" not in dv.first_bold("Не така. <i>")


def test_links_keep_the_filters_of_the_page():
    request = RequestFactory().get("/?village=Извор&page=1&q=")
    template = engines["django"].from_string("{% query_with page=2 q=None %}")
    assert template.render({}, request) == "?village=%D0%98%D0%B7%D0%B2%D0%BE%D1%80&amp;page=2"


def test_the_steps_show_which_question_this_is():
    with override("bg"):
        steps = dv.steps(2, 3)
    assert steps.count("<li") == 3
    assert '<li></li><li class="on"></li><li></li>' in steps
    assert "Въпрос 2 от 3" in steps
