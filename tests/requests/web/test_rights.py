"""A person's rights at the desk: seen, kept from use, ended; and the sealed store behind a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.templatetags.dv import long_date
from requests.models import EvidenceOpening, KeepingTerms, Opening, Resident
from requests.services import evidence
from requests.states import EvidenceKind
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role() -> Any:
    def sign_in(role: Role, **more: Any) -> Client:
        client = Client()
        client.force_login(make.member(role, **more).user)
        return client

    return sign_in


def test_everything_we_hold_to_read_and_as_a_file(as_role: Any) -> None:
    person = make.resident("Райна", "Колева")
    make.help_request(person, note="бута количка", now=timezone.now())
    desk = as_role(Role.CLERK)
    text = desk.get(reverse("requests:export", args=[person.pk])).content.decode()
    assert "Райна Колева" in text and "бута количка" in text
    answer = desk.get(reverse("requests:export", args=[person.pk]), {"format": "json"})
    assert json.loads(answer.content)["requests"][0]["note"] == "бута количка"
    assert "attachment" in answer["Content-Disposition"]
    assert Opening.objects.filter(door="requests:export", person_id=person.pk).count() == 2


def test_who_opened_the_record_is_one_line_a_day_and_role(as_role: Any) -> None:
    person, desk = make.resident(), as_role(Role.CLERK)
    page = reverse("requests:export", args=[person.pk])
    for _again in range(3):
        text = desk.get(page).content.decode()
    today = long_date(timezone.now())
    assert f"{today}: гише, 2 пъти" in text
    assert text.count("гише,") == 1


def test_stopped_and_taken_up_again(as_role: Any) -> None:
    person, desk = make.resident(), as_role(Role.CLERK)
    url = reverse("requests:rights", args=[person.pk])
    for do, field, set_ in (("restrict", "restricted_at", True), ("lift", "restricted_at", False)):
        assert desk.post(url, {"do": do}).status_code == 302
        person.refresh_from_db()
        assert (getattr(person, field) is not None) == set_
        assert desk.get(url).status_code == 200
    assert desk.post(url, {"do": "anything"}).status_code == 302


def test_only_who_leads_erases_and_another_town_sees_nobody(as_role: Any) -> None:
    person = make.resident()
    url = reverse("requests:erase", args=[person.pk])
    assert as_role(Role.CLERK).get(url).status_code == 403
    there = make.municipality("PER32", "Перник")
    for name in ("requests:erase", "requests:rights", "requests:export"):
        assert as_role(Role.COORDINATOR, of=there).get(reverse(name, args=[person.pk])).status_code == 404
    lead = as_role(Role.COORDINATOR)
    assert lead.get(url).status_code == 200
    assert Resident.objects.get(pk=person.pk).erased_at is None
    assert lead.post(url)["Location"] == reverse("planning:today")
    assert Resident.objects.get(pk=person.pk).erased_at is not None
    assert lead.get(url).status_code == 404


def test_the_request_of_an_erased_person_still_opens(as_role: Any) -> None:
    row = make.help_request(now=timezone.now())
    lead = as_role(Role.COORDINATOR)
    lead.post(reverse("requests:erase", args=[row.resident_id]))
    text = lead.get(reverse("requests:detail", args=[row.pk])).content.decode()
    assert "изтрити данни" in text and "Петрова" not in text


def test_the_terms_are_the_administrators(as_role: Any) -> None:
    url = reverse("requests:keeping")
    assert as_role(Role.COORDINATOR).get(url).status_code == 403
    office = as_role(Role.ADMINISTRATOR)
    said = {
        "contact_months": 6, "reminded_months": 16, "volunteer_months": 12, "text_days": 90, "opening_months": 24,
        "evidence_years": 5,
    }  # fmt: skip
    assert office.post(url, {**said, "text_days": 3}).status_code == 422
    assert office.post(url, said).status_code == 302
    assert KeepingTerms.objects.get().contact_months == 6
    assert office.get(url).status_code == 200


def test_the_store_shows_its_content_only_for_a_reason(as_role: Any) -> None:
    lead = as_role(Role.SAFEGUARDING)
    row = evidence.put_away(
        municipality=make.municipality(), kind=EvidenceKind.CONSENT, person_id=make.resident().pk,
        body={"name": "Цветоноша"}, now=timezone.now(),
    )  # fmt: skip
    url = reverse("requests:store_open", args=[row.pk])
    for answer in (lead.get(reverse("requests:store")), lead.get(url), lead.post(url, {"reason": "така"})):
        assert "Цветоноша" not in answer.content.decode()
    assert not EvidenceOpening.objects.exists()
    assert "Цветоноша" in lead.post(url, {"reason": "искане на КЗЛД № 7"}).content.decode()
    assert EvidenceOpening.objects.get().reason == "искане на КЗЛД № 7"
    there = make.municipality("PER32", "Перник")
    assert as_role(Role.SAFEGUARDING, of=there).get(url).status_code == 404
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        assert as_role(role).get(url).status_code == 403
