"""„Известия на този телефон“: the page, the service worker behind it, and what a browser tells us by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Invalid
from notifications.channels import is_open
from notifications.channels.push import confirm_token
from notifications.models import Contact, PushSubscription
from notifications.push import vapid
from notifications.services import devices, reports
from notifications.services.reports import Reported
from notifications.states import Channel

WORKER = "notifications/sw.js"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def push(request: HttpRequest, *, contacts: Sequence[Contact], **context: Any) -> HttpResponse:
    """GET says how it stands; POST switches this browser on, or any of the reader's off (`off`: its key)."""
    if request.method == "POST":
        _change(request, contacts)
        return redirect(request.path)
    key = vapid.own_key()
    rows = PushSubscription.objects.filter(contact__in=[one.pk for one in contacts]).order_by("created_at")
    context |= {
        "key": vapid.public_of(key) if key and is_open(Channel.PUSH) else "",
        "rows": list({digest: (row, digest) for row in rows for digest in [_digest(row)]}.values()),
        "all_to_file": settings.MESSAGE_CHANNELS_ALL_TO_FILE,
    }
    return render(request, "notifications/push.html", context)


def _digest(row: PushSubscription) -> str:
    """By which the page finds its own browser among them without naming any address."""
    return hashlib.sha256(str(row.endpoint).encode()).hexdigest()


def _change(request: HttpRequest, contacts: Sequence[Contact]) -> None:
    if "off" in request.POST:
        try:
            found = devices.switch_off(contacts=contacts, subscription_id=UUID(request.POST["off"]))
        except ValueError:
            raise Http404 from None
        if found:
            messages.success(request, _("Известията там са изключени."))
        return
    said = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        devices.switch_on(contacts=contacts, **said)
        messages.success(request, _("Известията са включени."))
    except Invalid as error:
        messages.error(request, str(error.message))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, so that it may stand for the whole site; asked for anew each time, so that it is never old."""
    path = finders.find(WORKER)
    if path is None:
        raise Http404
    with open(path, "rb") as file:  # noqa: PTH123 - the finder answers a path as text
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/"
    return answer


@csrf_exempt
@require_POST
def shown(request: HttpRequest, message: UUID) -> HttpResponse:
    """The browser showed it: that is the receipt. Only who was given the message has the token."""
    if not compare_digest(request.POST.get("token", "").encode(), confirm_token(message).encode()):
        return HttpResponse("not found", status=404, content_type="text/plain")
    reports.note(message_id=message, reported=Reported.DELIVERED, now=timezone.now())
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def changed(request: HttpRequest) -> HttpResponse:
    """The push service gave a browser another address; whoever knows the old one is that browser."""
    said = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        known = devices.replace(old_endpoint=request.POST.get("old", ""), **said)
    except Invalid:
        known = 0
    return HttpResponse(status=204 if known else 404, content_type="text/plain")
