"""An unclear reply's task has the conversation at hand; others lead to the page where they are mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import DeskTask, Message
from notifications.services import desk_tasks, inbound, sending
from notifications.states import TaskKind
from requests.models import HelpRequest
from requests.services import replies
from tests import factories as make
from tests.planning.web.hands import ask, page

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


@pytest.fixture
def asked(now) -> HelpRequest:
    row = make.help_request(make.resident("Мария"), now=now)
    contact = row.resident.contact
    contact.quiet_until, contact.on_free_days = contact.quiet_from, True
    contact.save()
    Message.objects.filter(contact=contact).update(due_at=now)
    sending.send_due(now=now)
    return row


def say(phone: str, text: str, now) -> DeskTask:
    inbound.receive(sender=phone, text=text, reference=text, now=now, nudge="requests.tasks.read_replies")
    replies.read_all(now=now)
    return DeskTask.objects.filter(kind=TaskKind.UNCLEAR_REPLY).latest("created_at")


def test_the_task_shows_what_went_back_and_forth_and_whose_number_it_is(desk, asked, now):
    task = say(asked.resident.contact.phone, "кой ще дойде", now + timedelta(minutes=1))
    text = page(desk, f"/plan/zadachi/{task.pk}/")
    assert "Мария Петрова, с." in text and f"tel:{asked.resident.contact.phone}" in text
    assert text.index(f"Номер {asked.number}") < text.index("кой ще дойде")


def test_a_hidden_number_is_said_and_not_shown(desk, asked, now):
    task = say(asked.resident.contact.phone, "ЕГН 6101057509", now)
    text = page(desk, f"/plan/zadachi/{task.pk}/")
    assert "Скрихме личен номер" in text and "6101057509" not in text


def test_a_strangers_text_is_text_and_no_link(desk, now):
    make.municipality()
    task = say("+359888999999", "http://evil.example <b>x</b>", now)
    text = page(desk, f"/plan/zadachi/{task.pk}/")
    assert "Непознат номер" in text and 'href="http://evil.example' not in text and "<b>x</b>" not in text


def test_another_municipalitys_conversation_is_not_told(desk, asked, now):
    pernik = make.municipality("PER01", "Перник")
    phone = asked.resident.contact.phone
    other = make.contact(pernik, phone=phone)
    Message.objects.create(
        municipality=pernik, contact=other, channel="sms", key="p:sms", kind="x", short="тайна на Перник",
        state="sent", sent_at=now - timedelta(days=1), ready_at=now, due_at=now,
    )  # fmt: skip
    Message.objects.filter(key="p:sms").update(created_at=now - timedelta(days=1))
    task = say(phone, "ало", now + timedelta(minutes=1))
    assert "тайна на Перник" not in page(desk, f"/plan/zadachi/{task.pk}/")


def test_a_changed_text_and_a_consent_lead_to_their_pages(desk, asked, now):
    facts = {"kind": "offer_made", "language": "bg"}
    desk_tasks.ask(
        municipality=make.municipality(), kind=TaskKind.WORDING, subject_type="wording", subject_id=asked.pk,
        due_at=now, now=now, facts=facts,
    )  # fmt: skip
    ask(asked, TaskKind.CONSENT, now, why="silent")
    text = page(desk, "/plan/")
    assert "/saobshteniya/tekstove/offer_made/bg/" in text
    assert f"/zayavki/{asked.pk}/saglasie/" in text and "Човекът не отговори на SMS" in text
