"""Taking in what people write by SMS: stored before anybody looks at it, masked before it is stored, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import forbidden
from core.errors import Invalid
from core.nudge import nudge_on_commit
from core.phones import normalise, phone_hash
from notifications.models import Contact, InboundMessage, Message
from notifications.services import desk_tasks
from notifications.sms.replies import Reply
from notifications.states import Channel, InboundState, TaskKind
from places.models import Municipality

# Longer than any telephone sends.
MOST_CHARACTERS = 2_000
# So many of the last questions to a number are looked at to see whether there is more than one.
ENOUGH = 10


@transaction.atomic
def receive(*, sender: str, text: str, reference: str, now: datetime, nudge: str) -> InboundMessage:
    """Keep what came; the same `reference` again changes nothing. `nudge` names the task that makes something of it."""
    phone = _number(sender)
    words = text.replace("\x00", "")[:MOST_CHARACTERS]
    kind = forbidden.find(words)
    row = InboundMessage(
        sender=phone, sender_hash=phone_hash(phone), text=forbidden.mask(words) if kind else words,
        masked=kind or "", reference=reference[:120], received_at=now, municipality=home_of(phone),
    )  # fmt: skip
    InboundMessage.objects.bulk_create([row], ignore_conflicts=True)
    nudge_on_commit(nudge)
    return InboundMessage.objects.get(reference=row.reference)


def _number(sender: str) -> str:
    """E.164 where it is a number; a name or a short code stays as it is."""
    try:
        return normalise(sender)
    except Invalid:
        return sender.strip()[:40]


def home_of(phone: str) -> Municipality | None:
    """The municipality whose contact has this number, told something last; the first active one for a stranger."""
    known = Contact.objects.filter(phone_hash=phone_hash(phone)).select_related("municipality")
    told = known.order_by("-messages__created_at").first()
    return told.municipality if told else Municipality.objects.filter(active=True).order_by("pk").first()


def asked_by(inbound: InboundMessage, reply: Reply, *, kinds: Collection[str], now: datetime) -> Message | None:
    """The message this answers: one that was sent by SMS to this very number and asked; by its code where one is given.

    None where there is none, or several and no code says which.
    """
    asked = Message.objects.filter(
        contact__phone_hash=inbound.sender_hash, channel=Channel.SMS, kind__in=kinds,
        sent_at__lte=inbound.received_at,
    )  # fmt: skip
    asked = asked.exclude(expires_at__lte=now).order_by("-sent_at")
    if reply.code:
        # Also what was answered meanwhile: the same answer once more is no riddle.
        return asked.filter(reply_code=reply.code).first()
    latest = list(asked.filter(asks=True)[:ENOUGH])
    # A question and its reminder carry one code: they are one question.
    return latest[0] if len({row.reply_code or row.pk for row in latest}) == 1 else None


@transaction.atomic
def claim(inbound_id: UUID) -> InboundMessage | None:
    """The waiting row under its lock; None where it was handled meanwhile."""
    return InboundMessage.objects.waiting().select_for_update().filter(pk=inbound_id).first()


def handled(inbound: InboundMessage, *, what: str, now: datetime) -> None:
    InboundMessage.objects.filter(pk=inbound.pk).update(state=InboundState.HANDLED, handled_as=what, handled_at=now)


@transaction.atomic
def to_desk(inbound: InboundMessage, *, why: str, now: datetime) -> None:
    """A person must read it: nothing else could be made of it."""
    InboundMessage.objects.filter(pk=inbound.pk).update(state=InboundState.AT_DESK, handled_as=why, handled_at=now)
    if inbound.municipality is not None:
        desk_tasks.ask(
            municipality=inbound.municipality, kind=TaskKind.UNCLEAR_REPLY, subject_type="inbound",
            subject_id=inbound.pk, due_at=now, now=now, facts={"why": why, "masked": inbound.masked},
        )  # fmt: skip
