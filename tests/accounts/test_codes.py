"""A volunteer's one-time code: where it goes, what is kept of it, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import finding
from accounts.models import Knock, Membership, User
from accounts.roles import Role
from accounts.services import knocks
from accounts.states import KnockKind
from core.errors import Gone
from notifications.models import Message
from notifications.services import passing, resending, sending
from tests import factories as make
from tests.accounts.entering import ASK, CONFIRM, is_in, sent_code
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _telephones(settings: Any) -> None:
    settings.SMS_TO_FILES = True
    cache.clear()


def knock(typed: str, kind: KnockKind = KnockKind.CODE) -> Knock:
    return knocks.knock(kind=kind, typed=finding.tidy(typed), language="bg", now=timezone.now())


def test_the_page_says_what_an_sms_risks_and_what_is_safer() -> None:
    page = Client().get(reverse(ASK)).content.decode()
    assert "SMS чете всеки, който държи телефона" in page and "Имейлът е по-сигурен" in page


def test_a_telephone_gets_an_sms_and_an_e_mail_a_letter() -> None:
    ivanka = make.volunteer()
    assert ivanka.user is not None
    for typed, channel, recipient in (
        (ivanka.contact.phone, "sms", ivanka.contact.phone), (ivanka.user.email.upper(), "email", ivanka.user.email)
    ):  # fmt: skip
        knock(typed)
        code = sent_code()
        row = Message.objects.get(kind="sign_in_code", channel=channel)
        assert (row.recipient, row.message_class, len(code)) == (recipient, "safety", 6)
        assert code in row.body and code in row.short


def test_where_no_sms_leaves_the_code_goes_to_the_e_mail_one_signs_in_with(settings: Any) -> None:
    settings.SMS_TO_FILES = False
    ivanka = make.volunteer()
    assert ivanka.user is not None
    knock(ivanka.contact.phone)
    assert sent_code()
    sending.send_due(now=timezone.now())
    (letter,) = mail.outbox
    assert letter.to == [ivanka.user.email]


def test_nobody_is_looked_up_or_written_to_while_the_page_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    ivanka, asked = make.volunteer(), []
    monkeypatch.setattr(finding, "who", lambda typed, now: asked.append(typed) or [])
    Client().post(reverse(ASK), {"typed": ivanka.contact.phone})
    assert (asked, Message.objects.filter(kind="sign_in_code").count()) == ([], 0)
    knocks.answer_all(now=timezone.now())
    assert asked == [ivanka.contact.phone]


def test_what_was_typed_is_sealed_and_gone_once_it_was_looked_up() -> None:
    ivanka = make.volunteer()
    row = knock(ivanka.contact.phone)
    raw = str(Knock.objects.filter(pk=row.pk).values().get())
    assert ivanka.contact.phone not in raw and ivanka.contact.phone[4:] not in raw
    code = sent_code()
    row.refresh_from_db()
    assert row.typed == "" and row.user_id == ivanka.user_id
    assert code not in str(Knock.objects.filter(pk=row.pk).values().get())


@pytest.mark.parametrize("end", ["used", "old"])
def test_a_code_that_opens_nothing_any_more_leaves_the_outbox(end: str) -> None:
    ivanka, now = make.volunteer(), timezone.now()
    row = knock(ivanka.contact.phone)
    code = sent_code()
    if end == "used":
        assert knocks.open_with(pk=row.pk, code=code, now=now) == [ivanka.user]
    else:
        now += timedelta(minutes=11)
    knocks.answer_all(now=now)
    message = Message.objects.get(kind="sign_in_code")
    assert (message.subject, message.body, message.short, message.recipient) == ("", "", "", "")
    knocks.answer_all(now=now + timedelta(days=2))
    assert not Knock.objects.exists()


def test_a_code_goes_to_no_other_address_of_the_person_when_it_cannot_be_sent() -> None:
    ivanka = make.volunteer()
    ivanka.contact.channels, ivanka.contact.email = ["sms", "email"], "drug@primer.bg"
    ivanka.contact.save()
    knock(ivanka.contact.phone)
    sent_code()
    row = Message.objects.get(kind="sign_in_code")
    passing.give_up(row, "Refused", now=timezone.now())
    assert Message.objects.filter(kind="sign_in_code").count() == 1
    row.refresh_from_db()
    with pytest.raises(Gone):
        resending.resend(row, now=timezone.now())


def strangers() -> dict[str, str]:
    """Who is sent nothing: nobody of ours, somebody at a desk, one who left."""
    left, both = make.volunteer("Мара"), make.volunteer("Дора")
    Volunteer.objects.filter(pk=left.pk).update(status="left")
    Membership.objects.create(user=both.user, municipality=both.municipality, role=Role.CLERK)
    return {
        "a stranger's telephone": "0888 000 111", "a stranger's e-mail": "nikoy@primer.bg",
        "a clerk": make.user(Role.CLERK).email, "who left": left.contact.phone,
        "who works at a desk too": both.contact.phone,
    }  # fmt: skip


def test_who_is_sent_nothing() -> None:
    for who, typed in strangers().items():
        knock(typed)
        assert sent_code() == "", who


def test_an_account_gets_eight_codes_an_hour_by_whatever_name() -> None:
    ivanka = make.volunteer()
    assert ivanka.user is not None
    for number in range(12):
        knock(ivanka.contact.phone if number % 2 else ivanka.user.email)
    sent_code()
    assert Message.objects.filter(kind="sign_in_code").count() == knocks.OF_ACCOUNT.most


def test_after_five_codes_for_one_number_the_page_says_wait_whoever_it_is() -> None:
    ivanka = make.volunteer()
    for typed in (ivanka.contact.phone, "0888 000 111"):
        cache.clear()
        for number in range(5):
            assert Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse(ASK), {"typed": typed}).status_code == 302
        page = Client(REMOTE_ADDR="192.0.2.99").post(reverse(ASK), {"typed": typed}).content.decode()
        assert "Изчакайте един час" in page


def test_one_address_asks_thirty_times_an_hour() -> None:
    told = [Client().post(reverse(ASK), {"typed": f"0888 000 {number}"}).status_code for number in range(100, 131)]
    assert told == [302] * 30 + [200]


@pytest.mark.parametrize(("typed", "says"), [("", "Напишете"), ("ivanka@", "целия имейл"), ("12", "всички цифри")])
def test_what_is_typed_wrongly_is_said(typed: str, says: str) -> None:
    assert says in Client().post(reverse(ASK), {"typed": typed}).content.decode()
    assert not Knock.objects.exists()


def test_the_page_shows_what_was_typed_to_this_browser_alone() -> None:
    client = Client()
    client.post(reverse(ASK), {"typed": "0888 000 111"})
    assert "+359888000111" in client.get(reverse(CONFIRM)).content.decode()
    assert "888000111" not in str(dict(client.session))
    assert Client().get(reverse(CONFIRM)).headers["Location"] == reverse(ASK)


def test_whoever_was_on_the_way_somewhere_arrives_there() -> None:
    ivanka, client = make.volunteer(), Client()
    there = reverse("requests:my_week")
    asked = client.post(reverse(ASK), {"typed": ivanka.contact.phone, "next": there})
    answer = client.post(asked.headers["Location"], {"code": sent_code(), "next": there})
    assert answer.headers["Location"] == there
    assert is_in(client)
    away = Client().post(reverse(ASK), {"typed": ivanka.contact.phone, "next": "https://example.org/"})
    assert away.headers["Location"] == reverse(CONFIRM)


def test_a_letter_for_a_new_password_is_tried_again_until_the_server_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    user: User = make.user(Role.CLERK)
    knock(user.email, KnockKind.PASSWORD)
    with monkeypatch.context() as away:
        away.setattr("accounts.mail.EmailMessage.send", _no_server)
        assert knocks.answer_all(now=timezone.now()) == 0
    assert (knocks.answer_all(now=timezone.now()), len(mail.outbox)) == (1, 1)
    assert (knocks.answer_all(now=timezone.now()), len(mail.outbox)) == (0, 1)


def test_a_letter_for_a_new_password_that_goes_again_is_the_same_letter() -> None:
    """A worker dies when the server has the letter and the row does not say so yet: nothing of it is committed."""
    user: User = make.user(Role.CLERK)
    row = knock(user.email, KnockKind.PASSWORD)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        knocks.answer_all(now=timezone.now())
        raise ZeroDivisionError
    knocks.answer_all(now=timezone.now())
    knock(user.email, KnockKind.PASSWORD)
    knocks.answer_all(now=timezone.now())
    numbers = [str(letter.message()["Message-ID"]) for letter in mail.outbox]
    assert numbers[:2] == [f"<new-password-{row.pk}@digital-volunteers>"] * 2
    assert len(numbers) == 3 and numbers[2] != numbers[0]  # asked for again it is another letter


def _no_server(message: object) -> int:
    raise ConnectionRefusedError
