"""How messages go out: what waits, what arrived, what did not and why; sent again or stopped by hand.

The page reads figures that were counted while sending, and short lists by an index: it never counts messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.policy import requires
from core.clock import is_of_our_time
from notifications import operations
from notifications.models import Message
from notifications.services import codes
from notifications.services.resending import MAY_GO_AGAIN
from notifications.states import CARRIED, Channel
from requests.services import outbox_acts
from requests.web import who
from requests.web.doing import attempt
from requests.web.failures import in_words
from requests.web.wordings import TEMPLATES

HOURS = {"den": 24, "sedmitsa": 24 * 7, "mesets": 24 * 28}


@require_safe
@requires("message.operate")
@never_cache
def operators(request: HttpRequest) -> HttpResponse:
    """`?za=den|sedmitsa|mesets`; `?do=` and `?ot=` go on where a list ended."""
    municipality, now = request.membership.municipality, timezone.now()  # type: ignore[attr-defined]
    span = request.GET.get("za", "den")
    since = now - timedelta(hours=HOURS.get(span, 24))
    rates = operations.rates(since, now, municipality)
    failed, older = _part(operations.not_arrived(municipality, _moment(request, "do")))
    waiting, later = _part(operations.waiting(municipality, _moment(request, "ot")))
    queues = list(operations.queues(municipality))
    context = {
        "span": span if span in HOURS else "den",
        "rates": rates,
        "total": operations.together(rates),
        "causes": [(Channel(str(row["channel"])).label, in_words(str(row["cause"])), row["total"])
                   for row in operations.causes(municipality, since)],
        "queues": queues,
        "waits": sum(row.waiting for row in queues),
        "oldest": min((row.oldest_due_at for row in queues if row.oldest_due_at), default=None),
        "blind": any(operations.is_seen_late(row, now) for row in queues),
        "providers": operations.providers(now),
        "failed": [(_told(row), in_words(row.failure), row) for row in failed],
        "older": older and failed[-1].settled_at,
        "waiting": [(_told(row), row) for row in waiting],
        "later": later and waiting[-1].due_at,
        "again": MAY_GO_AGAIN,
        "carried": CARRIED,
        "now": now,
    }  # fmt: skip
    return render(request, "requests/messaging/operators.html", context)


@require_POST
@requires("message.operate")
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do`: resend, cancel."""
    membership, now = request.membership, timezone.now()  # type: ignore[attr-defined]
    try:
        message = operations.access_message_of(membership.municipality, pk)
    except Message.DoesNotExist:
        raise Http404 from None
    do: Any = outbox_acts.resend if request.POST.get("do") == "resend" else outbox_acts.cancel
    said = _("Тръгва отново.") if do is outbox_acts.resend else _("Няма да тръгне.")
    attempt(request, lambda: do(message=message, actor=who.actor(request), now=now), said)
    return redirect("requests:operators")


def _told(row: Message) -> str:
    """What kind of message it is, in words."""
    if row.kind == codes.SIGN_IN.code:
        return _("код за вход")
    template = TEMPLATES.get(row.kind)
    return str(template.title) if template else row.kind


def _part(rows: Sequence[Message]) -> tuple[Sequence[Message], bool]:
    return rows[: operations.LIST], len(rows) > operations.LIST


def _moment(request: HttpRequest, name: str) -> datetime | None:
    try:
        moment = parse_datetime(request.GET.get(name, ""))
    except ValueError:
        return None
    known = moment is not None and timezone.is_aware(moment) and is_of_our_time(moment.date())
    return moment if known else None
