"""The volunteer's pages: two taps to accept, the address only afterwards, nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.clock import local_date
from requests.models import HelpRequest, Offer, Visit
from requests.services import answers
from tests import factories as make
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
PERSONAL = ("Петрова", "чешмата", "люляк", "888 5")


def client_of(person: Volunteer | User) -> Client:
    client = Client()
    client.force_login(person.user if isinstance(person, Volunteer) else person)  # type: ignore[arg-type]
    return client


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer()


@pytest.fixture
def offer(ivanka: Volunteer) -> Offer:
    now = timezone.now()
    row = make.help_request(make.resident(phone="0888 555 555"), now=now)
    return make.offer(row, ivanka, now=now, start=now + timedelta(hours=1))[0]


def test_before_acceptance_only_village_service_and_way(ivanka: Volunteer, offer: Offer) -> None:
    client = client_of(ivanka)
    for address in (reverse("requests:my_offers"), reverse("requests:offer", args=[offer.pk])):
        text = client.get(address).content.decode()
        assert "Извор" in text and "Помощ за отопление" in text
        assert not [word for word in PERSONAL if word in text]


def test_two_taps_accept_and_then_the_address_the_phone_and_the_word_are_there(ivanka: Volunteer, offer: Offer) -> None:
    client = client_of(ivanka)
    text = client.post(reverse("requests:accept", args=[offer.pk]), follow=True).content.decode()
    assert not [word for word in ("Петрова", "чешмата", "люляк") if word not in text]
    assert "+359888555555" in text


def test_a_visit_from_the_door_to_the_end(ivanka: Volunteer, offer: Offer) -> None:
    make.difficulty()
    client = client_of(ivanka)
    client.post(reverse("requests:accept", args=[offer.pk]))
    visit = Visit.objects.get()
    client.post(reverse("requests:check_in", args=[visit.pk]))
    wrong = client.post(reverse("requests:check_out", args=[visit.pk]), {"note": "остана бележка", "minutes": "сто"})
    assert wrong.status_code == 422 and "остана бележка" in wrong.content.decode()
    assert "Грешка:" in wrong.content.decode()
    said = {"outcome": "submitted", "before": ["NO_DEVICE"], "minutes": "35"}
    assert client.post(reverse("requests:check_out", args=[visit.pk]), said).status_code == 302
    row = HelpRequest.objects.get()
    assert (row.state, row.outcome, Visit.objects.get().minutes) == ("closed", "submitted", 35)


def test_a_personal_number_in_the_note_is_refused_and_shown_again(ivanka: Volunteer, offer: Offer) -> None:
    client = client_of(ivanka)
    client.post(reverse("requests:accept", args=[offer.pk]))
    visit = Visit.objects.get()
    client.post(reverse("requests:check_in", args=[visit.pk]))
    said = {"outcome": "submitted", "note": "ЕГН 75 23 16 92 63"}
    answer = client.post(reverse("requests:check_out", args=[visit.pk]), said)
    assert answer.status_code == 422 and "не го пазим" in answer.content.decode()
    assert Visit.objects.get().note == ""


def test_declining_asks_why_and_nobody_is_cross(ivanka: Volunteer, offer: Offer) -> None:
    client = client_of(ivanka)
    page = client.get(reverse("requests:decline", args=[offer.pk]))
    assert page.status_code == 200
    text = client.post(
        reverse("requests:decline", args=[offer.pk]), {"reason": "too_far"}, follow=True
    ).content.decode()
    assert "Няма лошо" in text
    assert Offer.objects.get().decline_reason == "too_far"


def test_the_slower_one_is_told_kindly(ivanka: Volunteer) -> None:
    now, petar = timezone.now(), make.volunteer("Петър", "Колев")
    first, second = make.offer(make.help_request(now=now), petar, ivanka, now=now, start=now + timedelta(days=2))
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(petar), now=now)
    text = client_of(ivanka).post(reverse("requests:accept", args=[second.pk]), follow=True).content.decode()
    assert "Благодарим" in text


def test_giving_back_a_visit_is_asked_once_more_and_then_done(ivanka: Volunteer, offer: Offer) -> None:
    client = client_of(ivanka)
    client.post(reverse("requests:accept", args=[offer.pk]))
    visit = Visit.objects.get()
    address = reverse("requests:give_back", args=[visit.pk])
    assert client.get(address).status_code == 200 and Visit.objects.get().state == "scheduled"
    client.post(address)
    assert Visit.objects.get().state == "cancelled" and HelpRequest.objects.get().state == "open"
    assert client.get(reverse("requests:visit", args=[visit.pk])).status_code == 404


def test_somebody_elses_offer_and_visit_do_not_exist(offer: Offer, ivanka: Volunteer) -> None:
    petar = client_of(make.volunteer("Петър", "Колев"))
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=timezone.now())
    visit = Visit.objects.get()
    assert petar.get(reverse("requests:offer", args=[offer.pk])).status_code == 404
    for name in ("visit", "give_back", "another_time"):
        assert petar.get(reverse(f"requests:{name}", args=[visit.pk])).status_code == 404
    for name in ("check_in", "check_out", "need_help"):
        assert petar.post(reverse(f"requests:{name}", args=[visit.pk])).status_code == 404


@pytest.mark.parametrize("name", ["my_today", "my_offers", "my_week", "inbox"])
def test_the_desk_has_no_volunteers_pages(name: str) -> None:
    assert client_of(make.user("clerk")).get(reverse(f"requests:{name}")).status_code == 403
    assert Client().get(reverse(f"requests:{name}")).status_code == 302


def test_the_day_shows_the_way_there_and_home(ivanka: Volunteer, offer: Offer) -> None:
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=timezone.now())
    day = local_date(Visit.objects.get().start).isoformat()  # late on a Sunday it is in the week to come
    text = client_of(ivanka).get(reverse("requests:my_week"), {"ot": day}).content.decode()
    assert "Извор" in text
    assert client_of(ivanka).get(reverse("requests:my_today")).status_code == 200


def test_what_was_told_stands_in_the_inbox(ivanka: Volunteer) -> None:
    from notifications.services import contacts

    contacts.change_contact(ivanka.contact, in_app=True)
    now = timezone.now()
    make.offer(make.help_request(now=now), ivanka, now=now, start=now + timedelta(days=1))
    assert "Покана" in client_of(ivanka).get(reverse("requests:inbox")).content.decode()
