"""What is enclosed with a letter: made when it is sent, by e-mail only, and no reason for the letter to stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notifications.channels import attachments
from notifications.channels.attachments import Attachment
from notifications.models import Message
from notifications.services import sending
from notifications.states import Channel, MessageState
from tests.notifications.smtp_sink import Sink

pytestmark = pytest.mark.django_db
Tell = Callable[..., list[Message]]
VISIT = Attachment("poseshtenie.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:VCALENDAR\r\nX:Извор\r\n")


@pytest.fixture
def makes(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    asked: list[Message] = []

    def make(message: Message) -> Attachment:
        asked.append(message)
        return VISIT

    monkeypatch.setitem(attachments.MAKERS, "offer_made", make)
    return asked


def test_a_letter_carries_it(tell: Tell, sink: Sink, makes: list[Message], now: Any, awake: Any) -> None:
    tell(channels=[Channel.EMAIL])
    assert makes == []
    sending.send_due(now=now)
    (letter,) = sink.letters
    text, part = letter.iter_parts()
    assert "В Извор ви чакат" in text.get_content()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "poseshtenie.ics")
    assert part.get_param("method") == "PUBLISH" and "X:Извор" in part.get_content()
    assert letter["Message-ID"] and letter["List-Unsubscribe"]


def test_other_channels_do_not_ask_for_it(tell: Tell, makes: list[Message], through: Any, now: Any, awake: Any) -> None:
    carrier = through(Channel.SMS)
    tell(channels=[Channel.SMS])
    sending.send_due(now=now)
    assert makes == [] and carrier.parcels[0].attachments == ()


def test_a_letter_goes_without_rather_than_not_at_all(
    tell: Tell, sink: Sink, now: Any, awake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: Message) -> Attachment:
        raise RuntimeError

    monkeypatch.setitem(attachments.MAKERS, "offer_made", broken)
    (message,) = tell(channels=[Channel.EMAIL])
    sending.send_due(now=now)
    message.refresh_from_db()
    assert message.state == MessageState.SENT and len(sink.letters) == 1
    assert not sink.letters[0].is_multipart()
