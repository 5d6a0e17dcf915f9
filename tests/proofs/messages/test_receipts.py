"""A receipt only moves forward, whatever order the news of it comes in, and however often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.channels import Receipt
from notifications.models import Message
from notifications.services import claims, outcomes, passing, reports, sending
from notifications.services.outcomes import Outcome
from notifications.services.reports import Reported
from notifications.states import MESSAGE_MOVES, Channel, MessageState
from tests import factories as make
from tests.sizes import size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_carriers")]
S = MessageState
EXAMPLES = size(40, 3000, "orders of news")
# How far each is: news never takes a receipt back to a smaller number, but for an attempt that failed.
RANK = {S.QUEUED: 0, S.CLAIMED: 0, S.SENT: 1, S.UNKNOWN: 1, S.FAILED: 2, S.EXPIRED: 3, S.DELIVERED: 3}
NEWS = ("accepted", "failed", "delivered", "recorded", "refused", "unsure", "stale", "unsettled")


def _claimed(number: int) -> Message:
    """A message that is being handed over."""
    contact = make.contact(phone=f"+35988{number:07}")
    row = Message.objects.create(
        municipality=contact.municipality, contact=contact, channel=Channel.SMS, key=f"n:{number}:sms", kind="n",
        must_arrive=True, message_class="cancellation", body="x", short="x", recipient="+359888000000",
        ready_at=make.NOW, due_at=make.NOW,
    )  # fmt: skip
    taken = claims._chosen(make.NOW, 1, (), ())
    assert taken == [row.pk]
    Message.objects.filter(pk=row.pk).update(
        state=S.CLAIMED, claim=row.pk, claimed_at=make.NOW, handing_at=make.NOW, attempts=1
    )
    return Message.objects.select_related("contact", "municipality").get(pk=row.pk)


def _tell(news: str, row: Message, minute: int) -> None:
    now = make.NOW + timedelta(minutes=minute)
    if news in set(Reported):
        reports.note(message_id=row.pk, reported=Reported(news), now=now)
    elif news == "recorded":
        sending.record([Outcome(row, receipt=Receipt("ref"), provider_ok=True)], now)
    elif news == "refused":
        sending.record([Outcome(row, reason="Gateway 400", final=True, provider_ok=True)], now)
    elif news == "unsure":
        sending.record([Outcome(row, reason="ReadTimeout", unknown=True)], now)
    elif news == "stale":
        outcomes.reclaim_stale(now=now)
    else:
        passing.pass_on_unsettled(now=now)


_numbers = iter(range(10**9))


@settings(max_examples=EXAMPLES)
@given(st.lists(st.sampled_from(NEWS), min_size=1, max_size=8))
def test_whatever_comes_in_whatever_order_a_receipt_moves_forward(order: list[str]) -> None:
    Message.objects.all().delete()
    row = _claimed(next(_numbers))
    stood, seen = str(S.CLAIMED), []
    for minute, news in enumerate(order, start=1):
        _tell(news, row, minute * 11)
        now = Message.objects.get(pk=row.pk).state
        assert now == stood or stood in MESSAGE_MOVES[now], (seen, news, stood, now)
        assert RANK[S(now)] >= RANK[S(stood)], (seen, news, stood, now)
        stood = now
        seen.append((news, now))
    if "delivered" in order:
        assert stood == S.DELIVERED
    # However many bad tidings there were, it went on by another way once at most.
    assert Message.objects.filter(instead_of=row).count() <= 1
