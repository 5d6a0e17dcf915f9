"""What people answer by SMS: a volunteer to an offer, a resident to a visit. Anything unclear is a clerk's to read.

No reply is believed from a number that was not asked, and none is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.errors import DomainError, Gone
from notifications.models import Contact, InboundMessage, Message
from notifications.services import callbacks, contacts, inbound
from notifications.sms.replies import Answer, Reply, read
from notifications.states import CallbackSource
from requests import messages
from requests.models import Offer, Visit
from requests.services import answers, consents, thanks, visits
from requests.services.actors import RESIDENT, by_sms
from requests.services.said_reasons import reason_in
from requests.states import ConsentAnswer, DeclineReason, Helped, OfferState, VisitState

log = logging.getLogger(__name__)
BATCH = 100
OFFERS = tuple(
    template.kind.code
    for template in (messages.OFFER_MADE, messages.OFFER_URGENT, messages.OFFER_NUDGE, messages.OFFER_URGENT_NUDGE)
)
AFTERWARDS = (messages.VISIT_DONE.kind.code,)
CONSENTS = (messages.CONSENT_ASK.kind.code,)
VISITS = (messages.VISIT_SCHEDULED.kind.code, messages.VISIT_MOVED.kind.code)
# A row that cannot be made anything of so many times is a person's to read.
MOST_ATTEMPTS = 3


def read_all(*, now: datetime) -> int:
    """Make something of everything that came in. Answers how many were looked at."""
    waiting = list(InboundMessage.objects.waiting().order_by("received_at").values_list("pk", flat=True)[:BATCH])
    for inbound_id in waiting:
        try:
            read_one(inbound_id, now=now)
        except Exception as error:
            # Its text may be personal: only the kind is logged. It is tried again, and in the end a person reads it.
            log.error("reply %s could not be read: %s", inbound_id, type(error).__name__)
            _tried(inbound_id, now)
    return len(waiting)


@transaction.atomic
def read_one(inbound_id: UUID, *, now: datetime) -> None:
    """One reply, in one transaction with what it changes."""
    row = inbound.claim(inbound_id)
    if row is None:
        return
    reply = read(row.text)
    if reply.answer == Answer.STOP:
        _stop(row, now)
        return
    asked = inbound.asked_by(row, reply, kinds=(*OFFERS, *VISITS, *AFTERWARDS, *CONSENTS), now=now)
    if asked is None or _unclear(asked, reply):
        if asked is not None and asked.kind in AFTERWARDS:
            # Kept with the visit it is about; a person reads it all the same.
            thanks.said(visit_id=_subject(asked), words=row.text, now=now)
        inbound.to_desk(row, why="unclear" if asked else "not_asked", now=now)
        return
    what = _answer(asked, reply, now)
    if what is None:
        inbound.to_desk(row, why="too_late", now=now)
    else:
        inbound.handled(row, what=what, now=now)


def _unclear(asked: Message, reply: Reply) -> bool:
    """Words after a no are clear where they say why an offer does not suit."""
    if reply.more:
        return asked.kind not in OFFERS or reason_in(reply.more) is None
    return reply.answer == Answer.OTHER


def _answer(asked: Message, reply: Reply, now: datetime) -> str | None:
    """What was done, by code; None where it no longer could be."""
    act: Callable[[UUID, Reply, Message, datetime], str] = _to_offer if asked.kind in OFFERS else _to_visit
    if asked.kind in CONSENTS:
        act = _to_consent
    elif asked.kind in AFTERWARDS:
        act = _afterwards
    try:
        with transaction.atomic():
            return act(_subject(asked), reply, asked, now)
    except DomainError as error:
        log.info("a reply came too late: %s", error.code)
        return None


def _subject(asked: Message) -> UUID:
    """The offer or the visit that was asked about, from the message's key."""
    return UUID(asked.key.split(":", 2)[1])


def _afterwards(visit_id: UUID, reply: Reply, asked: Message, now: datetime) -> str:
    helped = reply.answer == Answer.YES
    thanks.answer(visit_id=visit_id, helped=Helped.YES if helped else Helped.NO, now=now)
    if not helped:
        callbacks.ask(contact=asked.contact, source=CallbackSource.REPLY, since=now, due_at=now, now=now)
    return "helped" if helped else "not_helped"


def _to_offer(offer_id: UUID, reply: Reply, asked: Message, now: datetime) -> str:
    offer = Offer.objects.get(pk=offer_id)
    actor = by_sms(offer.volunteer_id)
    if reply.answer == Answer.YES:
        if offer.state != OfferState.ACCEPTED:
            answers.accept(offer_id=offer_id, actor=actor, now=now)
        return "offer_accepted"
    if offer.state != OfferState.DECLINED:
        answers.decline(offer_id=offer_id, actor=actor, now=now, reason=reason_in(reply.more) or DeclineReason.OTHER)
    return "offer_declined"


def _to_visit(visit_id: UUID, reply: Reply, asked: Message, now: datetime) -> str:
    visit = Visit.objects.get(pk=visit_id)
    if reply.answer == Answer.YES:
        if visit.state not in (VisitState.SCHEDULED, VisitState.CONFIRMED):
            raise Gone(code="over")
        visits.confirm(visit_id=visit_id, actor=RESIDENT, now=now)
        return "visit_confirmed"
    # A „no“ says that this does not suit, and not what would: somebody rings and asks.
    contact = asked.contact
    callbacks.ask(contact=contact, source=CallbackSource.REPLY, since=now, due_at=now, now=now)
    return "callback_asked"


def _to_consent(consent_id: UUID, reply: Reply, asked: Message, now: datetime) -> str:
    said = ConsentAnswer.YES if reply.answer == Answer.YES else ConsentAnswer.NO
    return consents.answered_by_sms(consent_id=consent_id, answer=said, now=now)


def _stop(row: InboundMessage, now: datetime) -> None:
    """No more messages to this number: from now on somebody calls where they must be told something."""
    for contact in Contact.objects.filter(phone_hash=row.sender_hash):
        contacts.stop(contact, now=now)
    inbound.handled(row, what="stopped", now=now)


def _tried(inbound_id: UUID, now: datetime) -> None:
    row = InboundMessage.objects.get(pk=inbound_id)
    InboundMessage.objects.filter(pk=inbound_id).update(attempts=row.attempts + 1)
    if row.attempts + 1 >= MOST_ATTEMPTS:
        inbound.to_desk(row, why="trouble", now=now)
