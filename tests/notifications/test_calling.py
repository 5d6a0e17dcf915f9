"""Two clerks never ring the same person: not for one thing, not for two, not while a colleague rings them back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from core.errors import Gone
from notifications.models import DeskTask, Message
from notifications.services import by_hand, callbacks, calling, desk_tasks
from notifications.services.contacts import make_contact
from notifications.states import CallbackSource, Channel, MessageState, TaskKind
from places.models import Municipality
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
Tell = Callable[..., list[Message]]
HOME = "+35977712399"


@pytest.fixture
def zlatka(radomir: Municipality) -> User:
    return make.user(Role.CLERK, of=radomir)


@pytest.fixture
def boris(radomir: Municipality) -> User:
    return make.user(Role.CLERK, of=radomir)


@pytest.fixture
def call(tell: Tell, radomir: Municipality) -> Callable[..., DeskTask]:
    """Something that must be told to a telephone at home."""

    def of(key: str = "offer:1:made", phone: str = HOME) -> DeskTask:
        contact = make_contact(municipality=radomir, phone=phone, channels=[Channel.VOICE])
        (message,) = tell(key, contact=contact, must_arrive=True)
        return DeskTask.objects.get(subject_id=message.pk)

    return of


def test_a_call_is_held_by_one(call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime) -> None:
    task = call()
    assert task.kind == TaskKind.CALL_PERSON
    calling.take(task, holder=zlatka, now=now)
    with pytest.raises(Gone):
        calling.take(task, holder=boris, now=now)
    assert calling.take(task, holder=boris, now=now + desk_tasks.LEASE).holder_id == boris.pk


def test_whatever_else_there_is_for_that_telephone_comes_with_it(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime
) -> None:
    first, second, elsewhere = call("a"), call("b"), call("c", "+35977712400")
    calling.take(first, holder=zlatka, now=now)
    second.refresh_from_db()
    assert second.holder_id == zlatka.pk
    with pytest.raises(Gone):
        calling.take(second, holder=boris, now=now)
    message = Message.objects.get(pk=first.subject_id)
    assert [other.pk for other in calling.with_it(first, message, now=now)] == [second.subject_id]
    assert calling.take(elsewhere, holder=boris, now=now).holder_id == boris.pk


def test_what_is_to_be_told_tomorrow_stays_for_tomorrow(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime
) -> None:
    first, tomorrow = call("a"), call("b")
    DeskTask.objects.filter(pk=tomorrow.pk).update(due_at=now + timedelta(days=1))
    calling.take(first, holder=zlatka, now=now)
    tomorrow.refresh_from_db()
    assert tomorrow.holder_id is None
    assert calling.with_it(first, Message.objects.get(pk=first.subject_id), now=now) == []
    with pytest.raises(Gone):
        calling.take(tomorrow, holder=boris, now=now)


def test_what_comes_while_a_colleague_rings_waits_for_them(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime
) -> None:
    calling.take(call("a"), holder=zlatka, now=now)
    later = call("b")
    with pytest.raises(Gone) as refused:
        calling.take(later, holder=boris, now=now)
    assert refused.value.code == "callback_taken"
    assert calling.take(later, holder=zlatka, now=now).holder_id == zlatka.pk


def test_nobody_is_rung_while_a_colleague_rings_them_back_and_the_other_way_round(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime, radomir: Municipality
) -> None:
    task = call()
    back = callbacks.ask(
        municipality=radomir, phone=HOME, source=CallbackSource.MISSED, since=now, due_at=now, now=now
    )  # fmt: skip
    callbacks.hold(back, by=zlatka, now=now)
    with pytest.raises(Gone):
        calling.take(task, holder=boris, now=now)
    callbacks.release(back, by=zlatka)
    calling.take(task, holder=boris, now=now)
    with pytest.raises(Gone):
        callbacks.hold(back, by=zlatka, now=now)
    desk_tasks.release(task, holder=boris)
    assert callbacks.hold(back, by=zlatka, now=now).holder_id == zlatka.pk


def test_nobody_answered_brings_the_call_back_each_time_later(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime
) -> None:
    task = call()
    waits = []
    for _times in range(4):
        calling.nobody_answered(task, by=zlatka, now=now)
        task.refresh_from_db()
        assert (task.holder_id, task.done_at) == (None, None)
        waits.append(task.due_at - now)
    assert waits == [*calling.AGAIN, calling.AGAIN[-1]]
    assert task.facts["tries"] == 4
    calling.take(task, holder=boris, now=now)
    with pytest.raises(Gone):
        calling.nobody_answered(task, by=zlatka, now=now)


def test_told_is_the_receipt(call: Callable[..., DeskTask], zlatka: User, now: datetime) -> None:
    task = call()
    message = Message.objects.get(pk=task.subject_id)
    assert by_hand.settle(message, was_told=True, now=now)
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED
    assert not by_hand.settle(message, was_told=False, now=now)


def test_a_letter_is_taken_like_any_other_task(tell: Tell, radomir: Municipality, zlatka: User, now: datetime) -> None:
    contact = make_contact(municipality=radomir, channels=[Channel.PAPER])
    (message,) = tell(contact=contact, must_arrive=True)
    task = DeskTask.objects.get(subject_id=message.pk)
    assert calling.take(task, holder=zlatka, now=now).holder_id == zlatka.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_who_take_two_calls_to_one_telephone_at_once_one_gets_both(
    call: Callable[..., DeskTask], zlatka: User, boris: User, now: datetime
) -> None:
    for attempt in range(8):
        tasks = [call(f"a{attempt}"), call(f"b{attempt}")]
        start, refused = threading.Barrier(2), []

        def take(task: DeskTask, who: User, start=start, refused=refused) -> None:  # type: ignore[no-untyped-def]
            start.wait()
            try:
                calling.take(task, holder=who, now=now)
            except Gone as error:
                refused.append(error.code)
            finally:
                connection.close()

        both = [threading.Thread(target=take, args=pair) for pair in zip(tasks, (zlatka, boris), strict=True)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        holders = set(DeskTask.objects.filter(pk__in=[task.pk for task in tasks]).values_list("holder", flat=True))
        assert len(refused) == 1
        assert len(holders) == 1
        DeskTask.objects.update(done_at=now, holder=None, lease_until=None)
