"""Webhooks out: a municipal system is told of a whole visit by a real worker, and nothing is lost on the way.

The other system is a real HTTP server on this machine that checks every signature. The sender is killed with
`kill -9` at every named point; afterwards each event has arrived, and what came twice came under the same id.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from accounts.scopes import scopes_of
from core import killpoints, nudge
from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.services import webhook_sending, webhooks
from notifications.states import DeliveryState
from requests.services import answers, subscriptions, visits
from requests.services.actors import RESIDENT
from requests.webhook_events import EVENTS
from tests import factories as make
from tests.services.fixtures import Process, test_database_url
from tests.services.receiver import Receiver, until

# Another process must see the rows, so not on the in-memory SQLite of the smoke tests.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEND = "import django; django.setup(); from notifications.tasks import deliver_webhooks; deliver_webhooks()"
Start = Callable[..., Process]


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.WEBHOOK_REACH, settings.VAR_DIR = "loopback", tmp_path
    nudge.forget()
    yield
    nudge.forget()


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    about = {"DJANGO_SETTINGS_MODULE": "config.settings", "WEBHOOK_REACH": "loopback", "VAR_DIR": str(folder)}
    return {**about, "DATABASE_URL": test_database_url(), **more}


def subscribe(there: Receiver, **given: Any) -> tuple[WebhookSubscription, str]:
    member = given.pop("member", None) or make.member("administrator")
    about: dict[str, Any] = {
        "label": "Деловодство", "url": there.url, "events": list(EVENTS), "include_personal": False,
        "scopes": scopes_of("administrator"),
    }  # fmt: skip
    return subscriptions.subscribe(member=member, **{**about, **given})


def a_visit_today() -> None:
    """Somebody asks, a volunteer accepts, comes and goes."""
    now = timezone.now()
    row = make.help_request(make.resident(phone="0888 555 555"), now=now)
    who = make.volunteer()
    (offer,) = make.offer(row, who, now=now, start=now + timedelta(hours=1))
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(who), now=now)
    visit = row.visits.get()
    visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=now)
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(who), now=now)
    visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=40, actor=make.by_volunteer(who), now=now)


def all_taken() -> bool:
    rows = WebhookDelivery.objects
    return rows.exists() and not rows.exclude(state=DeliveryState.DELIVERED).exists()


@pytest.mark.worker
def test_a_real_worker_tells_of_a_whole_visit_and_names_nobody(tmp_path: Path, start_worker: Start) -> None:
    with Receiver() as there:
        _row, secret = subscribe(there)
        # As many processes as an installation has: the other one plans.
        worker = start_worker(concurrency=2, env=surroundings(tmp_path))
        a_visit_today()
        until(all_taken, f"not everything arrived: {worker.log_path}", 60)
        events = Counter(one.said["type"] for one in there.received)
        assert set(events) == {
            "request.created", "request.state_changed", "offer.made", "offer.accepted", "visit.scheduled",
            "visit.confirmed", "visit.checked_in", "visit.done",
        }  # fmt: skip
        assert all(one.is_signed_by(secret) for one in there.received)
        assert all(one.headers["webhook-id"] == one.said["id"] for one in there.received)
        assert len({one.id for one in there.received}) == len(there.received) == WebhookDelivery.objects.count()
        everything = b"".join(one.body for one in there.received).decode()
    assert [word for word in ("Мария", "Петрова", "чешмата", "люляк", "88855", "Делева") if word in everything] == []


def test_people_are_named_only_to_who_may_know_and_only_while_their_maker_may(tmp_path: Path) -> None:
    member = make.member("administrator")
    with Receiver() as there, Receiver() as other:
        subscribe(there, include_personal=True, member=member)
        subscribe(other, member=member)
        a_visit_today()
        webhook_sending.deliver_due(now=timezone.now())
        named = [one.said["person"] for one in there.received]
        assert {(one["name"], one["phone"]) for one in named} == {("Мария Петрова", "+359888555555")}
        assert all("person" not in one.said for one in other.received)
        sent = len(there.received)
        member.role = "clerk"
        member.active = False
        member.save()
        a_visit_today()
        webhook_sending.deliver_due(now=timezone.now())
        assert len(there.received) == 2 * sent
        assert all("person" not in one.said for one in there.received[sent:])
    stored = str(list(WebhookDelivery.objects.values()))
    assert "Мария" not in stored and "88855" not in stored


@pytest.mark.parametrize(
    ("point", "state", "arrivals"),
    [
        ("claim.before", DeliveryState.QUEUED, 1),
        ("claim.after", DeliveryState.CLAIMED, 1),
        ("send.before", DeliveryState.CLAIMED, 1),
        ("send.after", DeliveryState.CLAIMED, 2),
        ("commit.before", DeliveryState.CLAIMED, 2),
    ],
)
def test_a_sender_killed_here_loses_nothing(
    point: str, state: str, arrivals: int, tmp_path: Path, start_process: Start
) -> None:
    with Receiver() as there:
        subscription, secret = subscribe(there)
        webhooks.announce(
            webhooks.Event("visit.done", "journal:1", timezone.now(), lambda: {"id": "v1"}),
            municipality_id=subscription.municipality_id, now=timezone.now(),
        )  # fmt: skip
        sender = start_process("sender", [sys.executable, "-c", SEND], surroundings(tmp_path, KILL_AT=point))
        until(lambda: not sender.alive(), "it never died", 60)
        assert sender._popen is not None and sender._popen.returncode == -signal.SIGKILL, sender.log()
        assert killpoints.marker(point).exists()
        delivery = WebhookDelivery.objects.get()
        assert delivery.state == state
        later = timezone.now() + 2 * webhook_sending.STALE_AFTER
        webhook_sending.reclaim_stale(now=later)
        webhook_sending.deliver_due(now=later)
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DELIVERED
        assert [one.id for one in there.received] == [str(delivery.pk)] * arrivals
        assert all(one.is_signed_by(secret) for one in there.received)


@pytest.mark.worker
def test_a_worker_killed_after_sending_and_a_flushed_broker_lose_nothing(
    tmp_path: Path, start_worker: Start, flush_broker: Callable[[], Any]
) -> None:
    with Receiver() as there:
        _row, secret = subscribe(there)
        worker = start_worker(env=surroundings(tmp_path, KILL_AT="send.after@webhook_sending"))
        a_visit_today()
        until(killpoints.marker("send.after").exists, "it never sent")
        worker.kill()
        flush_broker()
        long_ago = timezone.now() - 2 * webhook_sending.STALE_AFTER
        assert WebhookDelivery.objects.filter(state=DeliveryState.CLAIMED).update(claimed_at=long_ago) == 1
        start_worker(env=surroundings(tmp_path))
        # What beat sends.
        current_app.send_task("notifications.tasks.watch_messages")
        current_app.send_task("notifications.tasks.deliver_webhooks")
        until(all_taken, "not everything arrived", 30)
        times = Counter(one.id for one in there.received)
        assert sorted(times.values())[-1] == 2 and len(times) == WebhookDelivery.objects.count()
        assert sum(times.values()) == len(times) + 1
        assert all(one.is_signed_by(secret) for one in there.received)


def test_a_system_that_misbehaves_in_every_way_gets_every_event_in_the_end() -> None:
    with Receiver(500, "half", "close", "rubbish", 302, 404, 429, 204) as there:
        _row, secret = subscribe(there, events=["visit.done"])
        a_visit_today()
        moment = timezone.now()
        for _try in range(8):
            webhook_sending.deliver_due(now=moment)
            moment += timedelta(hours=9)
        delivery = WebhookDelivery.objects.get()
        assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 8)
        assert {one.id for one in there.received} == {str(delivery.pk)} and len(there.received) == 8
        assert {one.path for one in there.received} == {"/events"}
        assert all(one.is_signed_by(secret) for one in there.received)


def test_an_inner_address_is_never_connected_to(settings: Any) -> None:
    with Receiver() as there:
        subscription, _secret = subscribe(there, events=["visit.done"])
        # It came in while this was allowed, or the name turned inwards since.
        settings.WEBHOOK_REACH = "public"
        for url in (there.url, there.url.replace("http:", "https:").replace("127.0.0.1", "localhost.example.test")):
            WebhookSubscription.objects.update(url=url)
            webhooks.send_test(subscription, now=timezone.now())
            webhook_sending.deliver_due(now=timezone.now())
        assert there.received == []
    assert set(WebhookDelivery.objects.values_list("failure", flat=True)) <= {"NotHttps", "NotPublic", "NotFound"}
