"""What a person at the desk tells: a call with a script, a card on paper. The row is the receipt of it."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from notifications.models import Contact, DeskTask, Message
from notifications.services import desk_tasks
from notifications.states import MESSAGE_MOVES, Channel, MessageState, TaskKind

KIND_OF = {Channel.VOICE: TaskKind.CALL_PERSON, Channel.PAPER: TaskKind.HAND_OVER}


def hand_to_desk(message: Message, *, now: datetime) -> DeskTask:
    """The task of telling this. Its script is the message itself."""
    return desk_tasks.ask(
        municipality=message.municipality, kind=KIND_OF[Channel(message.channel)], subject_type="message",
        subject_id=message.pk, due_at=message.due_at, now=now,
        facts={"kind": message.kind, "class": message.message_class},
    )  # fmt: skip


def ask_no_way(contact: Contact, key: str, kind: str, *, now: datetime) -> DeskTask:
    """What must be told and has no way at all: no telephone, no address."""
    return desk_tasks.ask(
        municipality=contact.municipality, kind=TaskKind.MESSAGE_FAILED, subject_type="contact",
        subject_id=uuid5(NAMESPACE_URL, f"{contact.pk}:{key}"), due_at=now, now=now,
        facts={"kind": kind, "contact": str(contact.pk)},
    )  # fmt: skip


@transaction.atomic
def settle(message: Message, *, was_told: bool, now: datetime, reason: str = "") -> bool:
    """What became of a call or a card. False where it was settled before."""
    target = MessageState.DELIVERED if was_told else MessageState.FAILED
    rows = Message.objects.filter(pk=message.pk, state__in=MESSAGE_MOVES[target], channel__in=KIND_OF)
    return bool(rows.update(state=target, settled_at=now, failure=reason))


@transaction.atomic
def take_back(message: Message, *, now: datetime) -> None:
    """Nobody needs to be told this any more."""
    if settle(message, was_told=False, now=now, reason="CalledOff"):
        desk_tasks.finish_about(subject_type="message", subject_id=message.pk, result="not_needed", now=now)
