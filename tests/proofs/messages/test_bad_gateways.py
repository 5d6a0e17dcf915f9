"""Gateways that misbehave and texts that are odd: nothing is sent twice, nothing is lost, nothing stays in limbo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from notifications.channels.kannel import report_token
from notifications.models import Contact, DeskTask, InboundMessage, Message, MessageHour
from notifications.services import sending
from notifications.states import Channel, InboundState, MessageState, TaskKind
from requests.services import replies
from tests import factories as make
from tests.proofs.messages import gateways
from tests.proofs.messages.conftest import SECRET
from tests.proofs.messages.gateways import Gateway, Manner
from tests.proofs.messages.limbo import check, sweeps, went_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke, pytest.mark.usefixtures("real_carriers")]
Tell = Callable[..., Message]
S = MessageState
UNSURE: dict[Manner, str] = {
    gateways.hangs: "ReadTimeout",
    gateways.drips: "AnswerTooSlow",
    gateways.endless: "AnswerTooLong",
    gateways.rubbish: "GatewayRubbish",
    gateways.not_http: "RemoteProtocolError",
    gateways.closes_before: "RemoteProtocolError",
    gateways.closes_half_way: "RemoteProtocolError",
    gateways.says_504: "GatewayTimeout",
}


def name(manner: Manner) -> str:
    return manner.__name__


@pytest.mark.parametrize("manner", UNSURE, ids=name)
def test_what_may_have_been_sent_is_not_sent_again_and_somebody_calls(
    manner: Manner, gateway: Gateway, tell: Tell
) -> None:
    gateway.manner = manner
    row = tell()
    assert sending.send_due(now=make.NOW) == 0
    row.refresh_from_db()
    assert (row.state, row.failure) == (S.UNKNOWN, UNSURE[manner])
    gateway.manner = gateways.takes
    end = sweeps(make.NOW, hours=1)
    check(end)
    assert gateway.had == {str(row.pk): 1}
    assert went_on(row).channel == Channel.VOICE
    assert DeskTask.objects.open().get(kind=TaskKind.CALL_PERSON).subject_id == went_on(row).pk


@pytest.mark.parametrize("manner", [gateways.hangs, gateways.rubbish, gateways.closes_half_way], ids=name)
def test_so_does_kannel(manner: Manner, gateway: Gateway, tell: Tell, settings: Any) -> None:
    settings.KANNEL_URL, gateway.manner = gateway.url, manner
    row = tell()
    sending.send_due(now=make.NOW)
    row.refresh_from_db()
    assert (row.state, row.provider_ref) == (S.UNKNOWN, "")
    check(sweeps(make.NOW, hours=1))
    assert gateway.had == {str(row.pk): 1}
    assert went_on(row).channel == Channel.VOICE


@pytest.mark.parametrize("kannel", [False, True])
def test_a_gateway_that_says_500_is_asked_again_and_in_the_end_somebody_calls(
    kannel: bool, gateway: Gateway, tell: Tell, settings: Any
) -> None:
    settings.KANNEL_URL = gateway.url if kannel else ""
    gateway.manner = gateways.says_500
    row = tell()
    sending.send_due(now=make.NOW)
    row.refresh_from_db()
    assert row.state == S.QUEUED and row.due_at > make.NOW
    check(sweeps(make.NOW, hours=1))
    row.refresh_from_db()
    assert row.state == S.FAILED and gateway.had[str(row.pk)] == row.attempts > 1
    assert went_on(row).channel == Channel.VOICE


def test_one_that_comes_back_gets_what_waited(gateway: Gateway, tell: Tell) -> None:
    gateway.manner = gateways.says_500
    rows = [tell(f"visit:{number}:moved") for number in range(8)]
    sending.send_due(now=make.NOW)
    assert not Message.objects.exclude(state=S.QUEUED).exists()
    gateway.manner = gateways.takes
    check(sweeps(make.NOW, hours=0.5))
    assert Message.objects.filter(state=S.SENT, channel=Channel.SMS).count() == len(rows)
    assert Message.objects.get(pk=rows[0].pk).provider_ref == f"ref-{str(rows[0].pk)[:8]}"


def test_one_that_never_comes_back_keeps_nothing_that_must_arrive(gateway: Gateway, tell: Tell) -> None:
    """The circuit lets one at a time try; what waits for its turn does not wait for ever."""
    gateway.manner = gateways.says_500
    rows = [tell(f"visit:{number}:moved") for number in range(20)]
    end = sweeps(make.NOW, hours=1)
    check(end)
    assert Message.objects.filter(channel=Channel.VOICE).count() == len(rows)
    assert not Message.objects.filter(state=S.QUEUED).exists()


def test_a_gateway_that_hangs_for_one_does_not_hold_up_the_others(gateway: Gateway, tell: Tell) -> None:
    slow = tell("visit:0:moved")
    gateway.manner = lambda connection, name: (gateways.hangs if name == str(slow.pk) else gateways.takes)(
        connection, name
    )
    rows = [tell(f"visit:{number}:moved") for number in range(1, 40)]
    assert sending.send_due(now=make.NOW) == len(rows)
    # Handed over while the first still hung, which took a second.
    latest = Message.objects.filter(state=S.SENT).order_by("-sent_at")[0].sent_at
    assert latest is not None
    slow.refresh_from_db()
    assert slow.state == S.UNKNOWN and slow.settled_at is not None and latest < slow.settled_at


def report(client: Client, key: object, status: str, token: str = "") -> int:
    address = f"/vrata/sms/otchet/{key}/?t={token or report_token(key)}"
    return client.post(address, {"status": status}, content_type="application/json").status_code


def test_a_report_that_is_repeated_counts_once(gateway: Gateway, tell: Tell, client: Client) -> None:
    row = tell()
    sending.send_due(now=make.NOW)
    for status in ("delivered", "delivered", "sent", "failed", "delivered"):
        assert report(client, row.pk, status) == 200
    row.refresh_from_db()
    assert row.state == S.DELIVERED
    assert sum(MessageHour.objects.values_list("delivered", flat=True)) == 1
    assert sum(MessageHour.objects.values_list("failed", flat=True)) == 0
    assert not Message.objects.exclude(pk=row.pk).exists()
    check(sweeps(make.NOW, hours=1))


def test_a_report_of_failure_that_is_repeated_asks_one_person_to_call_once(
    gateway: Gateway, tell: Tell, client: Client
) -> None:
    row = tell()
    sending.send_due(now=make.NOW)
    for _time in range(3):
        assert report(client, row.pk, "undeliverable") == report(client, row.pk, "failed") == 200
    assert Message.objects.filter(instead_of=row).count() == 1
    check(sweeps(make.NOW, hours=1))


def test_reports_for_nobody_and_from_nobody_change_nothing(gateway: Gateway, tell: Tell, client: Client) -> None:
    row = tell()
    sending.send_due(now=make.NOW)
    assert report(client, uuid4(), "failed") == 200
    assert report(client, row.pk, "failed", token=report_token(uuid4())) == 404
    assert report(client, row.pk, "what is this") == 200
    rubbish = f"/vrata/sms/otchet/{row.pk}/?t={report_token(row.pk)}"
    assert client.post(rubbish, b"\xff{", content_type="application/json").status_code == 200
    row.refresh_from_db()
    assert row.state == S.SENT
    check(sweeps(make.NOW, hours=0.5))


ODD = {
    "UCS-2": ("Добър ден, кога идвате?", "UTF-16BE"),
    "GSM-7": ("Koga idvate? @£$ {}[]", "ISO-8859-1"),
    "emoji": ("😀👍🏽 благодаря", "UTF-16BE"),
    "empty": ("", "UTF-8"),
    "long": ("Много дълго. " * 160, "UTF-16BE"),
    "unknown letters": ("Здравейте", "x-nobody-knows"),
}


@pytest.mark.parametrize(
    ("sender", "kind"),
    [*(("+359888123456", kind) for kind in ODD), *(("+359899000000", kind) for kind in ODD), ("Banka", "UCS-2")],
)
def test_every_text_is_read_by_somebody(sender: str, kind: str, iva: Contact, client: Client) -> None:
    text, charset = ODD[kind]
    body = text.encode("utf-8" if charset.startswith("x") else charset)[: 2_000 * 2]
    for _twice in range(2):
        # Not `post`, which would write the text in the letters named once more.
        answer = client.generic(
            "POST", f"/vrata/kannel/in/{SECRET}/?id=17", body, f"text/plain; charset={charset}",
            headers={"X-Kannel-From": sender},
        )  # fmt: skip
        assert answer.status_code == 200
    row = InboundMessage.objects.get()
    assert (row.sender, row.text) == (sender, text[:2_000])
    now = timezone.now() + timedelta(seconds=30)
    replies.read_all(now=now)
    replies.read_all(now=now)
    row.refresh_from_db()
    assert row.state == InboundState.AT_DESK
    assert DeskTask.objects.open().get().kind == TaskKind.UNCLEAR_REPLY
    check(now)
