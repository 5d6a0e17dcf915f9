"""Where gateways bring reports and replies: outside the language prefix, each proving itself in its own way."""

from __future__ import annotations

import json
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.policy import public
from core.crypto import lookup_hash
from notifications.channels.kannel import report_token
from notifications.services import inbound, reports
from notifications.services.reports import Reported

READ_REPLIES = "requests.tasks.read_replies"
# Kannel's %d: what became of the message.
KANNEL = {"1": Reported.DELIVERED, "2": Reported.FAILED, "4": Reported.ACCEPTED, "8": Reported.ACCEPTED}
KANNEL["16"] = Reported.FAILED
# What gateways commonly say; a described gateway may name others.
SAID = {
    "delivered": Reported.DELIVERED, "delivrd": Reported.DELIVERED, "accepted": Reported.ACCEPTED,
    "sent": Reported.ACCEPTED, "buffered": Reported.ACCEPTED, "failed": Reported.FAILED,
    "undelivered": Reported.FAILED, "undeliv": Reported.FAILED, "rejected": Reported.FAILED,
    "expired": Reported.FAILED,
}  # fmt: skip


def refused() -> HttpResponse:
    return HttpResponse("not found", status=404, content_type="text/plain")


def taken() -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def _is_ours(request: HttpRequest, message: UUID) -> bool:
    return compare_digest(request.GET.get("t", "").encode(), report_token(message).encode())


@public
@require_safe
def kannel_report(request: HttpRequest, message: UUID) -> HttpResponse:
    """`?s=%d&t=…`. What we do not know is taken all the same: asked again it would be no better known."""
    if not _is_ours(request, message):
        return refused()
    if (said := KANNEL.get(request.GET.get("s", ""))) is not None:
        reports.note(message_id=message, reported=said, now=timezone.now(), reason=f"Kannel {request.GET['s']}")
    return taken()


@public
@csrf_exempt
@require_POST
def gateway_report(request: HttpRequest, message: UUID) -> HttpResponse:
    """A JSON object with a `status`."""
    if not _is_ours(request, message):
        return refused()
    words = object_of(request)
    status = str(words.get(settings.SMS_GATEWAY.get("status", "status"), "")).lower()
    names = {**SAID, **{name.lower(): Reported(what) for name, what in settings.SMS_GATEWAY.get("said", {}).items()}}
    if status in names:
        reports.note(message_id=message, reported=names[status], now=timezone.now(), reason=f"Gateway {status}"[:60])
    return taken()


@public
@csrf_exempt
@require_POST
def kannel_reply(request: HttpRequest, secret: str) -> HttpResponse:
    """Kannel's `post-url` with `send-sender = true`: the text is the body, in the letters its type names."""
    if not knows(secret):
        return refused()
    text = _decoded(request.body, request.content_params.get("charset", ""))  # type: ignore[union-attr]
    sender = request.headers.get("X-Kannel-From", "")
    return _receive(sender, text, request.GET.get("id", ""), request.headers.get("X-Kannel-Time", ""))


@public
@csrf_exempt
@require_POST
def gateway_reply(request: HttpRequest, secret: str) -> HttpResponse:
    """A JSON object with `from`, `text` and `id`."""
    if not knows(secret):
        return refused()
    words = object_of(request)
    return _receive(*(str(words.get(name, "")) for name in ("from", "text", "id", "time")))


def knows(secret: str) -> bool:
    return bool(settings.GATEWAY_SECRET) and compare_digest(secret.encode(), settings.GATEWAY_SECRET.encode())


def _receive(sender: str, text: str, reference: str, time: str) -> HttpResponse:
    """Kept before anybody looks at it. Without a name of the gateway's, sender, text and time make one."""
    now: datetime = timezone.now()
    name = reference or lookup_hash(f"{sender}|{time or now:}|{text}", purpose="inbound")
    inbound.receive(sender=sender, text=text, reference=name, now=now, nudge=READ_REPLIES)
    return taken()


def _decoded(body: bytes, charset: str) -> str:
    """Text in what it says it is written in; what does not fit is shown as such, never dropped."""
    try:
        return body.decode(charset.strip('"') or "utf-8", errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def object_of(request: HttpRequest) -> dict[str, object]:
    try:
        words = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return words if isinstance(words, dict) else {}
