"""Whoever comes in with a volunteer's code or password: the volunteer learns of it by another way than an SMS."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from notifications.models import Message
from notifications.push import vapid
from notifications.services import contacts, devices
from notifications.states import Channel, MessageClass
from tests import factories as make
from tests.accounts.entering import (
    ASK,
    CONFIRM,
    app_code,
    by_code,
    by_password,
    is_in,
    sent_code,
    with_app,
    with_password,
)
from tests.notifications.push.browser import Browser
from volunteers.models import Volunteer
from volunteers.services import status

pytestmark = pytest.mark.django_db
KIND = "volunteer_signed_in"
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145R) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _telephones(settings: Any) -> None:
    settings.SMS_TO_FILES = True
    cache.clear()


@pytest.fixture
def ivanka() -> Volunteer:
    row = make.volunteer()
    contacts.change_contact(row.contact, email="ivanka@primer.bg")
    row.municipality.phone = "+35977712345"
    row.municipality.save()
    return row


def told() -> list[tuple[str, str]]:
    return sorted((row.channel, row.recipient) for row in Message.objects.filter(kind=KIND))


def test_a_letter_and_a_line_in_the_app_say_when_from_what_and_what_to_do(ivanka: Volunteer) -> None:
    assert is_in(by_code(ivanka.contact.phone, headers={"User-Agent": PHONE}))
    assert told() == [(Channel.EMAIL, "ivanka@primer.bg"), (Channel.IN_APP, "")]
    letter = Message.objects.get(kind=KIND, channel=Channel.EMAIL)
    assert letter.message_class == MessageClass.SAFETY and letter.link == reverse("accounts:devices")
    assert letter.subject == "Нов вход с вашето име"
    assert "Chrome, Android. Ако сте вие, всичко е наред." in letter.body
    assert "спрете го от „Моите устройства“. Въпрос? Звъннете: 0777 12 345." in letter.body.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_it_goes_to_the_telephone_that_was_signed_in_before(ivanka: Volunteer, settings: Any) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY, settings.PUSH_CONTACT = vapid.new_key(), "mailto:biuro@radomir.example"
    settings.PUSH_LOCAL_SERVICE, keys = True, Browser()
    devices.switch_on(
        contacts=[ivanka.contact], endpoint="http://127.0.0.1:9/one", p256dh=keys.p256dh, auth=keys.auth
    )  # fmt: skip
    by_code(ivanka.contact.phone)
    assert [channel for channel, _who in told()] == [Channel.IN_APP, Channel.PUSH]


def test_never_by_sms_for_whoever_read_the_code_reads_that_too(ivanka: Volunteer) -> None:
    contacts.change_contact(ivanka.contact, email="")
    assert is_in(by_code(ivanka.contact.phone))
    assert [channel for channel, _who in told()] == [Channel.IN_APP]


def test_also_to_who_wrote_stop(ivanka: Volunteer) -> None:
    ivanka.contact.stopped_at = timezone.now()
    ivanka.contact.save()
    by_code(ivanka.contact.phone)
    assert (Channel.EMAIL, "ivanka@primer.bg") in told()


def test_who_has_a_second_thing_is_told_once_they_gave_it(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    with_app(ivanka.user)
    client = by_code(ivanka.contact.phone)
    assert told() == []
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert is_in(client) and len(told()) == 2


def test_on_a_shared_telephone_it_is_told_to_whose_name_was_chosen(ivanka: Volunteer) -> None:
    petar = make.volunteer("Петър")
    contacts.change_contact(petar.contact, phone=ivanka.contact.phone, email="petar@primer.bg")
    client = by_code(ivanka.contact.phone)
    assert told() == []
    client.post(reverse("account_choose_person"), {"person": str(petar.user_id)})
    assert told() == [(Channel.EMAIL, "petar@primer.bg"), (Channel.IN_APP, "")]


def test_a_password_is_told_too_and_a_wrong_code_and_the_desk_are_not(ivanka: Volunteer) -> None:
    client = Client()
    client.post(reverse(ASK), {"typed": ivanka.contact.phone})
    right = sent_code()
    client.post(reverse(CONFIRM), {"code": f"{(int(right) + 1) % 10**6:06d}"})
    assert told() == []
    assert is_in(by_password(with_password(make.user(Role.CLERK)))) and told() == []
    assert ivanka.user is not None
    assert is_in(by_password(with_password(ivanka.user))) and len(told()) == 2


def test_who_helps_in_two_municipalities_is_told_once(ivanka: Volunteer) -> None:
    there = make.municipality("SOF46", "София")
    second = make.volunteer("Иванка", "Делева", of=there, signs_in=False)
    Volunteer.objects.filter(pk=second.pk).update(user=ivanka.user)
    by_code(ivanka.contact.phone)
    assert Message.objects.filter(kind=KIND, channel=Channel.IN_APP).count() == 1


def test_in_their_language_and_of_a_browser_without_a_name(ivanka: Volunteer) -> None:
    ivanka.contact.language = "en"
    ivanka.contact.save()
    by_code(ivanka.contact.phone)
    letter = Message.objects.get(kind=KIND, channel=Channel.EMAIL)
    assert letter.subject == "A new sign-in with your name" and "an unknown device. If it was you" in letter.body


def test_who_left_is_told_nothing(ivanka: Volunteer) -> None:
    assert ivanka.user is not None
    client = Client()
    client.post(reverse(ASK), {"typed": ivanka.contact.phone})
    code = sent_code()
    status.leave(volunteer=ivanka, actor=make.member(Role.COORDINATOR).user, now=timezone.now())
    client.post(reverse(CONFIRM), {"code": code})
    assert told() == []
