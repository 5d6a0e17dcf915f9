"""Volunteers for programs of the desk, and a volunteer's own hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import UUID_PATTERN, ProblemSerializer
from core.api_fields import DayField
from core.clock import local_date
from core.errors import Invalid
from core.etags import EDITED, IF_MATCH, etag, need_match
from volunteers.models import Certification, Volunteer, WeeklyHours
from volunteers.selectors import access_volunteer, own_volunteer, volunteers_for
from volunteers.services import availability
from volunteers.states import VolunteerStatus


class CertificationSerializer(serializers.ModelSerializer[Certification]):
    service_group = serializers.CharField(source="service_group_id")

    class Meta:
        model = Certification
        fields: ClassVar = ["service_group", "valid_from", "valid_until"]


class VolunteerSerializer(serializers.ModelSerializer[Volunteer]):
    """Certifications are those valid today."""

    name = serializers.CharField(read_only=True)
    home = serializers.CharField(source="home_id", help_text="EKATTE")
    languages = serializers.ListField(child=serializers.CharField())
    certifications = CertificationSerializer(source="valid_certifications", many=True, read_only=True)

    class Meta:
        model = Volunteer
        fields: ClassVar = [
            *("id", "badge", "name", "status", "status_since", "home", "transport", "languages"),
            *("weekly_limit", "weekly_wish", "longest_leg", "certifications"),
        ]
        read_only_fields = fields


class HoursSerializer(serializers.ModelSerializer[WeeklyHours]):
    """Free hours of one weekday, local clock time; 0 is Monday."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)

    class Meta:
        model = WeeklyHours
        fields: ClassVar = ["weekday", "start", "end"]


class DifferentDaySerializer(serializers.Serializer[Any]):
    """A date that differs: free at these hours instead of the usual, or away (no times)."""

    day = DayField()
    start = serializers.TimeField(allow_null=True)
    end = serializers.TimeField(allow_null=True)


class AvailabilitySerializer(serializers.Serializer[Any]):
    weekly_hours = HoursSerializer(many=True, max_length=42)  # type: ignore[call-arg]
    exceptions = DifferentDaySerializer(many=True, read_only=True)


FILTERS = [
    OpenApiParameter("status", OpenApiTypes.STR, enum=VolunteerStatus.values),
    OpenApiParameter("service_group", OpenApiTypes.STR, description="Certified today for this group"),
    OpenApiParameter("settlement", OpenApiTypes.STR, description="EKATTE of the home"),
]


class VolunteerViewSet(viewsets.ReadOnlyModelViewSet[Volunteer]):
    queryset = Volunteer.objects.none()
    serializer_class = VolunteerSerializer
    policy = "volunteer.read"
    policies: ClassVar = {"availability": "volunteer.self"}
    filter_backends = ()
    lookup_value_converter = "uuid"
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> QuerySet[Volunteer]:
        asked = {name: self.request.query_params.get(name, "") for name in ("status", "service_group", "settlement")}
        if asked["status"] and asked["status"] not in VolunteerStatus.values:
            raise Invalid(code="invalid", field="status")
        member = self.request._request.membership  # type: ignore[attr-defined]
        return volunteers_for(member, local_date(timezone.now()), **asked)

    def retrieve(self, request: Request, *args: Any, pk: UUID, **kwargs: Any) -> Response:
        """One volunteer, also one who has left."""
        volunteer: Any = access_volunteer(request._request.membership, pk)  # type: ignore[attr-defined]
        today = local_date(timezone.now())
        volunteer.valid_certifications = list(volunteer.certifications.valid_on(today))
        return Response(self.get_serializer(volunteer).data)

    @extend_schema(parameters=FILTERS, responses={200: VolunteerSerializer(many=True), 422: ProblemSerializer})
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everybody who has not left, or those with the status asked for, by badge."""
        return super().list(request, *args, **kwargs)

    @extend_schema(methods=["GET"], responses=AvailabilitySerializer)
    @extend_schema(
        methods=["PUT"],
        request=AvailabilitySerializer,
        parameters=[IF_MATCH],
        responses={200: AvailabilitySerializer, 422: ProblemSerializer, **EDITED},
    )
    @action(detail=False, methods=["get", "put"], url_path="me/availability", pagination_class=None)
    def availability(self, request: Request) -> Response:
        """The signed-in volunteer's usual week and coming exceptions. PUT replaces the week."""
        volunteer = own_volunteer(request._request.membership)  # type: ignore[attr-defined]
        now = timezone.now()
        if request.method == "PUT":
            self._set_week(request, volunteer, now)
        shown = self._week(volunteer, now)
        return Response(shown, headers={"ETag": etag(shown)})

    @transaction.atomic
    def _set_week(self, request: Request, volunteer: Volunteer, now: datetime) -> None:
        Volunteer.objects.select_for_update().filter(pk=volunteer.pk).first()
        need_match(request, etag(self._week(volunteer, now)))
        asked = AvailabilitySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        spans = [(row["weekday"], row["start"], row["end"]) for row in asked.validated_data["weekly_hours"]]
        availability.set_weekly_hours(volunteer=volunteer, spans=spans, now=now)

    def _week(self, volunteer: Volunteer, now: datetime) -> Any:
        body = {
            "weekly_hours": volunteer.weekly_hours.all(),
            "exceptions": volunteer.exceptions.filter(day__gte=local_date(now)),
        }
        return AvailabilitySerializer(body).data
