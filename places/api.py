"""Places over the API: to read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from places.models import Coverage, HelpPoint, OpeningHours, Settlement
from places.selectors import with_hours


class CoverageSerializer(serializers.ModelSerializer[Coverage]):
    class Meta:
        model = Coverage
        fields = ["signal", "landline", "internet_point", "note", "checked_on"]


class SettlementSerializer(serializers.ModelSerializer[Settlement]):
    coverage = serializers.SerializerMethodField()

    class Meta:
        model = Settlement
        fields = [
            "ekatte",
            "kind",
            "name_bg",
            "name_en",
            "municipality",
            "has_own_kmetstvo",
            "latitude",
            "longitude",
            "geo_quality",
            "population",
            "population_year",
            "postal_code",
            "coverage",
        ]

    def get_coverage(self, settlement: Settlement) -> dict[str, Any] | None:
        """What a visitor finds there; null where nobody has looked yet, and for other municipalities' notes."""
        member = self.context["request"]._request.membership
        note = getattr(settlement, "coverage", None) if settlement.municipality_id == member.municipality_id else None
        return dict(CoverageSerializer(note).data) if note else None


class OpeningHoursSerializer(serializers.ModelSerializer[OpeningHours]):
    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens", "closes"]


class HelpPointSerializer(serializers.ModelSerializer[HelpPoint]):
    opening_hours = OpeningHoursSerializer(many=True, read_only=True)

    class Meta:
        model = HelpPoint
        fields = [
            "id",
            "kind",
            "name_bg",
            "name_en",
            "municipality",
            "settlement",
            "address",
            "opening_hours",
        ]


class SettlementViewSet(viewsets.ReadOnlyModelViewSet[Settlement]):
    policy = "places.read"
    serializer_class = SettlementSerializer
    queryset = Settlement.objects.select_related("coverage")
    filterset_fields = ["municipality", "kind", "has_own_kmetstvo"]


class HelpPointViewSet(viewsets.ReadOnlyModelViewSet[HelpPoint]):
    """Those of the reader's municipality."""

    policy = "help_point.read"
    serializer_class = HelpPointSerializer
    queryset = HelpPoint.objects.none()
    filterset_fields = ["municipality", "settlement", "kind"]

    def get_queryset(self) -> QuerySet[HelpPoint]:
        member = self.request._request.membership  # type: ignore[attr-defined]
        return with_hours(HelpPoint.objects.active().filter(municipality=member.municipality_id))
