"""What the reader was told; the room above knows the reader and guards the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notifications import selectors
from notifications.models import Contact, Message
from notifications.services.inbox import mark_read

INBOX_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest, *, contacts: Iterable[Contact], **context: Any) -> HttpResponse:
    """What the reader was told, newest first. POST marks as read: `message` and on to its page, or all."""
    mine, now = list(contacts), timezone.now()
    if request.method == "POST":
        return _read(request, mine, now)
    page = Paginator(selectors.inbox(mine, now=now), INBOX_PAGE).get_page(request.GET.get("page"))
    unread = selectors.unread_count(mine, now=now)
    return render(request, "notifications/inbox.html", {**context, "page_obj": page, "unread": unread})


def _read(request: HttpRequest, contacts: list[Contact], now: datetime) -> HttpResponse:
    chosen = request.POST.get("message")
    if not chosen:
        mark_read(contacts=contacts, now=now)
        return redirect(request.path)
    try:
        message = selectors.access_message(contacts, UUID(chosen), now=now)
    except (ValueError, Message.DoesNotExist):
        raise Http404 from None
    mark_read(contacts=contacts, now=now, message_id=message.pk)
    return redirect(message.link or request.path)
