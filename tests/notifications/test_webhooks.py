"""Events for other systems: written once, sent at least once under one id, retried for a day, told to the desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from core.errors import DomainError, Invalid
from notifications.models import DeskTask, WebhookDelivery, WebhookSubscription
from notifications.services import desk_tasks, watch, webhook_sending, webhooks
from notifications.services.outbox import untold
from notifications.services.webhooks import Event
from notifications.states import DELIVERY_MOVES, DeliveryState, PauseReason, TaskKind
from notifications.webhooks import posting
from notifications.webhooks.persons import READERS
from places.models import Municipality
from tests.notifications.conftest import NOW
from tests.services.receiver import RETRY_AFTER, Receiver

pytestmark = pytest.mark.django_db
Subscribe = Callable[..., tuple[WebhookSubscription, str]]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _here(settings: Any) -> None:
    settings.WEBHOOK_REACH = "loopback"


@pytest.fixture
def there() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def subscribe(radomir: Municipality) -> Subscribe:
    def make(receiver: Receiver, **given: Any) -> tuple[WebhookSubscription, str]:
        about = {
            "municipality": radomir, "label": "Деловодство", "url": receiver.url, "events": ["visit.done"],
            "include_personal": False, "scopes": ["api.visits"], "by": None,
        }  # fmt: skip
        return webhooks.subscribe(**{**about, **given})

    return make


def happen(key: str = "journal:1", event: str = "visit.done", at: datetime = NOW) -> int:
    what = Event(event, key, at, lambda: {"id": "v1", "state": "done"}, "help_request", uuid4())
    return webhooks.announce(what, municipality_id="PER36", now=at)


def the_delivery() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("subscription").get()


def test_an_event_arrives_signed_with_type_id_time_and_data(subscribe: Subscribe, there: Receiver) -> None:
    _row, secret = subscribe(there)
    assert happen() == 1
    assert webhook_sending.deliver_due(now=NOW) == 1
    (received,) = there.received
    delivery = the_delivery()
    assert received.said == {
        "type": "visit.done", "id": str(delivery.pk), "timestamp": "2026-10-12T08:00:00Z",
        "data": {"municipality": "PER36", "id": "v1", "state": "done"},
    }  # fmt: skip
    assert received.id == str(delivery.pk) and received.is_signed_by(secret)
    assert abs(int(received.headers["webhook-timestamp"]) - NOW.timestamp()) < 5
    assert (delivery.state, delivery.last_status, delivery.attempts) == (DeliveryState.DELIVERED, 204, 1)
    assert delivery.last_milliseconds is not None and not delivery.failure and not delivery.with_personal


def test_the_answer_is_not_kept(subscribe: Subscribe) -> None:
    with Receiver(500) as there:
        subscribe(there)
        happen()
        webhook_sending.deliver_due(now=NOW)
    row = WebhookDelivery.objects.values().get()
    assert "secret" not in str(row) and "Said" not in str(row)


def test_what_happened_once_is_written_once(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    assert [happen(), happen()] == [1, 1]
    assert WebhookDelivery.objects.count() == 1


def test_only_who_wants_it_is_told_and_only_of_their_municipality(subscribe: Subscribe, there: Receiver) -> None:
    other = Municipality.objects.create(code="SOF46", name_bg="Друга", name_en="Other", active=True)
    subscribe(there, events=["visit.moved"])
    subscribe(there, municipality=other)
    assert happen() == 0
    assert not WebhookDelivery.objects.exists()


def test_what_happened_long_ago_is_told_to_no_system(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    with untold():
        assert happen() == 0
    assert happen() == 1


def test_nothing_is_written_when_the_move_is_undone(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happen()
        raise ZeroDivisionError
    assert not WebhookDelivery.objects.exists()


def test_it_is_tried_ten_times_over_about_a_day_and_then_the_desk_is_told(subscribe: Subscribe) -> None:
    with Receiver(500) as there:
        subscription, secret = subscribe(there)
        happen()
        moment, waits = NOW, []
        while True:
            webhook_sending.deliver_due(now=moment)
            delivery = the_delivery()
            if delivery.state != DeliveryState.QUEUED:
                break
            waits.append(delivery.due_at - moment)
            moment = delivery.due_at
        assert len(there.received) == 10 and len({one.id for one in there.received}) == 1
        assert all(one.is_signed_by(secret) for one in there.received)
        assert len({one.headers["webhook-timestamp"] for one in there.received}) == 10
    assert (delivery.state, delivery.failure, delivery.last_status) == (DeliveryState.FAILED, "Status500", 500)
    assert timedelta(hours=17) < moment - NOW < timedelta(hours=27)
    task = DeskTask.objects.open().get()
    assert (task.kind, task.subject_id) == (TaskKind.WEBHOOK, subscription.pk)
    assert task.facts == {"label": "Деловодство", "what": "failed"}


def test_waits_grow_and_differ_by_chance(subscribe: Subscribe) -> None:
    quiet = posting.Answer(500)
    for attempt, full in enumerate(webhook_sending.WAITS, start=1):
        waits = {webhook_sending.wait_after(attempt, quiet) for _time in range(30)}
        assert len(waits) > 5 and full * 0.8 <= min(waits) and max(waits) <= full * 1.2


def test_who_asks_us_to_wait_is_left_alone(subscribe: Subscribe) -> None:
    with Receiver(429) as there:
        subscribe(there)
        happen()
        webhook_sending.deliver_due(now=NOW)
    assert the_delivery().due_at >= NOW + timedelta(seconds=RETRY_AFTER)


def test_taking_something_again_ends_the_trouble(subscribe: Subscribe) -> None:
    with Receiver(500, 204) as there:
        subscription, _secret = subscribe(there)
        happen()
        webhook_sending.deliver_due(now=NOW)
        subscription.refresh_from_db()
        assert subscription.failing_since is not None
        webhook_sending.deliver_due(now=NOW + timedelta(hours=1))
    subscription.refresh_from_db()
    assert subscription.failing_since is None and subscription.last_taken_at is not None
    assert not DeskTask.objects.open().exists()


def test_after_days_of_nothing_it_is_paused_and_what_happens_waits(subscribe: Subscribe, settings: Any) -> None:
    with Receiver(500) as there:
        subscription, _secret = subscribe(there)
        for day in range(settings.WEBHOOK_PAUSE_DAYS + 2):
            happen(f"journal:{day}", at=NOW + day * DAY)
            webhook_sending.deliver_due(now=NOW + day * DAY)
        subscription.refresh_from_db()
        assert (subscription.active, subscription.pause_reason) == (False, PauseReason.FAILING)
        assert DeskTask.objects.open().get().facts["what"] == "paused"
        asked = len(there.received)
        happen("journal:later", at=NOW + 7 * DAY)
        assert webhook_sending.deliver_due(now=NOW + 8 * DAY) == 0
        assert len(there.received) == asked
        there.behave = [204]
        assert webhooks.resume(subscription, now=NOW + 8 * DAY) >= 1
        assert webhook_sending.deliver_due(now=NOW + 8 * DAY) >= 1
    assert WebhookDelivery.objects.get(key="journal:later").state == DeliveryState.DELIVERED
    assert not DeskTask.objects.open().exists()


def test_a_system_that_says_it_is_gone_is_paused_at_once(subscribe: Subscribe) -> None:
    with Receiver(410) as there:
        subscription, _secret = subscribe(there)
        happen()
        webhook_sending.deliver_due(now=NOW)
    subscription.refresh_from_db()
    assert (subscription.pause_reason, the_delivery().state) == (PauseReason.GONE, DeliveryState.FAILED)


def test_a_test_is_tried_once_also_while_paused_and_changes_nothing_else(subscribe: Subscribe) -> None:
    with Receiver(500, 204) as there:
        subscription, secret = subscribe(there)
        webhooks.pause(subscription, reason=PauseReason.BY_HAND, now=NOW)
        for _time in range(2):
            webhooks.send_test(subscription, now=NOW)
            webhook_sending.deliver_due(now=NOW)
    assert [one.said["type"] for one in there.received] == ["test", "test"]
    assert all(one.is_signed_by(secret) for one in there.received)
    states = WebhookDelivery.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == [DeliveryState.FAILED, DeliveryState.DELIVERED]
    subscription.refresh_from_db()
    assert subscription.failing_since is None and not subscription.active


def test_both_secrets_sign_for_a_day(subscribe: Subscribe, there: Receiver) -> None:
    subscription, old = subscribe(there)
    new = webhooks.exchange_secret(subscription, now=NOW)
    with pytest.raises(DomainError) as refused:
        webhooks.exchange_secret(subscription, now=NOW)
    assert refused.value.code == "exchanging"
    happen("journal:1")
    webhook_sending.deliver_due(now=NOW)
    happen("journal:2", at=NOW + 2 * DAY)
    webhook_sending.deliver_due(now=NOW + 2 * DAY)
    first, second = there.received
    assert first.is_signed_by(old) and first.is_signed_by(new)
    assert second.is_signed_by(new) and not second.is_signed_by(old)


def test_secrets_are_sealed_in_the_database(subscribe: Subscribe, there: Receiver) -> None:
    subscription, secret = subscribe(there)
    webhooks.exchange_secret(subscription, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, old_secret FROM notifications_webhooksubscription")
        stored = str(cursor.fetchone())
    assert "whsec_" not in stored and secret not in stored


def test_resending_keeps_the_id(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    happen()
    webhook_sending.deliver_due(now=NOW)
    assert webhooks.resend(the_delivery(), now=NOW + DAY)
    assert not webhooks.resend(the_delivery(), now=NOW + DAY)
    webhook_sending.deliver_due(now=NOW + DAY)
    first, second = there.received
    assert (first.id, first.body) == (second.id, second.body)


def test_everything_that_failed_can_be_sent_again(subscribe: Subscribe, there: Receiver) -> None:
    subscription, _secret = subscribe(there)
    for number in range(3):
        happen(f"journal:{number}")
    WebhookDelivery.objects.update(state=DeliveryState.FAILED)
    assert webhooks.resend_failed(subscription, now=NOW) == 3
    assert webhook_sending.deliver_due(now=NOW) == 3


def test_one_that_hangs_keeps_nobody_else_waiting(
    subscribe: Subscribe, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting.post, "__kwdefaults__", {"seconds": 3.0})
    with Receiver("hang") as hanging:
        ill, _secret = subscribe(hanging)
        subscribe(there)
        for number in range(40):
            happen(f"journal:{number}")
        monkeypatch.setattr(webhook_sending, "RUN_SECONDS", 2.5)
        began = time.monotonic()
        webhook_sending.deliver_due(now=NOW)
        assert len(there.received) == 40 and len(hanging.received) == 1
    assert time.monotonic() - began < 8
    assert ill.deliveries.filter(attempts=1).count() == 1


def test_a_dead_sender_s_claim_is_taken_back(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    happen()
    (claimed,) = webhook_sending.take(now=NOW, most=8)
    assert webhook_sending.take(now=NOW, most=8) == []
    later = NOW + 2 * webhook_sending.STALE_AFTER
    watch.run(now=later)
    assert webhook_sending.deliver_due(now=later) == 1
    assert there.received[0].id == str(claimed.pk)


def test_a_slow_sender_s_failure_does_not_undo_what_another_settled(subscribe: Subscribe, there: Receiver) -> None:
    subscribe(there)
    happen()
    (slow,) = webhook_sending.take(now=NOW, most=8)
    later = NOW + 2 * webhook_sending.STALE_AFTER
    webhook_sending.reclaim_stale(now=later)
    webhook_sending.deliver_due(now=later)
    webhook_sending.record(slow, posting.Answer(reason="ReadTimeout"), with_personal=False, now=later)
    assert the_delivery().state == DeliveryState.DELIVERED


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(DELIVERY_MOVES) == set(DeliveryState)


def test_the_person_is_named_only_where_the_room_above_says_so_and_never_stored(
    subscribe: Subscribe, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READERS, "help_request", lambda row, pk: {"name": "Мария", "id": str(pk)})
    subscribe(there, label="А", include_personal=True)
    subscribe(there, label="Б")
    happen()
    webhook_sending.deliver_due(now=NOW)
    named = [one for one in there.received if "person" in one.said]
    assert len(there.received) == 2 and len(named) == 1
    rows = {row.subscription.label: row for row in WebhookDelivery.objects.select_related("subscription")}
    assert rows["А"].with_personal and not rows["Б"].with_personal
    assert "Мария" not in str(WebhookDelivery.objects.values())


def test_an_event_that_cannot_be_written_keeps_nobody_waiting(
    subscribe: Subscribe, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(row: Any, pk: Any) -> Any:
        raise RuntimeError

    monkeypatch.setitem(READERS, "help_request", broken)
    ill, _secret = subscribe(there, include_personal=True)
    subscribe(there)
    happen()
    assert webhook_sending.deliver_due(now=NOW) == 1
    assert ill.deliveries.get().failure == "RuntimeError"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"url": "ftp://127.0.0.1/"}, "webhook_url"), ({"url": "https://8.8.8.8/"}, "webhook_url"),
     ({"label": " "}, "label"), ({"events": []}, "events")],
)  # fmt: skip
def test_what_cannot_be_subscribed(subscribe: Subscribe, there: Receiver, given: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        subscribe(there, **given)
    assert refused.value.code == code
    assert not WebhookSubscription.objects.exists()


def test_there_is_an_end_to_subscriptions(subscribe: Subscribe, there: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(webhooks, "MOST_SUBSCRIPTIONS", 1)
    subscribe(there)
    with pytest.raises(DomainError) as refused:
        subscribe(there)
    assert refused.value.code == "too_many"


def test_removing_takes_the_log_and_the_task_along(subscribe: Subscribe, there: Receiver, radomir: Any) -> None:
    subscription, _secret = subscribe(there)
    happen()
    desk_tasks.ask(
        municipality=radomir, kind=TaskKind.WEBHOOK, subject_type="webhook", subject_id=subscription.pk,
        due_at=NOW, now=NOW,
    )  # fmt: skip
    webhooks.remove(subscription, now=NOW)
    assert not WebhookSubscription.objects.exists() and not WebhookDelivery.objects.exists()
    assert not DeskTask.objects.open().exists()


def test_old_deliveries_go(subscribe: Subscribe, there: Receiver, settings: Any) -> None:
    subscribe(there)
    happen("journal:old")
    happen("journal:new")
    old = NOW - timedelta(days=settings.WEBHOOK_KEEP_DAYS + 1)
    WebhookDelivery.objects.filter(key="journal:old").update(created_at=old)
    WebhookDelivery.objects.filter(key="journal:new").update(created_at=NOW)
    assert webhook_sending.purge(now=NOW) == 1
    assert the_delivery().key == "journal:new"


def test_one_that_never_answers_rests_between_single_tries(subscribe: Subscribe) -> None:
    with Receiver("close") as there:
        subscription, _secret = subscribe(there)
        for number in range(30):
            happen(f"journal:{number}")
        webhook_sending.deliver_due(now=NOW)
        assert len(there.received) == 3
        webhook_sending.deliver_due(now=NOW + timedelta(seconds=20))
        assert len(there.received) == 3
        webhook_sending.deliver_due(now=NOW + timedelta(seconds=40))
        assert len(there.received) == 4
        there.behave = [204]
        webhook_sending.deliver_due(now=NOW + timedelta(hours=1))
        assert len(there.received) == 34
    assert not subscription.deliveries.exclude(state=DeliveryState.DELIVERED).exists()
