"""Services over the API: to read."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from rest_framework import serializers, viewsets

from catalogue import selectors
from catalogue.models import Institution, Service, ServiceGroup


class InstitutionSerializer(serializers.ModelSerializer[Institution]):
    class Meta:
        model = Institution
        fields = ["code", "name_bg", "name_en", "portal_url", "phone"]


class ServiceGroupSerializer(serializers.ModelSerializer[ServiceGroup]):
    class Meta:
        model = ServiceGroup
        fields = ["code", "name_bg", "name_en"]


class ServiceSerializer(serializers.ModelSerializer[Service]):
    group = ServiceGroupSerializer()
    institution = InstitutionSerializer()
    id_means = serializers.ListField(child=serializers.CharField())
    modes = serializers.ListField(child=serializers.CharField())
    documents_bg = serializers.ListField(child=serializers.CharField())
    documents_en = serializers.ListField(child=serializers.CharField())
    in_season = serializers.SerializerMethodField()
    next_deadline = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = [
            "code",
            "name_bg",
            "name_en",
            "plain_bg",
            "plain_en",
            "group",
            "institution",
            "id_means",
            "modes",
            "documents_bg",
            "documents_en",
            "season_note_bg",
            "season_note_en",
            "in_season",
            "next_deadline",
            "typical_minutes",
            "offline_bg",
            "offline_en",
            "fee_bg",
            "fee_en",
            "portal_url",
            "in_person_step",
            "source",
            "checked_on",
            "verification",
        ]

    def get_in_season(self, service: Service) -> bool:
        """Whether one can apply today."""
        return selectors.in_season(service, timezone.localdate())

    def get_next_deadline(self, service: Service) -> date | None:
        """The last day of the season that runs or comes next; null where there is none."""
        return selectors.next_deadline(service, timezone.localdate())


class ServiceViewSet(viewsets.ReadOnlyModelViewSet[Service]):
    policy = "catalogue.read"
    serializer_class = ServiceSerializer
    queryset = selectors.services_for()
    filterset_fields = ["group", "institution", "verification"]
