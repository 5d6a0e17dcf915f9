"""The auditor's journal and the safeguarding lead's two pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.clock import local_date
from requests.models import JournalEntry
from requests.selectors.journal import PAGE
from requests.services import residents, visits
from requests.services.actors import BEAT
from requests.states import RuleKind
from tests import factories as make

pytestmark = pytest.mark.django_db


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(make.user(role))
    return client


def journal(**asked: object) -> str:
    answer = client_of(Role.AUDITOR).get(reverse("requests:journal"), asked)
    return answer.content.decode()


def test_the_journal_shows_codes_and_nobody() -> None:
    row = make.help_request(now=timezone.now())
    page = journal()
    assert str(row.number) in page and "<code>taken</code>" in page
    hidden = (row.resident.first_name, row.resident.contact.phone, row.safe_word, row.tracking_code, "синя порта")
    assert [word for word in hidden if str(word) in page] == []


def test_it_is_narrowed_by_request_kind_and_days() -> None:
    now = timezone.now()
    first, second = make.help_request(now=now), make.help_request(now=now - timedelta(days=9))
    make.offer(first, make.volunteer(), now=now, start=now + timedelta(days=2))
    assert str(second.pk) not in journal(number=first.number) and str(first.pk) in journal(number=first.number)
    assert "<code>taken</code>" not in journal(kind="offer") and "<code>made</code>" in journal(kind="offer")
    week = journal(first=str(local_date(now - timedelta(days=7))))
    assert str(first.pk) in week and str(second.pk) not in week
    before = journal(last=str(local_date(now - timedelta(days=8))))
    assert str(second.pk) in before and str(first.pk) not in before
    assert "Няма такива записи." in journal(number=999_999)


def test_what_is_wrong_is_said_and_narrows_nothing() -> None:
    row = make.help_request(now=timezone.now())
    page = journal(first="2026-12-01", last="2026-11-01", number="две")
    assert "„До“ е преди „От“." in page and "Номерът е цяло число." in page
    assert str(row.number) in journal(number="две")


def test_it_goes_on_where_a_page_ends() -> None:
    row = make.help_request(now=timezone.now())
    JournalEntry.objects.bulk_create(
        JournalEntry(municipality=row.municipality, at=timezone.now(), subject_type="visit", subject_id=row.pk,
                     verb=f"v{number}", actor="beat")
        for number in range(PAGE + 1)
    )  # fmt: skip
    page = journal()
    assert f"<code>v{PAGE}</code>" in page and "<code>v0</code>" not in page
    oldest = JournalEntry.objects.get(verb="v1").pk
    assert f"before={oldest}" in page
    assert "<code>v0</code>" in journal(before=oldest)


def test_the_safeguarding_lead_sees_who_called_for_help_and_who_is_kept_apart() -> None:
    now = timezone.now()
    visit = make.visit(None, make.volunteer("Иванка", "Делева"), now=now, start=now + timedelta(minutes=1))
    visits.need_help(visit_id=visit.pk, actor=BEAT, now=now)
    who = visit.help_request.resident
    other = make.volunteer("Петър", "Колев")
    residents.set_rule(resident=who, volunteer=other, kind=RuleKind.BLOCKED, note="скараха се", now=now)
    client = client_of(Role.SAFEGUARDING)
    door = client.get(reverse("requests:safeguarding")).content.decode()
    assert "Доброволец иска помощ" in door and "Иванка Делева" in door and "Още не е затворено." in door
    apart = client.get(reverse("requests:kept_apart")).content.decode()
    assert "Петър Колев" in apart and "скараха се" in apart
    rules = client.get(reverse("requests:detail_rules", args=[visit.help_request_id]))
    assert rules.status_code == 200
    detail = client.get(reverse("requests:detail", args=[visit.help_request_id])).content.decode()
    assert reverse("requests:detail_rules", args=[visit.help_request_id]) in detail
    assert reverse("requests:detail_stop", args=[visit.help_request_id]) not in detail
