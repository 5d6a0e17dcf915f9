"""Taking messages to send: of each municipality its share, oldest first: nobody's flood keeps the others waiting."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from core.clock import day_bounds, local_date
from notifications.hours import FreeDays, when_to_tell
from notifications.models import ContactDay, Message, MessageQuerySet
from notifications.services import figures
from notifications.states import CARRIED, Channel, MessageClass, MessageState
from places.models import Municipality

# How many messages a sender takes at most at once.
BATCH = 64
UNCAPPED = (MessageClass.SAFETY, MessageClass.CANCELLATION)
LATE_AT_ONCE = 500


def take(
    *, now: datetime, most: int = BATCH, resting: Collection[str] = (), trying: Collection[str] = ()
) -> list[Message] | None:
    """Claim up to `most` due messages and commit that; those on `resting` channels are left where they are.

    Of a channel that is `trying`, whose provider has rested, a single one. Answers those that may go out now; None
    where nothing was due.
    """
    # Durable: inside somebody's transaction this raises, so nothing can be sent there.
    with transaction.atomic(durable=True):
        chosen = _chosen(now, most, resting, trying)
        claim = uuid4()
        rows = Message.objects.filter(pk__in=chosen, state=MessageState.QUEUED)
        claimed = {"claim": claim, "claimed_at": now, "handing_at": None, "attempts": F("attempts") + 1}
        if not chosen or not rows.update(state=MessageState.CLAIMED, **claimed):
            return None
    mine = Message.objects.filter(pk__in=chosen, claim=claim).select_related("contact", "municipality")
    return _allowed(list(mine.order_by("due_at", "pk")), now)


def _chosen(now: datetime, most: int, resting: Collection[str], trying: Collection[str]) -> list[UUID]:
    due = Message.objects.due(now)
    tries = [pk for channel in trying for pk in _locked(due.filter(channel=channel), 1)]
    usual = due.filter(channel__in=[one for one in CARRIED if one not in resting and one not in trying])
    # Somebody stands before a field for a code: up to half of what is taken goes to codes before everything else.
    pressing = _locked(usual.filter(message_class=MessageClass.SAFETY), most // 2)
    return [*tries, *pressing, *_fair(usual.exclude(pk__in=pressing), most - len(pressing))]


def _fair(due: MessageQuerySet, most: int) -> list[UUID]:
    """Of every municipality that waits the same number; what some do not need is shared among the others."""
    theirs = due.filter(municipality=OuterRef("pk"))
    waiting = list(Municipality.objects.filter(Exists(theirs)).values_list("pk", flat=True))
    random.shuffle(waiting)
    waiting = waiting[:most]
    chosen: dict[str, list[UUID]] = {}
    while waiting and (left := most - sum(len(rows) for rows in chosen.values())) >= len(waiting):
        share = left // len(waiting)
        for code in list(waiting):
            wanted = len(chosen.get(code, ())) + share
            chosen[code] = _locked(due.filter(municipality=code), wanted)
            if len(chosen[code]) < wanted:
                waiting.remove(code)
    return [pk for rows in chosen.values() for pk in rows]


def _locked(due: MessageQuerySet, most: int) -> list[UUID]:
    rows = due.order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        # What another sender is taking at this moment is not worth waiting for.
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows.values_list("pk", flat=True)[:most])


def _allowed(claimed: list[Message], now: datetime) -> list[Message]:
    """Those that may go out now; the others are put back until they may, or are too late."""
    free_days: dict[str, FreeDays] = {}
    later: dict[datetime, list[Message]] = defaultdict(list)
    awake = []
    for message in claimed:
        if (at := _may_at(message, now, now, free_days)) > now:
            later[at].append(message)
        else:
            awake.append(message)
    counted = _counted([message for message in awake if message.message_class not in UNCAPPED], now)
    allowed = []
    for message in awake:
        if message.message_class in UNCAPPED or message.pk in counted:
            allowed.append(message)
        else:
            _today, tomorrow = day_bounds(local_date(now))
            later[_may_at(message, tomorrow, now, free_days)].append(message)
    for at, messages in later.items():
        _put_back(messages, at, now)
    return allowed


def _may_at(message: Message, moment: datetime, now: datetime, free_days: dict[str, FreeDays]) -> datetime:
    code = message.municipality_id
    days = free_days[code] = free_days.get(code) or FreeDays(code)
    return when_to_tell(
        message.contact, message.message_class, moment, now=now, expires_at=message.expires_at, days=days
    )


@transaction.atomic
def _counted(messages: list[Message], now: datetime) -> set[UUID]:
    """Those that have a place among the contact's messages of this day: taken now, oldest first, or before."""
    day = local_date(now)
    had = {message.pk for message in messages if message.counted_on == day}
    asking = [message for message in messages if message.pk not in had]
    if not asking:
        return had
    counts = _counts({message.contact_id for message in asking}, day)
    taken: dict[UUID, int] = defaultdict(int)
    won = []
    for message in asking:
        if counts[message.contact_id] + taken[message.contact_id] < message.contact.daily_cap:
            taken[message.contact_id] += 1
            message.counted_on = day
            won.append(message.pk)
    for number in sorted(set(taken.values())):
        theirs = [contact for contact, count in taken.items() if count == number]
        ContactDay.objects.filter(contact__in=theirs, day=day).update(count=F("count") + number)
    Message.objects.filter(pk__in=won).update(counted_on=day)
    return had | set(won)


def _counts(contacts: Iterable[UUID], day: date) -> dict[UUID, int]:
    """What each of these was sent on this day, under their locks until the end of the transaction."""
    # Always in the same order, so that two senders do not wait for each other.
    keys = sorted(contacts)
    ContactDay.objects.bulk_create([ContactDay(contact_id=key, day=day) for key in keys], ignore_conflicts=True)
    rows = ContactDay.objects.filter(contact__in=keys, day=day).select_for_update().order_by("contact")
    return dict(rows.values_list("contact_id", "count"))


def _put_back(messages: list[Message], due_at: datetime, now: datetime) -> None:
    """They may not be told yet: that was no attempt. What would be too late then is late now."""
    keys = [message.pk for message in messages]
    rows = Message.objects.filter(pk__in=keys, state=MessageState.CLAIMED, claim=messages[0].claim)
    attempts = {"attempts": F("attempts") - 1, "claim": None, "claimed_at": None, "due_at": due_at}
    rows.update(state=MessageState.QUEUED, ready_at=due_at, **attempts)
    if any(message.expires_at is not None for message in messages):
        expire_late(now=now, only=keys, told_at=due_at)


@transaction.atomic
def expire_late(*, now: datetime, only: Collection[UUID] | None = None, told_at: datetime | None = None) -> int:
    """What would come too late, told now or at `told_at`, is not sent any more. Answers how many."""
    late = Message.objects.late(told_at or now)
    if only is not None:
        late = late.filter(pk__in=only)
    if connection.features.has_select_for_update_skip_locked:
        late = late.select_for_update(skip_locked=True, of=("self",))
    rows = list(late.only("pk", "municipality_id", "channel")[:LATE_AT_ONCE])
    if rows:
        gone = Message.objects.filter(pk__in=[row.pk for row in rows], state=MessageState.QUEUED)
        gone.update(state=MessageState.EXPIRED, settled_at=now)
        figures.count_all(((row.municipality_id, Channel(row.channel), "expired") for row in rows), now)
    return len(rows)
