"""What volunteers are told about their offers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Template
from notifications.models import Message
from notifications.services import outbox, reply_codes
from notifications.states import BY_HAND, Channel, MessageState
from requests import messages
from requests.models import Offer, Visit
from requests.notices.telling import ahead, service_of, short_when, tell, when, where_of
from requests.states import Urgency


def offer_made(offer: Offer, *, remind_at: datetime | None, now: datetime) -> None:
    """The question, and beforehand its one reminder, which is taken back with the answer."""
    code = reply_codes.new(offer.volunteer.contact, now=now)
    urgent = offer.help_request.urgency == Urgency.TODAY
    _ask(offer, "made", messages.OFFER_URGENT if urgent else messages.OFFER_MADE, code, now)
    if remind_at is not None:
        nudge = messages.OFFER_URGENT_NUDGE if urgent else messages.OFFER_NUDGE
        _ask(offer, "nudge", nudge, code, now, due_at=remind_at)


def _ask(offer: Offer, what: str, template: Template, code: str, now: datetime, due_at: datetime | None = None) -> None:
    def facts() -> dict[str, str]:
        return {
            **of_offer(offer),
            "service": service_of(offer.help_request),
            "until": when(offer.expires_at),
            "short_until": short_when(offer.expires_at),
            "reply": _("Отговорете ДА %(code)s или НЕ %(code)s.") % {"code": code},
        }

    tell(
        offer.volunteer.contact, f"offer:{offer.pk}:{what}", template, facts, now=now, due_at=due_at,
        link=reverse("requests:offer", args=[offer.pk]), expires_at=offer.expires_at, asks=True, reply_code=code,
    )  # fmt: skip


def offer_answered(offer: Offer, *, now: datetime) -> None:
    """Nobody is reminded of a question that is over, nor asked it in the morning."""
    outbox.call_off(f"offer:{offer.pk}:nudge:", now=now)
    waits = Q(state=MessageState.QUEUED, due_at__gt=now) | Q(channel__in=BY_HAND, settled_at=None)
    if Message.objects.filter(waits, key__startswith=f"offer:{offer.pk}:made:").exists():
        outbox.call_off(f"offer:{offer.pk}:made:", now=now)


def _was_asked(offer: Offer) -> bool:
    """Whether the question went out, so that its end is told as well."""
    rows = Message.objects.filter(key__startswith=f"offer:{offer.pk}:made:")
    return not rows.exists() or rows.exclude(failure="CalledOff").exclude(channel=Channel.IN_APP).exists()


def of_offer(offer: Offer, start: datetime | None = None) -> dict[str, str]:
    begins = start or offer.start
    return {"where": where_of(offer.help_request), "when": when(begins), "short_when": short_when(begins)}


def offer_accepted(offer: Offer, visit: Visit, *, now: datetime) -> None:
    tell(
        offer.volunteer.contact, f"offer:{offer.pk}:accepted", messages.OFFER_ACCEPTED,
        lambda: of_offer(offer, visit.start), now=now, link=reverse("requests:visit", args=[visit.pk]),
    )  # fmt: skip


def offer_expired(offer: Offer, *, now: datetime) -> None:
    _to_volunteer(offer, "expired", messages.OFFER_EXPIRED, now)


def offer_withdrawn(offer: Offer, *, why: str, now: datetime) -> None:
    if why == "clashes":
        # The volunteer chose the other visit; they know.
        return
    if not _was_asked(offer):
        return
    taken = why in ("seat_taken", "filled")
    _to_volunteer(offer, "withdrawn", messages.OFFER_TAKEN if taken else messages.OFFER_NOT_NEEDED, now)


def offer_released(offer: Offer, *, now: datetime) -> None:
    _to_volunteer(offer, "released", messages.OFFER_RELEASED, now, expires_at=offer.start)


def visit_cancelled(offer: Offer, *, why: str, now: datetime) -> None:
    template = messages.VISITOR_ANOTHER_TIME if why == "another_time" else messages.VISITOR_CANCELLED
    _to_volunteer(offer, "visit_cancelled", template, now, expires_at=offer.start)


def _to_volunteer(
    offer: Offer, what: str, template: Template, now: datetime, expires_at: datetime | None = None
) -> None:
    tell(
        offer.volunteer.contact, f"offer:{offer.pk}:{what}", template, lambda: of_offer(offer), now=now,
        link=reverse("requests:my_offers"), expires_at=ahead(expires_at, now),
    )  # fmt: skip
