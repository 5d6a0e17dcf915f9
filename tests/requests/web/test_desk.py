"""The clerk's page: the person found, the twin warned of, the request taken, nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from core.templatetags.dv import tag
from requests.models import HelpRequest, Resident
from requests.services import visits
from requests.services.actors import BEAT
from requests.states import Outcome
from tests import factories as make

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk() -> Client:
    return client_of(make.user("clerk"))


def said(**more: Any) -> dict[str, Any]:
    make.service()
    return {
        "service": "ASP_HEAT", "mode": "HOME_VISIT", "asked_by": "self", "urgency": "in_time",
        "when": "вт, чт преди обед", "safe_word": "люляк", "note": "", **more,
    }  # fmt: skip


def new_person(**more: Any) -> dict[str, Any]:
    person = {
        "first_name": "Гена",
        "last_name": "Радева",
        "phone": "0888 765 432",
        "settlement": make.village("Дрен").pk,
    }
    return {f"new-{key}": value for key, value in {**person, **more}.items()}


@pytest.mark.parametrize("typed", ["Мария Петрова", "maria petrva", "петр", "0888 123 456", "mariya"])
def test_a_person_is_found_as_the_clerk_types(clerk: Client, typed: str) -> None:
    make.resident(phone="0888123456")
    make.resident("Стоян", "Миленков")
    text = clerk.post(reverse("requests:desk_search"), {"q": typed}, headers={"HX-Request": "true"}).content.decode()
    assert "Мария Петрова" in text and "Миленков" not in text and "<html" not in text


def test_without_a_script_the_whole_page_shows_whom_we_found(clerk: Client) -> None:
    make.resident(phone="0888123456")
    text = clerk.post(reverse("requests:desk_search"), {"q": "петрова"}).content.decode()
    assert "Мария Петрова" in text and "От какво има нужда" in text and 'value="петрова"' in text


def test_what_is_typed_stands_in_no_address(clerk: Client) -> None:
    make.resident()
    for name in ("requests:desk_search", "requests:desk"):
        answer = clerk.get(reverse(name), {"q": "петрова"}, follow=True)
        assert answer.status_code == 200 and "Мария" not in answer.content.decode()


def test_a_known_person_is_taken_in_one_post(clerk: Client) -> None:
    known = make.resident()
    answer = clerk.post(reverse("requests:desk"), said(person=str(known.pk)), follow=True)
    row = HelpRequest.objects.get()
    assert f"Записана е № {row.number}" in answer.content.decode()
    assert (row.state, row.source, row.resident, row.safe_word) == ("open", "phone", known, "люляк")
    assert sorted(row.free_times.values_list("weekday", flat=True)) == [1, 3]


def test_a_new_person_is_written_down_with_the_request(clerk: Client) -> None:
    clerk.post(reverse("requests:desk"), {**said(), **new_person()})
    assert Resident.objects.get().full_name == "Гена Радева" and HelpRequest.objects.count() == 1


def test_somebody_known_is_not_written_down_twice(clerk: Client) -> None:
    clerk.post(reverse("requests:desk"), {**said(), **new_person()})
    warned = clerk.post(reverse("requests:desk"), {**said(), **new_person(phone="+359 888 765 432")})
    assert warned.status_code == 409 and "Вече има такава заявка" in warned.content.decode()
    assert Resident.objects.count() == HelpRequest.objects.count() == 1


def test_a_wrong_form_keeps_what_was_typed_and_takes_nothing(clerk: Client) -> None:
    body = {**said(when="като дойде дъщеря ми", note="звъни вечер"), **new_person(phone="12")}
    answer = clerk.post(reverse("requests:desk"), body)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Грешка:" in text
    assert "като дойде дъщеря ми" in text and "звъни вечер" in text and "Гена" in text
    assert not Resident.objects.exists() and not HelpRequest.objects.exists()


def test_a_personal_number_is_refused_kindly(clerk: Client) -> None:
    answer = clerk.post(reverse("requests:desk"), {**said(note="ЕГН 7523169263"), **new_person()})
    assert answer.status_code == 422 and "не го пазим" in answer.content.decode()
    assert not HelpRequest.objects.exists()


def test_a_probable_duplicate_offers_both_ways_out(clerk: Client) -> None:
    known = make.resident()
    first = make.help_request(known)
    warned = clerk.post(reverse("requests:desk"), said(person=str(known.pk)))
    text = warned.content.decode()
    assert warned.status_code == 409 and f"№ {first.number}" in text and "люляк" in text
    assert HelpRequest.objects.count() == 1
    clerk.post(reverse("requests:desk"), said(person=str(known.pk), different=str(first.number)))
    assert HelpRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "asks"),
    [
        ({"safe_word": ""}, "коя дума"),
        ({"urgency": "today"}, "защо е спешно"),
        ({"mode": "HELP_POINT"}, "Изберете пункт"),
        ({"mode": "ESCORT"}, "докъде"),
        ({"service": ""}, "Изберете услуга"),
    ],
)
def test_what_is_missing_is_asked_for(clerk: Client, more: dict[str, str], asks: str) -> None:
    answer = clerk.post(reverse("requests:desk"), said(person=str(make.resident().pk), **more))
    assert answer.status_code == 422 and asks in answer.content.decode()


def test_earlier_requests_and_acquaintances_are_shown(clerk: Client) -> None:
    known = make.resident()
    make.help_request(known)
    text = clerk.get(reverse("requests:desk"), {"person": str(known.pk)}).content.decode()
    assert "По-ранни заявки" in text and "Помощ за отопление" in text and "чешмата" in text


@pytest.mark.parametrize(
    ("outcome", "kind"), [("submitted", "agreed"), ("self_done", "agreed"), ("blocked_eid", "end"), ("referred", "end")]
)
def test_only_what_was_done_is_green(clerk: Client, outcome: str, kind: str) -> None:
    visit = make.visit()
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
    visits.check_out(visit_id=visit.pk, outcome=outcome, minutes=30, actor=BEAT, now=visit.end)
    text = clerk.get(reverse("requests:desk"), {"person": str(visit.help_request.resident_id)}).content.decode()
    assert str(tag(kind, Outcome(outcome).label)) in text


def test_another_municipality_and_another_kmetstvo_do_not_exist() -> None:
    known = make.resident()
    stranger = client_of(make.user("clerk", of=make.municipality("PER32", "Перник")))
    assert stranger.get(reverse("requests:desk"), {"person": str(known.pk)}).status_code == 404
    narrowed = make.user("clerk")
    Membership.objects.get(user=narrowed).settlements.add(make.village("Дрен"))
    client = client_of(narrowed)
    assert client.get(reverse("requests:desk"), {"person": str(known.pk)}).status_code == 404
    found = client.post(reverse("requests:desk_search"), {"q": "Петрова"}, headers={"HX-Request": "true"})
    assert "Петрова" not in found.content.decode()


def test_a_volunteer_has_no_desk() -> None:
    assert client_of(make.volunteer().user).get(reverse("requests:desk")).status_code == 403  # type: ignore[arg-type]
