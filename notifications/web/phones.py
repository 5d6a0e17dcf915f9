"""Everybody's telephone, as the demonstration shows it; the room above guards it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from notifications import selectors
from notifications.models import Contact

PHONES_PAGE = 12
ONE_PHONE = 50


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
