"""Thirty-two clerks reach for one call: one rings, the others are told who was faster; nothing leaves without a result.

The control takes the guarded UPDATE, then the unique index away, and shows that the same races then go wrong.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from core.errors import Gone, Invalid
from notifications.models import Callback, CallbackEvent
from notifications.services import callbacks
from notifications.states import CallbackResult, CallbackSource
from places.models import Municipality
from tests import factories as make
from tests.proofs.spine.hands import Work, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = make.NOW
HANDS, ROUNDS, CONTROL_ROUNDS = 32, 6, 20


@pytest.fixture
def clerks() -> list[User]:
    return [make.user(Role.CLERK, name=f"Колега {number}") for number in range(HANDS)]


def waiting(phone: str = "+359888111222") -> Callback:
    return callbacks.ask(
        municipality=make.municipality(), phone=phone, source=CallbackSource.MISSED, since=NOW, due_at=NOW, now=NOW
    )


def taking(row: Callback, clerk: User) -> Work:
    return lambda: callbacks.hold(Callback.objects.get(pk=row.pk), by=clerk, now=NOW)


def winners(clerks: list[User], number: int) -> list[object]:
    """All reach at once; those who were told that it is theirs. The others hear one kind sentence."""
    row = waiting(f"+3598881{number:05}")
    answers = race([taking(row, clerk) for clerk in clerks])
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, Gone) and answer.code == "callback_taken" for answer in lost), lost
    return [answer for answer in answers if not isinstance(answer, Exception)]


def test_of_thirty_two_clerks_one_rings(clerks: list[User]) -> None:
    for number in range(ROUNDS):
        (winner,) = winners(clerks, number)
        assert isinstance(winner, Callback)
        row = Callback.objects.get(pk=winner.pk)
        assert row.holder_id == winner.holder_id and row.lease_until == NOW + callbacks.LEASE


def test_the_control_looking_first_and_writing_then_lets_several_ring(
    clerks: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_then_write(callback: Callback, allowed: Q, **changes: Any) -> None:
        free = Callback.objects.open().filter(allowed, pk=callback.pk).exists()
        time.sleep(random.uniform(0, 0.05))
        if not free:
            raise Gone("", code="callback_taken")
        Callback.objects.filter(pk=callback.pk).update(**changes)

    with monkeypatch.context() as unguarded:
        unguarded.setattr(callbacks, "_change", look_then_write)
        most = max(len(winners(clerks[:8], number)) for number in range(CONTROL_ROUNDS))
    assert most > 1, "the race proves nothing: one winner without the guarded update"
    assert len(winners(clerks, CONTROL_ROUNDS)) == 1


def ringing(municipality: Municipality, reference: str) -> Work:
    return lambda: callbacks.take_in(
        municipality=municipality, phone="+359888111222", source=CallbackSource.MISSED, reference=reference, now=NOW
    )


def test_one_open_entry_a_number_and_every_ring_counted_once() -> None:
    """Sixteen events at the same instant, each delivered twice."""
    home = make.municipality()
    answers = race([ringing(home, str(number // 2)) for number in range(HANDS)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Callback.objects.get().rang == HANDS // 2 == CallbackEvent.objects.count()


@contextmanager
def without_the_index() -> Iterator[None]:
    (constraint,) = [one for one in Callback._meta.constraints if one.name == "one_open_callback_a_number"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Callback, constraint)
    try:
        yield
    finally:
        Callback.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Callback, constraint)


def test_the_control_without_the_index_one_number_waits_many_times() -> None:
    home = make.municipality()
    with without_the_index():
        for _round in range(CONTROL_ROUNDS):
            Callback.objects.all().delete()
            race([ringing(home, str(number)) for number in range(8)])
            if Callback.objects.count() > 1:
                return
        pytest.fail("the race proves nothing: one entry without the index")


def test_a_clerk_who_went_home_holds_nobody_up_and_cannot_close_what_another_took(clerks: list[User]) -> None:
    first, second = clerks[:2]
    row = callbacks.hold(waiting(), by=first, now=NOW)
    later = NOW + callbacks.LEASE
    callbacks.hold(Callback.objects.get(pk=row.pk), by=second, now=later)
    with pytest.raises(Gone):
        callbacks.finish(row, by=first, result=CallbackResult.HELPED, now=later + timedelta(minutes=1))
    callbacks.finish(row, by=second, result=CallbackResult.HELPED, now=later + timedelta(minutes=1))
    with pytest.raises(Gone) as told:
        callbacks.finish(row, by=second, result=CallbackResult.HELPED, now=later + timedelta(minutes=2))
    assert told.value.code == "callback_done"


@pytest.mark.parametrize("result", ["", "rubbish", "HELPED"])
def test_nothing_leaves_without_a_result(clerks: list[User], result: str) -> None:
    row = waiting()
    with pytest.raises(Invalid):
        callbacks.finish(row, by=clerks[0], result=result, now=NOW)
    for _attempt in range(9):
        callbacks.nobody_answered(row, by=clerks[0], now=row.due_at)
    callbacks.hold(row, by=clerks[0], now=NOW)
    callbacks.release(row, by=clerks[0])
    assert Callback.objects.open().get().attempts == 9
