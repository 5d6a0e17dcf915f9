"""The telephone system's door: what it tells becomes a call to return, once, and nothing is dropped."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Callback, CallbackEvent, DeskTask, InboundMessage
from notifications.states import TaskKind
from requests.services import replies
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
DOOR = "/vrata/telefon/sezam/"


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    settings.GATEWAY_SECRET = "sezam"
    make.municipality()


def tell(door: str = DOOR, **said: Any) -> int:
    event = {"id": "1", "kind": "missed", "from": "+359888123456"} | said
    return Client().post(door, json.dumps(event), content_type="application/json").status_code


def test_a_missed_call_waits_to_be_returned() -> None:
    at = (timezone.now() - timedelta(minutes=3)).isoformat()
    assert tell(at=at, language="en") == 200
    row = Callback.objects.get()
    assert (row.phone, row.source, row.language, row.rang) == ("+359888123456", "missed", "en", 1)
    assert row.since.isoformat() == at


def test_the_same_event_twice_is_one_and_another_is_one_ring_more() -> None:
    for _twice in range(2):
        assert tell() == 200
    assert tell(id="2", kind="voicemail", recording="https://pbx.example/2.wav") == 200
    row = Callback.objects.get()
    assert (row.rang, row.recording_url) == (2, "https://pbx.example/2.wav")
    assert CallbackEvent.objects.count() == 2


def test_somebody_known_is_rung_in_their_language() -> None:
    known = make.resident(phone="0888 123 456").contact
    known.language = "en"
    known.save()
    tell()
    assert Callback.objects.get().language == "en"


def test_the_called_number_says_which_municipality() -> None:
    other = make.municipality("PER01", "Перник")
    other.phone = "+35976123456"
    other.save()
    tell(to="076 123 456")
    assert Callback.objects.get().municipality == other


@pytest.mark.parametrize("sender", ["", "anonymous", "12"])
def test_a_voicemail_of_a_hidden_number_is_heard_by_a_person(sender: str) -> None:
    tell(kind="voicemail", recording="https://pbx.example/3.wav", **{"from": sender})
    assert not Callback.objects.exists()
    replies.read_all(now=timezone.now())
    task = DeskTask.objects.open().get(kind=TaskKind.UNCLEAR_REPLY)
    assert InboundMessage.objects.get(pk=task.subject_id).text == "https://pbx.example/3.wav"


def test_only_an_address_of_the_web_becomes_a_link() -> None:
    tell(kind="voicemail", recording="javascript:alert(1)")
    assert Callback.objects.get().recording_url == ""


@pytest.mark.parametrize("at", ["rubbish", "2026-13-45T99:99", "", "2026-10-05T10:00:00", "2099-01-01T00:00:00Z"])
def test_a_clock_that_goes_wrong_is_not_believed(at: str) -> None:
    before = timezone.now()
    assert tell(at=at) == 200
    assert before <= Callback.objects.get().since <= timezone.now()


def test_who_does_not_know_the_word_finds_nothing_and_rubbish_is_refused() -> None:
    assert tell("/vrata/telefon/drug/") == 404
    assert tell(kind="rang") == 422
    assert Client().post(DOOR, b"\xff", content_type="application/json").status_code == 422
    assert Client().get(DOOR).status_code == 405
    assert not Callback.objects.exists()


def test_without_a_word_of_its_own_the_door_is_shut(settings: Any) -> None:
    settings.GATEWAY_SECRET = ""
    assert tell("/vrata/telefon/x/") == 404
