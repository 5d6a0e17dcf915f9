"""Sending what is due: claim, commit, send, record.

One loop keeps so many hand-overs in the air at once, in threads that never ask the database: it claims as many
messages as there are free hands, marks them as being handed over, and records together what has landed since. No
transaction is open while a provider answers, and one that hangs keeps only its own hands busy.

A sender that dies leaves a stale claim: what it had not begun, or what a channel carries twice without harm, is sent
again; anything else is *unknown*, and only a report or another way settles it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections

from core.killpoints import reach
from core.nudge import nudge
from notifications.channels import CannotSend, Carrier, MayHaveBeenSent, Parcel, carrier, pack
from notifications.models import Message
from notifications.services import circuit, claims, devices, outcomes
from notifications.services.outbox import SEND_DUE
from notifications.services.outcomes import Outcome
from notifications.states import MessageState

logger = logging.getLogger(__name__)

# In the air at the same time, by one sender; it claims when at least so many of its hands are free.
AT_ONCE, CLAIM_WHEN_FREE = 48, 24
# Then the others have their turn in this worker, and the next message of the queue sends on.
RUN_SECONDS = 10.0
# What has landed within this time is recorded together.
GATHER_SECONDS = 0.05
# Where nothing was due, and something is in the air still, it looks again after so long.
LOOK_SECONDS = 0.5
# A hand-over that takes longer has an end nobody knows.
PATIENCE_SECONDS = 15.0
# So long a database that is gone is waited for, with what providers said in hand.
DATABASE_SECONDS = 15.0
AWAY = (OperationalError, InterfaceError)


@dataclass(slots=True)
class Flight:
    message: Message
    who: Carrier | None
    since: float


@dataclass(slots=True)
class Hands:
    """The threads of one sender, and what is in the air."""

    threads: ThreadPoolExecutor
    flights: dict[Future[Outcome], Flight] = field(default_factory=dict)
    # Given up, and still holding their thread.
    stuck: set[Future[Outcome]] = field(default_factory=set)

    @property
    def free(self) -> int:
        self.stuck = {one for one in self.stuck if not one.done()}
        return AT_ONCE - len(self.flights) - len(self.stuck)

    @property
    def channels(self) -> set[str]:
        return {flight.message.channel for flight in self.flights.values()}

    def throw(self, message: Message) -> None:
        try:
            parcel, who = pack(message), carrier(message.channel)
        except Exception as error:
            reason = type(error).__name__
            logger.error("Message %s cannot be read: %s", message.pk, reason)
            flight = Flight(message, None, time.monotonic())
            self.flights[_landed(Outcome(message, reason=reason, final=True, provider_ok=True))] = flight
            return
        self.flights[self.threads.submit(_carry, message, parcel, who)] = Flight(message, who, time.monotonic())

    def landed(self, within: float) -> list[Outcome]:
        """What came down within so many seconds, and what has been up too long."""
        done, up = wait(self.flights, timeout=within)
        found = [flight.result() for flight in done]
        for one in up:
            flight = self.flights[one]
            if time.monotonic() - flight.since > PATIENCE_SECONDS:
                self.stuck.add(one)
                unknown = flight.who is not None and not flight.who.is_repeatable
                found.append(Outcome(flight.message, reason="TooSlow", unknown=unknown))
        for one in (*done, *self.stuck):
            self.flights.pop(one, None)
        return found


def send_due(*, now: datetime) -> int:
    """Send what is due at `now`, for a few seconds. Answers how many were handed over."""
    outcomes.reclaim_stale(now=now)
    claims.expire_late(now=now)
    hands = Hands(ThreadPoolExecutor(AT_ONCE, thread_name_prefix="carrier"))
    try:
        return _send(hands, now)
    finally:
        # One that never answers must not hold the worker: its thread ends when its provider lets go.
        hands.threads.shutdown(wait=not hands.stuck)


def _send(hands: Hands, now: datetime) -> int:
    started, sent, look_again, ends = time.monotonic(), 0, 0.0, RUN_SECONDS
    while True:
        passed = time.monotonic() - started
        may_look = passed >= look_again or not hands.flights
        if passed < ends and hands.free >= CLAIM_WHEN_FREE and may_look:
            try:
                took = _take_off(hands, now + timedelta(seconds=passed))
            except AWAY:
                # What is in the air must be written down yet; after that another sender goes on.
                if not hands.flights:
                    raise
                close_old_connections()
                ends = 0.0
                continue
            if not took:
                if not hands.flights:
                    return sent
                look_again = passed + LOOK_SECONDS
        elif not hands.flights:
            # Time is over, or all hands are stuck; there may be more.
            nudge(SEND_DUE)
            return sent
        landed = hands.landed(GATHER_SECONDS)
        if landed:
            sent += record(landed, now + timedelta(seconds=time.monotonic() - started))


def _take_off(hands: Hands, moment: datetime) -> bool:
    """Claim as many as there are free hands, mark and throw them. False where nothing was due."""
    reach("claim.before")
    resting, trying = circuit.resting_and_trying(moment)
    # One message tries whether a provider is back; until it has landed no other does.
    resting += [channel for channel in trying if channel in hands.channels]
    most = hands.free
    batch = claims.take(now=moment, most=most, resting=resting, trying=set(trying) - set(resting))
    reach("claim.after")
    if not batch:
        return batch is not None
    if len(batch) >= most:
        # There is more: another sender may join.
        nudge(SEND_DUE)
    mine = set(begin(batch, moment))
    for message in batch:
        if message.pk in mine:
            hands.throw(message)
    return True


def begin(batch: Sequence[Message], now: datetime) -> list[UUID]:
    """Those still ours, marked as being handed over from here on."""
    keys = [message.pk for message in batch]
    rows = Message.objects.filter(pk__in=keys, state=MessageState.CLAIMED, claim=batch[0].claim)
    if rows.update(handing_at=now) == len(keys):
        return keys
    return list(rows.values_list("pk", flat=True))


def _landed(outcome: Outcome) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def _carry(message: Message, parcel: Parcel, who: Carrier | None) -> Outcome:
    """In a thread: hand one parcel over, whatever happens. Its text may be personal: only kinds are logged."""
    if who is None:
        return Outcome(message, reason="NoCarrier", final=True, provider_ok=True)
    try:
        reach("send.before")
        receipt = who.carry(parcel)
        reach("send.after")
    except CannotSend as error:
        gone = error.gone
        return Outcome(
            message, reason=error.reason, final=error.final, provider_ok=error.provider_ok, gone=gone, wait=error.wait
        )
    except MayHaveBeenSent as error:
        return Outcome(message, reason=error.reason, unknown=not who.is_repeatable)
    except Exception as error:
        logger.error("Message %s could not be sent: %s", message.pk, type(error).__name__)
        return Outcome(message, reason=type(error).__name__, unknown=not who.is_repeatable, provider_ok=True)
    message.provider, message.length, message.segments = who.provider, len(parcel.text), parcel.segments
    return Outcome(message, receipt=receipt, provider_ok=True, gone=receipt.gone)


def record(landed: Sequence[Outcome], now: datetime) -> int:
    """Write down what became of these. Answers how many were handed over."""
    reach("commit.before")
    handed = [outcome for outcome in landed if outcome.receipt is not None]
    if gone := [one for outcome in landed for one in outcome.gone]:
        _patiently(lambda: devices.drop(gone))
    if handed:
        _patiently(lambda: outcomes.handed_over(handed, now))
    for outcome in landed:
        if outcome.receipt is None:
            _patiently(lambda outcome=outcome: outcomes.not_sent(outcome, now=now))  # type: ignore[misc]
    _patiently(lambda: outcomes.tell_circuits(landed, now))
    reach("commit.after")
    return len(handed)


def _patiently(write: Callable[[], None]) -> None:
    """Wait for a database that restarts: what a provider said is known to nobody else."""
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return write()
        except AWAY:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
            close_old_connections()
