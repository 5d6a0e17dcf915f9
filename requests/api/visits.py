"""Visits for programs: a volunteer's own to begin and end, the desk's to read."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
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
from requests.models import Visit, VisitSeat
from requests.selectors import access
from requests.selectors.my_pages import way_to
from requests.services import visit_changes, visits
from requests.states import VisitState


class VisitViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Visit]):
    """Visits: a volunteer's own; for the desk those of its municipality."""

    queryset = Visit.objects.none()
    serializer_class = shapes.VisitSerializer
    lookup_value_converter = "uuid"
    lookup_value_regex = UUID_PATTERN
    filter_backends = ()
    policies: ClassVar = {
        "list": "api.visits", "retrieve": "api.visits", "check_in": "visit.own", "check_out": "visit.own",
        "give_back": "visit.own", "set_out": "visit.own",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Visit]:
        reader = member(self.request)
        live = Prefetch("seats", queryset=VisitSeat.objects.filter(live=True), to_attr="live_seats")
        rows = Visit.objects.select_related("help_request__resident").prefetch_related(live).order_by("-start", "pk")
        if reader.role == Role.VOLUNTEER:
            rows = rows.filter(seats__volunteer=as_me(self.request), seats__live=True)
        else:
            rows = rows.filter(help_request__in=access.visible_requests(reader).values("pk"))
        state = asked(self.request, "state", VisitState.values)
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=VisitState.values)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The latest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: shapes.VisitSerializer, 404: ProblemSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self._shown(request, pk)

    @extend_schema(request=None, responses={200: shapes.VisitSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="set-out")
    def set_out(self, request: Request, pk: UUID) -> Response:
        """On the way: the person is told who comes and how soon. Twice changes nothing."""
        me = as_me(request)
        found = access.access_own_visit(me, pk)
        visits.set_out(visit_id=found.pk, minutes=way_to(me, found), actor=actor(request), now=timezone.now())
        return self._shown(request, pk)

    @extend_schema(request=None, responses={200: shapes.VisitSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: UUID) -> Response:
        """At the door, the safe word said, let in. Twice changes nothing."""
        found = access.access_own_visit(as_me(request), pk)
        visits.check_in(visit_id=found.pk, actor=actor(request), now=timezone.now())
        return self._shown(request, pk)

    @extend_schema(request=shapes.CheckOutSerializer, responses={200: shapes.VisitSerializer, **REFUSED})
    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: Request, pk: UUID) -> Response:
        """How it ended. Twice changes nothing."""
        found = access.access_own_visit(as_me(request), pk)
        said = shapes.CheckOutSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        visits.check_out(visit_id=found.pk, **said.validated_data, actor=actor(request), now=timezone.now())
        return self._shown(request, pk)

    @extend_schema(request=None, responses={204: None, **REFUSED})
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: UUID) -> Response:
        """The volunteer cannot come: the search begins again."""
        me = as_me(request)
        found = access.access_own_visit(me, pk)
        visit_changes.give_back(visit_id=found.pk, volunteer=me, actor=actor(request), now=timezone.now())
        return Response(status=204)

    def _shown(self, request: Request, pk: UUID) -> Response:
        reader = member(request)
        if reader.role == Role.VOLUNTEER:
            row: Any = access.access_own_visit(as_me(request), pk)
        else:
            row = access.access_visit_for_staff(reader, pk)
        row.live_seats = list(row.seats.filter(live=True))
        return Response(shapes.VisitSerializer(row).data)
