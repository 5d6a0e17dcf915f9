"""A volunteer's day: the road there and back, and none where the help is given by phone from home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import local_date
from requests.models import Visit
from requests.selectors import my_pages
from requests.states import Mode
from tests import factories as make
from tests.factories import NOW
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
MORNING = NOW + timedelta(days=2, hours=2)


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


def visit(ivanka: Volunteer, phone: str, *, hours: int = 0, **wanted: object) -> Visit:
    row = make.help_request(make.resident(phone=phone), **wanted)
    return make.visit(row, ivanka, start=MORNING + timedelta(hours=hours))


def day(ivanka: Volunteer) -> my_pages.Day:
    on = local_date(MORNING)
    return my_pages.day_of(ivanka, on, my_pages.visits_between(ivanka, on, 1))


def test_the_way_there_and_back(ivanka: Volunteer) -> None:
    there = visit(ivanka, "0888 555 555")
    run = day(ivanka)
    (leg,) = run.legs
    assert leg.minutes > 5 and not leg.at_home and run.km == leg.km * 2
    assert run.leaves == there.start - timedelta(minutes=leg.minutes)
    assert run.returns == there.end + timedelta(minutes=run.way_home_minutes)


def test_help_by_phone_is_given_from_home_without_a_road(ivanka: Volunteer) -> None:
    visit(ivanka, "0888 555 555", mode=Mode.PHONE_HELP)
    run = day(ivanka)
    (leg,) = run.legs
    assert (leg.at_home, leg.minutes, leg.km) == (True, 0, 0.0)
    assert (run.km, run.way_home_minutes, run.leaves, run.returns) == (0.0, 0, None, None)


def test_a_call_between_two_visits_is_made_at_home(ivanka: Volunteer) -> None:
    first = visit(ivanka, "0888 555 555")
    visit(ivanka, "0888 555 556", hours=3, mode=Mode.PHONE_HELP)
    last = visit(ivanka, "0888 555 557", hours=6)
    run = day(ivanka)
    assert [leg.at_home for leg in run.legs] == [False, True, False]
    assert len({leg.minutes for leg in run.legs}) == 1 and run.km == run.legs[0].km * 4
    assert run.leaves == first.start - timedelta(minutes=run.legs[0].minutes)
    assert run.returns == last.end + timedelta(minutes=run.way_home_minutes)


def test_an_escort_ends_where_the_person_had_to_go(ivanka: Volunteer) -> None:
    visit(ivanka, "0888 555 555", mode=Mode.ESCORT, escort_to=make.village("Радомир"))
    run = day(ivanka)
    assert run.legs[0].km > 0 and run.way_home_km == 0


def test_the_week_speaks_of_a_day_at_home(ivanka: Volunteer, client: Client) -> None:
    visit(ivanka, "0888 555 555", mode=Mode.PHONE_HELP)
    client.force_login(ivanka.user)  # type: ignore[arg-type]
    text = client.get(reverse("requests:my_week"), {"ot": local_date(MORNING).isoformat()}).content.decode()
    assert "от дома, по телефона" in text and "Тръгвате" not in text and "Извор" not in text
