"""Pages without a door of their own: the rooms above know the reader, guard these and wrap them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from notifications import selectors
from notifications.models import Contact, Message
from notifications.services.inbox import mark_read

INBOX_PAGE = 20
PHONES_PAGE = 12
ONE_PHONE = 50


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


@dataclass(frozen=True)
class Owner:
    """Whose telephone it is, as the room above knows them."""

    name: str
    role: str | Promise
    where: str


@require_safe
def phones(request: HttpRequest, *, owners: Mapping[UUID, Owner]) -> HttpResponse:
    """Every telephone of the demonstration, whoever was told last first; `?person=` shows one (a contact's key)."""
    try:
        chosen = UUID(request.GET.get("person", ""))
    except ValueError:
        chosen = None
    if chosen is not None and chosen not in owners:
        raise Http404
    found = Contact.objects.filter(pk=chosen).order_by("pk") if chosen else selectors.reached()
    page = Paginator(found, PHONES_PAGE).get_page(request.GET.get("page"))
    shown = selectors.phones(list(page), each=ONE_PHONE if chosen else 3)
    people = sorted(owners.items(), key=lambda item: item[1].name)
    return render(
        request,
        "notifications/phones.html",
        {
            "page_obj": page,
            "phones": [(phone, owners.get(phone.contact.pk)) for phone in shown],
            "people": people,
            "chosen": chosen,
        },
    )
