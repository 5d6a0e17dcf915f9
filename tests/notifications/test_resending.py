"""What an operator does: a message once more, as a row of its own; a message that is not sent after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Gone
from notifications.models import Contact, Message
from notifications.services import passing, resending, sending
from notifications.services.contacts import stop_way
from notifications.states import Channel, MessageState
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]


@pytest.fixture
def failed(awake: Contact, letter: Message, through: Callable[..., Any]) -> Message:
    through(failures=1, final=True)
    sending.send_due(now=NOW)
    letter.refresh_from_db()
    assert letter.state == MessageState.FAILED
    return letter


def test_a_resend_is_a_new_row_that_names_the_old_and_goes_out(failed: Message, through: Callable[..., Any]) -> None:
    carrier = through()
    row = resending.resend(failed, now=NOW + timedelta(minutes=1))
    sending.send_due(now=NOW + timedelta(minutes=1))
    row.refresh_from_db()
    failed.refresh_from_db()
    assert (row.resend_of_id, row.state, failed.state) == (failed.pk, MessageState.SENT, MessageState.FAILED)
    assert list(carrier.carried) == [row.pk] and row.body == failed.body


def test_pressed_twice_it_is_sent_once(failed: Message) -> None:
    rows = [resending.resend(failed, now=NOW) for _press in range(2)]
    assert rows[0].pk == rows[1].pk
    assert Message.objects.filter(resend_of=failed).count() == 1


def test_what_nobody_knows_is_not_also_passed_on_by_the_watch(letter: Message) -> None:
    Message.objects.filter(pk=letter.pk).update(state=MessageState.UNKNOWN, settled_at=NOW, must_arrive=True)
    letter.refresh_from_db()
    again = resending.resend(letter, now=NOW)
    assert again.must_arrive
    assert passing.pass_on_unsettled(now=NOW + timedelta(hours=1)) == 0


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENT, MessageState.DELIVERED])
def test_what_waits_or_arrived_is_not_sent_again(letter: Message, state: str) -> None:
    Message.objects.filter(pk=letter.pk).update(state=state)
    with pytest.raises(Gone):
        resending.resend(letter, now=NOW)


def test_nor_what_comes_too_late_or_by_a_way_the_person_stopped(failed: Message) -> None:
    stop_way(failed.contact, Channel.EMAIL)
    with pytest.raises(Gone) as error:
        resending.resend(failed, now=NOW)
    assert error.value.code == "message_no_way"
    Message.objects.filter(pk=failed.pk).update(expires_at=NOW)
    with pytest.raises(Gone) as error:
        resending.resend(failed, now=NOW)
    assert error.value.code == "message_late"


def test_a_cancelled_message_never_goes_and_a_gone_one_is_not_cancelled(
    awake: Contact, letter: Message, through: Callable[..., Any]
) -> None:
    carrier = through()
    resending.cancel(letter, now=NOW)
    assert sending.send_due(now=NOW) == 0 and not carrier.carried
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (MessageState.EXPIRED, "CancelledByHand")
    with pytest.raises(Gone):
        resending.cancel(letter, now=NOW)
