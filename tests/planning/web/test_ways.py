"""A choice by hand is told when the road does not fit, and may be made all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.clock import local
from planning.services import ways
from requests.models import HelpRequest
from requests.states import Mode
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ten(now):
    """Ten o'clock in two days."""
    return local(now + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.user(Role.COORDINATOR), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def in_dren(now, start, person) -> None:
    """One hour in Дрен, 35 minutes by car from Извор."""
    make.visit(make.help_request(make.resident(home="Дрен"), now=now), person, now=now, start=start)


def codes(row: HelpRequest, person, start) -> list[str]:
    return [told.code for told in ways.tight(row, [person], start, start + timedelta(minutes=row.minutes))]


def test_the_way_from_the_visit_before_and_to_the_one_after(now, ten) -> None:
    ivanka, row = make.volunteer(), make.help_request(now=now)
    in_dren(now, ten, ivanka)
    quarter = timedelta(minutes=15)
    assert codes(row, ivanka, ten + timedelta(minutes=75)) == ["from"]
    assert codes(row, ivanka, ten - timedelta(minutes=75)) == ["to"]
    assert codes(row, ivanka, ten + 8 * quarter) == [] == codes(row, ivanka, ten - 8 * quarter)
    assert codes(row, ivanka, ten + timedelta(days=1, minutes=75)) == []


def test_a_way_longer_than_their_longest(now, ten) -> None:
    walks = make.volunteer(transport="foot", longest_leg=45)
    (told,) = ways.tight(make.help_request(now=now), [walks], ten, ten + timedelta(hours=1))
    assert (told.code, told.place, told.have) == ("long", make.village("Радомир"), 45)
    assert told.minutes > 120
    assert codes(make.help_request(make.resident(home="Радомир"), now=now), walks, ten) == []


def test_by_phone_there_is_no_way(now, ten) -> None:
    ivanka = make.volunteer()
    in_dren(now, ten, ivanka)
    row = make.help_request(now=now, mode=Mode.PHONE_HELP)
    assert codes(row, ivanka, ten + timedelta(minutes=60)) == []


def test_the_page_says_it_once_and_the_second_press_decides(desk, now, ten) -> None:
    ivanka, row = make.volunteer(), make.help_request(now=now)
    in_dren(now, ten, ivanka)
    url, start = reverse("planning:choose", args=[row.pk]), f"{ten + timedelta(minutes=75):%Y-%m-%dT%H:%M}"
    shown = desk.get(f"{url}?people={ivanka.pk}&start={start}").content.decode()
    assert "Пътят не излиза" in shown and f'name="told" value="{start}"' in shown
    said = {"people": [str(ivanka.pk)], "start": start, "do": "agreed"}
    first = desk.post(url, said)
    assert first.status_code == 200 and "Иванка Делева: пътят от с.\u00a0Дрен е" in first.content.decode()
    row.refresh_from_db()
    assert row.state == "open"
    assert desk.post(url, said | {"told": start}).status_code == 302
    row.refresh_from_db()
    assert row.state == "scheduled"


def test_another_hour_is_looked_at_anew(desk, now, ten) -> None:
    ivanka, row = make.volunteer(), make.help_request(now=now)
    in_dren(now, ten, ivanka)
    url = reverse("planning:choose", args=[row.pk])
    told, other = (f"{ten + timedelta(minutes=by):%Y-%m-%dT%H:%M}" for by in (75, 80))
    said = {"people": [str(ivanka.pk)], "start": other, "do": "agreed", "told": told}
    assert desk.post(url, said).status_code == 200
