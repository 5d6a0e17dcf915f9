"""Offers for programs: a volunteer's own to answer, the desk's to read."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from core.api import UUID_PATTERN, ProblemSerializer
from requests.api import serializers as shapes
from requests.api.asking import REFUSED, actor, as_me, asked, member
from requests.models import Offer
from requests.selectors import access
from requests.services import answers
from requests.states import OfferState


class OfferViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Offer]):
    """Offers: a volunteer's own; for the desk those of its municipality."""

    queryset = Offer.objects.none()
    serializer_class = shapes.OfferSerializer
    lookup_value_converter = "uuid"
    lookup_value_regex = UUID_PATTERN
    filter_backends = ()
    policies: ClassVar = {
        "list": "api.offers", "retrieve": "api.offers", "accept": "offer.answer", "decline": "offer.answer",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Offer]:
        reader = member(self.request)
        rows = Offer.objects.select_related("help_request__resident", "help_request__service").order_by(
            "-made_at", "pk"
        )
        if reader.role == Role.VOLUNTEER:
            rows = rows.filter(volunteer=as_me(self.request))
        else:
            rows = rows.filter(help_request__in=access.visible_requests(reader).values("pk"))
        state = asked(self.request, "state", OfferState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=OfferState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.OfferSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    @extend_schema(request=None, responses={200: shapes.OfferSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: UUID) -> Response:
        """Take the seat; exactly one wins. Twice gives the same answer."""
        found = access.access_own_offer(as_me(request), pk)
        answers.accept(offer_id=found.pk, actor=actor(request), now=timezone.now())
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    @extend_schema(request=shapes.DeclineSerializer, responses={200: shapes.OfferSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: UUID) -> Response:
        """Say no; the next in line is asked."""
        found = access.access_own_offer(as_me(request), pk)
        said = shapes.DeclineSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        reason = said.validated_data["reason"]
        answers.decline(offer_id=found.pk, actor=actor(request), now=timezone.now(), reason=reason)
        return Response(shapes.OfferSerializer(self._one(request, pk)).data)

    def _one(self, request: Request, pk: UUID) -> Offer:
        reader = member(request)
        if reader.role == Role.VOLUNTEER:
            return access.access_own_offer(as_me(request), pk)
        return access.access_offer_for_staff(reader, pk)
