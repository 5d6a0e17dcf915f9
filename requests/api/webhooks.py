"""Subscriptions to events for programs of an administrator: the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.scopes import scopes_of
from core.api import UUID_PATTERN, ProblemSerializer, once
from core.etags import EDITED, IF_MATCH, IF_MATCH_MAY, etag, need_match
from notifications.models import WebhookSubscription
from notifications.services import webhooks as service
from notifications.states import PauseReason
from requests.api import webhook_shapes as shapes
from requests.api.asking import KEY, REFUSED, made_or_repeated, member
from requests.selectors import webhooks as selectors
from requests.services import subscriptions

EDITABLE = ("label", "url", "events", "include_personal", "active")


def version(subscription: WebhookSubscription) -> str:
    return etag([str(subscription.pk), *(getattr(subscription, name) for name in EDITABLE)])


def _given(request: Request) -> dict[str, Any]:
    """What the caller may give away, and the token it ends with."""
    if isinstance(request.auth, ApiToken):
        return {"scopes": request.auth.scopes, "token": request.auth}
    return {"scopes": scopes_of(member(request).role), "token": None}


class WebhookViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[WebhookSubscription]):
    """Other systems that are told of events of the caller's municipality."""

    queryset = WebhookSubscription.objects.none()
    serializer_class = shapes.WebhookSerializer
    lookup_value_converter = "uuid"
    lookup_value_regex = UUID_PATTERN
    filter_backends = ()
    policy = "webhooks.manage"
    policies: ClassVar = {"list": "webhooks.read", "retrieve": "webhooks.read", "deliveries": "webhooks.read"}

    def get_queryset(self) -> QuerySet[WebhookSubscription]:
        return selectors.subscriptions(member(self.request))

    @extend_schema(responses={200: shapes.WebhookSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One subscription. Its ETag changes with what can be edited, not with what was sent."""
        found = self._one(request, pk)
        return Response(shapes.WebhookSerializer(found).data, headers={"ETag": version(found)})

    @extend_schema(
        request=shapes.NewWebhookSerializer, parameters=[KEY],
        responses={201: made_or_repeated(shapes.WebhookMadeSerializer), **REFUSED},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Subscribe. The secret is in this answer and nowhere else, also not in that to a repeat.

        A token gives away no more than its own scopes, and only as long as it is good (`ends_at`).
        """
        said = shapes.NewWebhookSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        return once(request, lambda: self._subscribe(request, said.validated_data))

    def _subscribe(self, request: Request, said: dict[str, Any]) -> Response:
        made, secret = subscriptions.subscribe(member=member(request), **_given(request), **said)
        told = {**shapes.WebhookSerializer(made).data, "secret": secret}
        answer = Response(told, status=201, headers={"ETag": version(made)})
        answer["Location"] = reverse("webhook-detail", args=[made.pk])
        return answer

    @extend_schema(
        request=shapes.ChangedWebhookSerializer, parameters=[IF_MATCH],
        responses={200: shapes.WebhookSerializer, **REFUSED, **EDITED},
    )  # fmt: skip
    @transaction.atomic
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; pause with `active: false`."""
        found = WebhookSubscription.objects.select_for_update().get(pk=self._one(request, pk).pk)
        need_match(request, version(found))
        said = shapes.ChangedWebhookSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        new: dict[str, Any] = dict(said.validated_data)
        active = new.pop("active", None)
        if new:
            stands = {name: getattr(found, name) for name in ("label", "url", "events", "include_personal")}
            subscriptions.change(found, **{**stands, **new})
        if active is True:
            subscriptions.resume(found, **_given(request), now=timezone.now())
        elif active is False:
            service.pause(found, reason=PauseReason.BY_HAND, now=timezone.now())
        return self.retrieve(request, pk)

    @extend_schema(parameters=[IF_MATCH_MAY], responses={204: None, 404: ProblemSerializer, 412: ProblemSerializer})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """The subscription and its log are gone."""
        found = self._one(request, pk)
        need_match(request, version(found), required=False)
        service.remove(found, now=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses={202: shapes.DeliverySerializer, 404: ProblemSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: UUID) -> Response:
        """Send a `test` event, tried once."""
        made = service.send_test(self._one(request, pk), now=timezone.now())
        return Response(shapes.DeliverySerializer(made).data, status=202)

    @extend_schema(request=None, responses={200: shapes.SecretSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="exchange-secret")
    def exchange_secret(self, request: Request, pk: UUID) -> Response:
        """A new secret; the old one signs beside it for a day."""
        found = self._one(request, pk)
        secret = service.exchange_secret(found, now=timezone.now())
        found.refresh_from_db()
        return Response({"secret": secret, "old_secret_until": found.old_secret_until})

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.UUID, description="`older` of the page before")],
        responses={200: shapes.LogSerializer, 404: ProblemSerializer},
    )
    @action(detail=True, methods=["get"])
    def deliveries(self, request: Request, pk: UUID) -> Response:
        """What was sent or waits, newest first."""
        page = selectors.log(self._one(request, pk), request.query_params.get("after", ""))
        return Response({"results": shapes.DeliverySerializer(page.rows, many=True).data, "older": page.older})

    @extend_schema(
        request=None, responses={202: shapes.DeliverySerializer, 404: ProblemSerializer},
        parameters=[OpenApiParameter("delivery", OpenApiTypes.UUID, OpenApiParameter.PATH)],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=r"deliveries/(?P<delivery>[0-9a-f-]{36})/resend")
    def resend(self, request: Request, pk: UUID, delivery: UUID) -> Response:
        """Once more, under the same id."""
        found = selectors.access_delivery(member(request), pk, delivery)
        service.resend(found, now=timezone.now())
        found.refresh_from_db()
        return Response(shapes.DeliverySerializer(found).data, status=202)

    def _one(self, request: Request, pk: UUID) -> WebhookSubscription:
        return selectors.access_subscription(member(request), pk)
