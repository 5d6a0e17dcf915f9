"""A request the plan does not place still says why it is open and what helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from places.models import Settlement
from planning.services import by_hand
from requests.models import HelpRequest
from requests.services import answers, residents
from requests.services.actors import BEAT
from requests.states import Mode, NextStep, RuleKind
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.user(Role.COORDINATOR), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def nowhere(name: str = "Извор") -> Settlement:
    """A village whose place nobody has written down."""
    place = make.village(name)
    place.latitude = place.longitude = None
    place.save()
    return place


def said(desk: Client, row: HelpRequest, sentence: str) -> None:
    """In the queue, on the request's page and above the candidates."""
    for url in (
        reverse("planning:queue"),
        reverse("requests:detail", args=[row.pk]),
        reverse("planning:candidates", args=[row.pk]),
    ):
        assert sentence in desk.get(url).content.decode().replace("&nbsp;", "\u00a0"), url


UNKNOWN = "Не знаем къде точно е с.\u00a0Извор. Планът я прескача, изберете човек сами."


@pytest.mark.parametrize("where", ["home", "help point", "escort"])
def test_a_place_without_coordinates(desk, now, where: str) -> None:
    point = make.help_point("Извор")
    nowhere()
    row = {
        "home": lambda: make.help_request(now=now),
        "help point": lambda: make.help_request(
            make.resident(home="Дрен"), now=now, mode=Mode.HELP_POINT, help_point=point
        ),
        "escort": lambda: make.help_request(
            make.resident(home="Дрен"), now=now, mode=Mode.ESCORT, escort_to=point.settlement, minutes=90
        ),
    }[where]()
    said(desk, row, UNKNOWN)


def test_by_phone_no_place_is_needed(desk, now) -> None:
    nowhere()
    row = make.help_request(now=now, mode=Mode.PHONE_HELP)
    said(desk, row, "Влиза в следващия план. До няколко минути ще се види.")


def test_somebody_is_chosen_although_the_way_is_not_known(desk, now) -> None:
    ivanka, no_longer, blocked = make.volunteer(), make.volunteer("Втори"), make.volunteer("Трети")
    make.volunteer("Друг", groups=("HEALTH",))
    nowhere()
    row = make.help_request(now=now)
    residents.set_rule(resident=row.resident, volunteer=blocked, kind=RuleKind.BLOCKED, now=now)
    (asked,) = make.offer(row, no_longer, now=now)
    answers.decline(offer_id=asked.pk, actor=BEAT, now=now)
    row.refresh_from_db()
    (one,) = by_hand.candidates(row, now=now)
    assert (one.people, one.start, one.ranked) == ((ivanka,), None, False)
    html = desk.get(reverse("planning:candidates", args=[row.pk])).content.decode()
    assert "От гр.\u00a0Радомир" in html.replace("&nbsp;", "\u00a0")
    url = reverse("planning:choose", args=[row.pk])
    assert f"{url}?people={ivanka.pk}" in html
    start = (now + timedelta(days=2)).replace(hour=9, minute=0)
    answer = desk.post(url, {"people": [str(ivanka.pk)], "start": f"{start:%Y-%m-%dT%H:%M}", "do": "agreed"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "scheduled"


def test_the_second_person_comes_at_the_hour_of_the_first(now) -> None:
    first, second = make.volunteer(), make.volunteer("Втори")
    nowhere()
    row = make.help_request(now=now, team=2)
    asked, _other = make.offer(row, first, make.volunteer("Трети", groups=("HEALTH",)), now=now, seats=True)
    answers.accept(offer_id=asked.pk, actor=BEAT, now=now)
    (late,) = row.offers.filter(state="made")
    answers.decline(offer_id=late.pk, actor=BEAT, now=now)
    (one,) = by_hand.candidates(HelpRequest.objects.get(pk=row.pk), now=now)
    assert (one.people, one.start) == ((second,), asked.start)


def test_what_the_plan_does_not_read_says_what_it_waits_for(desk, now) -> None:
    first = make.help_request(now=now)
    second = make.help_request(first.resident, service=make.service("ASP_OTHER"), now=now, follows=first)
    said(desk, second, f"Първо чакаме заявка {first.number} да приключи.")
    later = make.help_request(make.resident(), now=now, not_before=(now + timedelta(days=5)).date())
    said(desk, later, "Търсим човек от ")


def test_a_request_the_ladder_ended_for_is_the_desks(desk, now) -> None:
    row = make.help_request(now=now)
    for number in range(3):
        (offer,) = make.offer(row, make.volunteer(f"Човек{number}"), now=now)
        answers.decline(offer_id=offer.pk, actor=BEAT, now=now)
        row.refresh_from_db()
    assert row.next_step == NextStep.DESK and row.unserved_reason == ""
    said(desk, row, "Планът вече не търси. Изберете човек или уговорете друго време.")
