"""For every program: how many messages were handed over within ten seconds. Sums only, of nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import operations

SPANS = (7, 28)


class HandedSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(help_text="The last 7 or 28 days")
    channel = serializers.CharField(help_text="`sms`, `email`, `push`; empty: all together")
    handed = serializers.IntegerField(help_text="Handed over to a provider")
    in_time = serializers.IntegerField(help_text="Of these, within 10 seconds of the moment they might go")


class SpeedView(APIView):
    policy = "public"
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses=HandedSerializer(many=True))
    def get(self, request: Request) -> Response:
        now = timezone.now()
        rows = []
        for days in SPANS:
            rates = operations.rates(now - timedelta(days=days), now)
            for rate in (*rates, operations.together(rates)):
                rows.append({"days": days, "channel": rate.channel, "handed": rate.handed, "in_time": rate.in_time})
        return Response(HandedSerializer(rows, many=True).data)
