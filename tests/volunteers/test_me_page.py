"""„Аз“: the volunteer's own page."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from core.clock import local_date
from volunteers.models import Volunteer
from volunteers.services import availability
from volunteers.states import VolunteerStatus

URL = "/dobrovoltsi/az/"


@pytest.fixture
def me(ivanka, signed_in):
    return signed_in(ivanka.user)


@pytest.fixture
def today():
    return local_date(timezone.now())


def test_it_is_for_volunteers(client, me, alisa, kamen, signed_in):
    assert me.get(URL).status_code == 200
    assert client.get(URL).status_code == 302
    assert signed_in(alisa.user).get(URL).status_code == 403
    assert signed_in(kamen.user).get(URL).status_code == 403


def test_hours_are_added_to_several_days_at_once_and_taken_away(me, ivanka):
    answer = me.post(URL, {"do": "hours", "weekdays": ["0", "2"], "start": "09:00", "end": "12:30"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(URL, 302)] and "Записахме часовете." in page
    assert "понеделник, <strong>9:00–12:30\u00a0ч.</strong>" in page
    row = ivanka.weekly_hours.first()
    me.post(URL, {"do": "drop_hours", "hours": row.pk})
    assert [row.weekday for row in ivanka.weekly_hours.all()] == [2]


def test_wrong_hours_are_explained_and_what_was_typed_stays(me, ivanka):
    page = me.post(URL, {"do": "hours", "weekdays": ["0"], "start": "12:00", "end": "09:00"}).content.decode()
    assert "<title>Грешка:" in page and "Краят е преди началото" in page and 'href="#hours-end"' in page
    assert 'value="12:00"' in page and 'value="09:00"' in page
    assert not ivanka.weekly_hours.exists()


def test_an_absence_is_one_line_and_goes_away_with_one_button(me, ivanka, today):
    first, last = today + timedelta(days=3), today + timedelta(days=5)
    page = me.post(URL, {"do": "away", "first": first, "last": last}, follow=True).content.decode()
    keys = " ".join(str(row.pk) for row in ivanka.exceptions.all())
    assert page.count("няма ви") == 1 and f'value="{keys}"' in page
    me.post(URL, {"do": "drop_exception", "exceptions": keys})
    assert not ivanka.exceptions.exists()


def test_other_hours_for_one_day(me, ivanka, today):
    me.post(URL, {"do": "other", "day": today + timedelta(days=1), "start": "14:00", "end": "16:00"})
    row = ivanka.exceptions.get()
    assert (row.day, row.start, row.end) == (today + timedelta(days=1), time(14), time(16))


def test_limits_wish_path_transport_and_languages(me, ivanka, drugan):
    wanted = {"weekly_limit": 5, "weekly_wish": 3, "longest_leg": 45, "transport": "foot", "home": drugan.pk}
    answer = me.post(URL, {"do": "limits", "languages": ["bg", "rom"], **wanted}, follow=True)
    assert "Записахме границите." in answer.content.decode()
    kept = Volunteer.objects.get(pk=ivanka.pk)
    assert (kept.weekly_limit, kept.weekly_wish, kept.longest_leg) == (5, 3, 45)
    assert (kept.transport, kept.languages, kept.home) == ("foot", ["bg", "rom"], drugan)


def test_a_wish_over_the_limit_is_explained(me, ivanka, drugan):
    wanted = {"weekly_limit": 2, "weekly_wish": 3, "longest_leg": 45, "transport": "foot", "home": drugan.pk}
    page = me.post(URL, {"do": "limits", "languages": ["bg"], **wanted}).content.decode()
    assert 'href="#limits-weekly_wish"' in page
    assert Volunteer.objects.get(pk=ivanka.pk).weekly_limit == 4


def test_a_rest_and_back(me, ivanka):
    assert "Почивам за известно време" in me.get(URL).content.decode()
    page = me.post(URL, {"do": "pause"}, follow=True).content.decode()
    assert "Връщам се" in page and "Почивам за известно време" not in page
    assert Volunteer.objects.get(pk=ivanka.pk).status == VolunteerStatus.PAUSED
    me.post(URL, {"do": "resume"})
    assert Volunteer.objects.get(pk=ivanka.pk).status != VolunteerStatus.PAUSED


def test_a_rest_asked_for_twice_is_told(me):
    me.post(URL, {"do": "pause"})
    assert me.post(URL, {"do": "pause"}).status_code == 409


def test_the_hours_of_another_volunteer_stay(me, boris, now):
    availability.set_weekly_hours(volunteer=boris, spans=[(0, time(9), time(12))], now=now)
    me.post(URL, {"do": "drop_hours", "hours": boris.weekly_hours.get().pk})
    assert boris.weekly_hours.count() == 1


def test_only_the_coordinator_s_acts_are_left_to_the_coordinator(me, ivanka, heating):
    me.post(URL, {"do": "grant", "service_group": "BENEFITS", "valid_until": "2027-01-01"})
    me.post(URL, {"do": "leave"})
    assert not ivanka.certifications.exists()
    assert Volunteer.objects.get(pk=ivanka.pk).status == VolunteerStatus.ACTIVE


def test_the_tabs_lead_to_the_handbook_and_here(me):
    page = me.get(URL).content.decode()
    assert 'href="/narachnik/"' in page
    assert f'href="{URL}" aria-current="page"' in page


def test_it_takes_as_many_queries_with_many_hours_as_with_few(me, ivanka, now, today, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(10))], now=now)
    me.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as few:
        me.get(URL)
    spans = [(day, time(hour), time(hour + 1)) for day in range(7) for hour in (8, 10, 12, 14)]
    availability.set_weekly_hours(volunteer=ivanka, spans=spans, now=now)
    availability.add_absence(volunteer=ivanka, first=today, last=today + timedelta(days=30), now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        me.get(URL)
    assert len(many) == len(few)
