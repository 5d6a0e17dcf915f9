"""Locks in one written order: volunteers, requests, offers, visits; within a kind by key.

Every service that changes offers or visits takes them here, so no two can wait for each other.
On SQLite the IMMEDIATE transaction already serialises writers and the clause says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import models

from requests.models import HelpRequest, Offer, Visit
from volunteers.models import Volunteer

M = TypeVar("M", bound=models.Model)


def for_update(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    return rows.select_for_update(of=("self",), no_key=True)


def volunteers(ids: Iterable[UUID]) -> dict[UUID, Volunteer]:
    rows = for_update(Volunteer.objects.filter(pk__in=set(ids)).order_by("pk"))
    return {row.pk: row for row in rows}


def help_requests(ids: Iterable[UUID]) -> dict[UUID, HelpRequest]:
    rows = HelpRequest.objects.filter(pk__in=set(ids)).select_related("municipality", "service", "resident__contact")
    return {row.pk: row for row in for_update(rows.order_by("pk"))}


def offers(ids: Iterable[UUID]) -> dict[UUID, Offer]:
    return {row.pk: row for row in for_update(Offer.objects.filter(pk__in=set(ids)).order_by("pk"))}


def live_visit(help_request: HelpRequest) -> Visit | None:
    """The request's visit that still stands, locked."""
    rows = Visit.objects.live().filter(help_request=help_request, attempt=help_request.attempt)
    return for_update(rows).first()
