"""A volunteer's rights: the coordinator hands over what is kept and erases who has left; they read their own."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from requests.models import Opening
from tests import factories as make
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


def as_role(role: Role, **more: object) -> Client:
    client = Client()
    client.force_login(make.member(role, **more).user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def ivanka() -> Volunteer:
    helper = make.volunteer("Иванка", "Делева")
    now = timezone.now()
    make.visit(make.help_request(now=now), helper, now=now, start=now + timedelta(days=1))
    return helper


def test_everything_to_read_and_as_a_file_without_those_they_help(ivanka: Volunteer) -> None:
    lead, url = as_role(Role.COORDINATOR), reverse("requests:volunteer_export", args=[ivanka.pk])
    page = lead.get(url).content.decode()
    assert "Иванка Делева" in page and "Мария" not in page and "Текстовете назовават други хора." in page
    answer = lead.get(url, {"format": "json"})
    held = json.loads(answer.content)
    assert (held["person"]["badge"], len(held["visits"])) == (ivanka.badge, 1)
    assert "attachment" in answer["Content-Disposition"] and "Мария" not in answer.content.decode()
    assert Opening.objects.filter(door="requests:volunteer_export", person_id=ivanka.pk).exists()


def test_they_read_their_own_without_asking(ivanka: Volunteer) -> None:
    own = Client()
    own.force_login(ivanka.user)
    assert reverse("requests:my_data") in own.get(reverse("volunteers:me")).content.decode()
    assert "Иванка Делева" in own.get(reverse("requests:my_data")).content.decode()
    assert as_role(Role.COORDINATOR).get(reverse("requests:my_data")).status_code == 403


def test_first_the_leaving_then_the_erasure_asked_once_more(ivanka: Volunteer) -> None:
    lead = as_role(Role.COORDINATOR)
    rights, erase = (reverse(f"requests:volunteer_{what}", args=[ivanka.pk]) for what in ("rights", "erase"))
    assert rights in lead.get(reverse("volunteers:detail", args=[ivanka.pk])).content.decode()
    page = lead.get(rights).content.decode()
    assert "Първо запишете края на участието." in page and erase not in page
    assert lead.post(erase)["Location"] == rights
    Volunteer.objects.filter(pk=ivanka.pk).update(status="left")
    assert erase in lead.get(rights).content.decode()
    assert "Връщане няма." in lead.get(erase).content.decode()
    assert Volunteer.objects.get(pk=ivanka.pk).erased_at is None
    assert lead.post(erase).status_code == 302
    assert Volunteer.objects.get(pk=ivanka.pk).name == ""
    assert "Изтрити са на" in lead.get(rights).content.decode()


@pytest.mark.parametrize("what", ["rights", "export", "erase"])
def test_only_who_leads_and_only_here(ivanka: Volunteer, what: str) -> None:
    url = reverse(f"requests:volunteer_{what}", args=[ivanka.pk])
    for role in (Role.CLERK, Role.SAFEGUARDING, Role.AUDITOR, Role.VOLUNTEER):
        assert as_role(role).get(url).status_code == 403
    there = make.municipality("PER32", "Перник")
    assert as_role(Role.COORDINATOR, of=there).get(url).status_code == 404
