"""Consent in two steps: a message that sums up, then one that asks; and what becomes of every answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Gone, Invalid
from notifications.models import DeskTask, InboundMessage, Message
from notifications.services import inbound, sending
from notifications.states import InboundState, MessageState, TaskKind
from requests.models import Consent, HelpRequest, JournalEntry
from requests.services import consents, replies, sweep
from requests.services.actors import RESIDENT, staff
from requests.states import ConsentWay, NextStep
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NOW = make.NOW


@pytest.fixture
def asked_of() -> HelpRequest:
    return make.help_request()


def sent(help_request: HelpRequest) -> list[Message]:
    rows = Message.objects.filter(key__startswith="consent:", contact=help_request.resident.contact)
    return list(rows.order_by("created_at", "ready_at"))


def ask(help_request: HelpRequest) -> Consent:
    """Both steps: the summary is handed over, then the question."""
    consent = consents.ask(help_request=help_request, actor=RESIDENT, now=NOW)
    sending.send_due(now=NOW)
    sweep.run(now=NOW + timedelta(seconds=30))
    sending.send_due(now=NOW + timedelta(seconds=30))
    consent.refresh_from_db()
    return consent


def say(help_request: HelpRequest, text: str, reference: str = "1", at: datetime | None = None) -> InboundMessage:
    at = at or NOW + timedelta(minutes=5)
    phone = help_request.resident.contact.phone
    row = inbound.receive(sender=phone, text=text, reference=reference, now=at, nudge="requests.tasks.read_replies")
    replies.read_all(now=at)
    row.refresh_from_db()
    return row


def code_of(help_request: HelpRequest) -> str:
    return sent(help_request)[-1].reply_code


def test_the_question_waits_until_the_summary_has_gone_out(asked_of: HelpRequest) -> None:
    consent = consents.ask(help_request=asked_of, actor=RESIDENT, now=NOW)
    sweep.run(now=NOW)
    assert [row.kind for row in sent(asked_of)] == ["consent_sum"]
    sending.send_due(now=NOW)
    for _twice in range(2):
        sweep.run(now=NOW + timedelta(seconds=30))
    first, second = sent(asked_of)
    assert (first.kind, second.kind) == ("consent_sum", "consent_ask")
    assert str(asked_of.number) in first.short and "{" not in first.short
    assert f"ДА {second.reply_code}" in second.short and second.asks
    consent.refresh_from_db()
    assert consent.asked_at == NOW + timedelta(seconds=30)


@pytest.mark.parametrize(("word", "answer"), [("ДА", "yes"), ("ne", "no")])
def test_a_reply_is_written_down_with_the_way_it_came(asked_of: HelpRequest, word: str, answer: str) -> None:
    consent = ask(asked_of)
    row = say(asked_of, f"{word} {code_of(asked_of)}")
    consent.refresh_from_db()
    assert (consent.answer, consent.way, row.state) == (answer, ConsentWay.SMS, InboundState.HANDLED)
    entries = JournalEntry.objects.filter(help_request_id=asked_of.pk).order_by("pk")
    verbs = list(entries.values_list("verb", flat=True))
    assert verbs[-2:] == ["consent_asked", "consent_given" if answer == "yes" else "consent_refused"]


def test_a_no_is_told_to_the_desk_which_has_the_request_then(asked_of: HelpRequest) -> None:
    ask(asked_of)
    state = asked_of.state
    say(asked_of, "НЕ")
    asked_of.refresh_from_db()
    assert (asked_of.state, asked_of.next_step) == (state, NextStep.DESK)
    assert DeskTask.objects.open().get(kind=TaskKind.CONSENT).facts == {"why": "refused"}


def test_the_same_answer_twice_is_harmless_and_the_opposite_is_read_by_a_person(asked_of: HelpRequest) -> None:
    consent = ask(asked_of)
    code = code_of(asked_of)
    for reference in ("1", "2"):
        assert say(asked_of, f"ДА {code}", reference).handled_as == "consent_given"
    assert say(asked_of, f"НЕ {code}", "3").state == InboundState.AT_DESK
    consent.refresh_from_db()
    assert consent.answer == "yes"
    assert JournalEntry.objects.filter(verb="consent_given").count() == 1


def test_after_consent_a_plain_yes_confirms_the_visit(asked_of: HelpRequest) -> None:
    ask(asked_of)
    assert say(asked_of, "да").handled_as == "consent_given"
    make.visit(asked_of, now=NOW)
    sending.send_due(now=NOW)
    assert say(asked_of, "да", "2").handled_as == "visit_confirmed"


def test_silence_becomes_a_task_once_and_a_later_answer_closes_it(asked_of: HelpRequest) -> None:
    consent = ask(asked_of)
    assert consent.answer_by is not None and consent.answer_by - NOW >= consents.ANSWER_WITHIN
    sweep.run(now=consent.answer_by - timedelta(minutes=1))
    assert not DeskTask.objects.filter(kind=TaskKind.CONSENT).exists()
    for _twice in range(2):
        sweep.run(now=consent.answer_by)
    assert DeskTask.objects.get(kind=TaskKind.CONSENT).facts == {"why": "silent"}
    say(asked_of, f"ДА {code_of(asked_of)}", at=consent.answer_by + timedelta(hours=1))
    assert not DeskTask.objects.open().filter(kind=TaskKind.CONSENT).exists()


def test_a_summary_that_does_not_arrive_is_told_to_the_desk_and_nothing_is_asked(asked_of: HelpRequest) -> None:
    consents.ask(help_request=asked_of, actor=RESIDENT, now=NOW)
    Message.objects.filter(kind="consent_sum").update(state=MessageState.FAILED, settled_at=NOW)
    for _twice in range(2):
        sweep.run(now=NOW + timedelta(minutes=1))
    assert DeskTask.objects.get(kind=TaskKind.CONSENT).facts == {"why": "not_told"}
    assert not Message.objects.filter(kind="consent_ask").exists()


def test_one_asking_at_a_time_and_none_for_a_landline(asked_of: HelpRequest) -> None:
    consents.ask(help_request=asked_of, actor=RESIDENT, now=NOW)
    with pytest.raises(Gone):
        consents.ask(help_request=asked_of, actor=RESIDENT, now=NOW)
    landline = make.help_request(make.resident("Стоян", phone="0777 12 345"))
    with pytest.raises(Invalid) as error:
        consents.ask(help_request=landline, actor=RESIDENT, now=NOW)
    assert error.value.code == "no_sms"


def test_what_was_said_by_telephone_answers_the_sms_that_waits(asked_of: HelpRequest) -> None:
    consent = ask(asked_of)
    alisa = make.user("clerk")
    consents.write_down(help_request=asked_of, answer="yes", actor=staff(alisa), now=NOW + timedelta(hours=1))
    consent.refresh_from_db()
    assert (consent.answer, consent.way, consent.by) == ("yes", ConsentWay.PHONE, alisa)
    assert Consent.objects.count() == 1


def test_nobody_consents_for_another_number(asked_of: HelpRequest) -> None:
    consent = ask(asked_of)
    other = make.help_request(make.resident("Стоян"))
    assert say(other, f"ДА {code_of(asked_of)}").state == InboundState.AT_DESK
    consent.refresh_from_db()
    assert consent.answer == ""
