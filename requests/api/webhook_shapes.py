"""Subscriptions and their log as programs read and write them."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.states import DeliveryState, PauseReason
from notifications.webhooks.addresses import LONGEST
from requests.api.serializers import FreeText
from requests.webhook_events import EVENTS


class WebhookSerializer(serializers.ModelSerializer[WebhookSubscription]):
    """Never its secret."""

    events = serializers.ListField(child=serializers.ChoiceField(choices=list(EVENTS)))
    active = serializers.BooleanField()
    pause_reason = serializers.ChoiceField(choices=PauseReason.choices, allow_blank=True)

    class Meta:
        model = WebhookSubscription
        fields: ClassVar = [
            *("id", "label", "url", "events", "include_personal", "active", "pause_reason", "paused_at"),
            *("failing_since", "last_taken_at", "old_secret_until", "created_at", "ends_at"),
        ]
        read_only_fields = fields


class WebhookMadeSerializer(WebhookSerializer):
    """With the secret, which is shown only now."""

    secret = serializers.CharField(help_text="whsec_ and base64 of the key")

    class Meta(WebhookSerializer.Meta):
        fields: ClassVar = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class NewWebhookSerializer(serializers.Serializer[Any]):
    label = FreeText(max_length=80)  # type: ignore[assignment]
    url = serializers.CharField(max_length=LONGEST, help_text="https, a public address")
    events = serializers.ListField(child=serializers.ChoiceField(choices=list(EVENTS)), allow_empty=False)
    include_personal = serializers.BooleanField(
        default=False, help_text="Names the person; needs the scope help_request.read"
    )


class ChangedWebhookSerializer(NewWebhookSerializer):
    """What is left out stays. `active: false` pauses, `true` goes on with what waited."""

    active = serializers.BooleanField(required=False)


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Shown only now")
    old_secret_until = serializers.DateTimeField(help_text="Until then everything is signed by both")


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One event on its way; `id` is its webhook-id."""

    state = serializers.ChoiceField(choices=DeliveryState.choices)
    failure = serializers.CharField()

    class Meta:
        model = WebhookDelivery
        fields: ClassVar = [
            *("id", "event", "happened_at", "state", "attempts", "due_at", "settled_at", "last_status"),
            *("last_milliseconds", "failure", "with_personal"),
        ]
        read_only_fields = fields


class LogSerializer(serializers.Serializer[Any]):
    """Newest first; `older` is the `after` of the next page, empty at the end."""

    results = DeliverySerializer(many=True)
    older = serializers.CharField(allow_blank=True)
