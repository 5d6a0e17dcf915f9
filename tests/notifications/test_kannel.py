"""SMS through a real Kannel: the text arrives whole, the report comes back, what a telephone writes reaches us."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.models import InboundMessage, Message
from notifications.services import sending
from notifications.states import Channel, MessageClass, MessageState
from tests.services.kannel import Kannel, is_there

Tell = Callable[..., list[Message]]
pytestmark = [pytest.mark.kannel, pytest.mark.django_db(transaction=True)]


def until(holds: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def kannel(tmp_path: Path, settings: Any, live_server: Any) -> Iterator[Kannel]:
    if not is_there() and os.environ.get("ALLOW_MISSING") == "1":
        pytest.skip("Kannel is not installed")
    settings.GATEWAY_SECRET, settings.GATEWAY_CALLBACK = "a-secret-word", live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    with Kannel(tmp_path, callback=live_server.url, secret="a-secret-word") as running:
        settings.KANNEL_URL, settings.KANNEL_USER, settings.KANNEL_PASSWORD = running.url, "dobrovolci", "testing"
        yield running


def test_a_text_arrives_whole_and_is_reported(tell: Tell, kannel: Kannel, now: Any) -> None:
    words = "Ще дойдем чт 15.10 в 10:30 – „Горна Диканя“ & <ДА 4821>? 😀 " + "Дълъг текст. " * 12
    (message,) = tell(channels=[Channel.SMS], short=words, message_class=MessageClass.CANCELLATION)
    assert sending.send_due(now=now) == 1
    until(lambda: len(kannel.arrived()) > 0, "nothing arrived")
    until(lambda: Message.objects.get().state == MessageState.DELIVERED, "no report came")
    message.refresh_from_db()
    assert message.segments == len(kannel.arrived()) == 4
    assert {number for number, _text in kannel.arrived()} == {"+359888123456"}
    assert "".join(text for _number, text in kannel.arrived()).endswith("Дълъг текст.")


def test_latin_letters_go_in_the_short_alphabet(tell: Tell, iva: Any, kannel: Kannel, now: Any) -> None:
    iva.latin = True
    iva.save()
    tell(channels=[Channel.SMS], short="Ще дойдем в 10:30. Отговорете ДА 4821.")
    sending.send_due(now=now)
    until(lambda: len(kannel.arrived()) == 1, "nothing arrived")
    assert kannel.arrived() == [("+359888123456", "Shte doydem v 10:30. Otgovorete DA 4821.")]


def test_what_a_telephone_writes_is_kept_once(kannel: Kannel) -> None:
    kannel.send("+359888123456", "Да 4821 😀")
    until(lambda: InboundMessage.objects.exists(), "nothing came in")
    row = InboundMessage.objects.get()
    assert (row.sender, row.text) == ("+359888123456", "Да 4821 😀")


def test_a_kannel_that_is_gone_is_tried_again(tell: Tell, settings: Any, now: Any) -> None:
    settings.KANNEL_URL = "http://127.0.0.1:9/cgi-bin/sendsms"
    (message,) = tell(channels=[Channel.SMS])
    assert sending.send_due(now=now) == 0
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.QUEUED, "ConnectError")
    assert message.due_at > now + timedelta(seconds=10)
