"""The public figure: the same rows on the page, in the picture and for programs, in both languages, linked for all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.clock import local_date
from notifications.kinds import Kind, Text
from notifications.models import Message, MessageHour
from notifications.services import outbox, sending
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
PAGE, API = "/saobshteniya/barzina/", "/api/v1/messages/speed/"


def read(path: str = PAGE) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_messages_it_says_so() -> None:
    make.municipality()
    assert "Още нямаме изпратени съобщения" in read()
    assert [row["handed"] for row in Client().get(API).json()] == [0, 0]


def test_what_was_handed_over_late_counts_against_us() -> None:
    """Two real messages: one goes at once, one waited eleven seconds for its sender."""
    now, contact = timezone.now(), make.contact()
    for key in ("soon", "late"):
        outbox.enqueue(contact=contact, key=key, kind=Kind("x"), text=Text("т", "т", "т"), now=now)
    Message.objects.filter(key__startswith="late:").update(ready_at=now - timedelta(seconds=11))
    assert sending.send_due(now=now) == 2
    assert "50,0\u00a0% от съобщенията тръгват до 10 секунди" in read()
    assert {"days": 7, "channel": "sms", "handed": 2, "in_time": 1} in Client().get(API).json()


def test_the_picture_has_a_bar_a_day_and_speaks_its_figures() -> None:
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    MessageHour.objects.create(municipality=make.municipality(), channel="sms", hour=hour, handed=4, in_time=3)
    day = local_date(hour)
    text = read()
    assert f"{day.day}.{day.month:02}: 75\u00a0%" in text and "Общо 4 съобщения." in text
    assert "75.0\u00a0% of messages" in read(f"/en{PAGE}")


def test_it_is_linked_from_the_foot_of_public_pages() -> None:
    make.municipality()
    assert f'href="{PAGE}"' in read("/") and f'href="/en{PAGE}"' in read("/en/")
