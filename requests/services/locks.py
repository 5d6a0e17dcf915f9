"""Locks in one written order: volunteers, requests, offers, visits; within a kind by key.

Every service that changes offers or visits takes them here, so no two can wait for each other.
On SQLite the IMMEDIATE transaction already serialises writers and the clause says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import Gone
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from volunteers.models import Volunteer

M = TypeVar("M", bound=models.Model)


def for_update(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    return rows.select_for_update(of=("self",), no_key=True)


def volunteers(ids: Iterable[UUID]) -> dict[UUID, Volunteer]:
    """With them the rows under which the same people help in other municipalities: they have one day."""
    wanted = set(ids)
    users = Volunteer.objects.filter(pk__in=wanted, user__isnull=False).values("user")
    rows = Volunteer.objects.filter(Q(pk__in=wanted) | Q(user__in=users)).select_related("contact")
    return {row.pk: row for row in for_update(rows.order_by("pk")) if row.pk in wanted}


def help_requests(ids: Iterable[UUID]) -> dict[UUID, HelpRequest]:
    rows = HelpRequest.objects.filter(pk__in=set(ids)).select_related("municipality", "service", "resident__contact")
    return {row.pk: row for row in for_update(rows.order_by("pk"))}


def offers(ids: Iterable[UUID]) -> dict[UUID, Offer]:
    return {row.pk: row for row in for_update(Offer.objects.filter(pk__in=set(ids)).order_by("pk"))}


def live_visit(help_request: HelpRequest) -> Visit | None:
    """The request's visit that still stands, locked."""
    rows = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    return for_update(rows).first()


def visit(visit_id: UUID) -> Visit:
    """A visit, locked after its people and its request, which it carries. Raises Gone (`gone`)."""
    seen = Visit.objects.filter(pk=visit_id).values_list("help_request_id", flat=True).first()
    if seen is None:
        raise Gone(_("Това посещение вече го няма."), code="gone")
    volunteers(VisitSeat.objects.filter(visit=visit_id, live=True).values_list("volunteer_id", flat=True))
    help_request = help_requests([seen])[seen]
    locked = for_update(Visit.objects.filter(pk=visit_id)).get()
    locked.help_request = help_request
    return locked
