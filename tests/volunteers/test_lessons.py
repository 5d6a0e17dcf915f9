"""What was learned from a volunteer's noes, on their own page and on the coordinator's; and their number a day."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone, translation

from core.clock import local_date
from places.models import MunicipalityRules
from volunteers.lesson_words import sentence
from volunteers.models import Lesson
from volunteers.services import lessons

ME = "/dobrovoltsi/az/"


@pytest.fixture
def unsure(ivanka, heating):
    return lessons.unsure(volunteer=ivanka, group=heating, now=timezone.now())


def test_every_kind_has_its_words(ivanka, heating):
    now = timezone.now()
    until = local_date(now) + timedelta(weeks=6)
    made = [
        lessons.not_this_kind(volunteer=ivanka, group=heating, now=now),
        lessons.unsure(volunteer=ivanka, group=heating, now=now),
        lessons.too_far(volunteer=ivanka, minutes=25, now=now),
        lessons.not_these_hours(
            volunteer=ivanka, weekday=2, start=time(10), end=time(12), until=until, now=now
        ),
    ]  # fmt: skip
    words = [sentence(lesson) for lesson in made]
    assert len(set(words)) == 4 and "25\u00a0мин." in words[2] and words[3].startswith("Сряда, 10:00–12:00")
    with translation.override("en"):
        assert sentence(made[3]).startswith("Wednesday, 10:00–12:00")


def test_the_coordinator_sees_it_and_takes_it_back(ivanka, unsure, kamen, signed_in):
    desk = signed_in(kamen.user)
    address = f"/dobrovoltsi/{ivanka.pk}/"
    assert "само с друг, който е удостоверен" in desk.get(address).content.decode()
    desk.post(address, {"do": "unlearn", "lesson": unsure.pk})
    assert Lesson.objects.get().taken_back_at is not None


def test_a_clerk_reads_it_only(ivanka, unsure, alisa, signed_in):
    clerk = signed_in(alisa.user)
    address = f"/dobrovoltsi/{ivanka.pk}/"
    assert "само с друг, който е удостоверен" in clerk.get(address).content.decode()
    assert clerk.post(address, {"do": "unlearn", "lesson": unsure.pk}).status_code == 403


def test_nobody_takes_back_another_s(ivanka, unsure, boris, signed_in):
    signed_in(boris.user).post(ME, {"do": "unlearn", "lesson": unsure.pk})
    assert Lesson.objects.get().taken_back_at is None


def test_a_number_a_day_of_one_s_own_or_the_municipality_s(ivanka, signed_in):
    MunicipalityRules.objects.update_or_create(municipality=ivanka.municipality, defaults={"offers_a_day": 4})
    me = signed_in(ivanka.user)
    assert "до 4 на ден" in me.get(ME).content.decode()
    said = {
        "do": "limits", "weekly_limit": "4", "weekly_wish": "", "daily_offers": "2", "longest_leg": "60",
        "transport": "car", "languages": ["bg"], "home": ivanka.home_id,
    }  # fmt: skip
    assert me.post(ME, said).status_code == 302
    assert "до 2 на ден" in me.get(ME).content.decode()
    assert me.post(ME, said | {"daily_offers": "0"}).status_code == 200
    ivanka.refresh_from_db()
    assert ivanka.daily_offers == 2
