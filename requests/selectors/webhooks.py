"""Subscriptions of a municipality and the log of one: the doors for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Membership
from notifications.models import WebhookDelivery, WebhookSubscription

LOG_PAGE = 25


def subscriptions(membership: Membership) -> QuerySet[WebhookSubscription]:
    return WebhookSubscription.objects.filter(municipality=membership.municipality_id).order_by("created_at", "pk")


def access_subscription(membership: Membership, pk: UUID) -> WebhookSubscription:
    return get_object_or_404(subscriptions(membership).select_related("created_by"), pk=pk)


def access_delivery(membership: Membership, pk: UUID, delivery: UUID) -> WebhookDelivery:
    rows = WebhookDelivery.objects.filter(subscription__in=subscriptions(membership).filter(pk=pk))
    return get_object_or_404(rows.select_related("subscription"), pk=delivery)


@dataclass(frozen=True)
class Log:
    """One page of deliveries, newest first. `older` names where the next page begins; nothing is counted."""

    rows: list[WebhookDelivery]
    older: str = ""


def log(subscription: WebhookSubscription, after: str = "") -> Log:
    """The newest deliveries, or those older than the one that `after` names."""
    rows = WebhookDelivery.objects.filter(subscription=subscription).order_by("-created_at", "-id")
    if mark := _mark(subscription, after):
        at, pk = mark
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=pk))
    found = list(rows[: LOG_PAGE + 1])
    older = str(found[LOG_PAGE - 1].pk) if len(found) > LOG_PAGE else ""
    return Log(found[:LOG_PAGE], older)


def _mark(subscription: WebhookSubscription, after: str) -> tuple[datetime, UUID] | None:
    try:
        key = UUID(after)
    except ValueError:
        return None
    rows = WebhookDelivery.objects.filter(subscription=subscription, pk=key)
    return rows.values_list("created_at", "pk").first()
