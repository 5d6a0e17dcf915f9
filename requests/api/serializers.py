"""What programs of the desk read and write. Personal data only through doors that name their policy."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from catalogue.models import Service
from core.api_fields import DayField
from core.validators import no_secrets
from places.models import HelpPoint, Settlement
from requests.models import FreeTime, HelpRequest, Offer, Resident, Visit, VisitSeat
from requests.states import AskedBy, DeclineReason, Mode, Need, Outcome, Source, Urgency, UrgencyReason


class FreeText(serializers.CharField):
    """Any text a person wrote: ЕГН, IBAN and card numbers are refused and not repeated in the answer."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        try:
            no_secrets(text)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return text


class FreeTimeSerializer(serializers.ModelSerializer[FreeTime]):
    """When the person is free, local clock times: a weekday (0 is Monday) or a date."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, required=False, allow_null=True, default=None)
    day = DayField(required=False, allow_null=True, default=None)

    class Meta:
        model = FreeTime
        fields: ClassVar = ["weekday", "day", "start", "end"]


class ResidentSerializer(serializers.ModelSerializer[Resident]):
    name = serializers.CharField(source="full_name", read_only=True)
    settlement = serializers.CharField(source="settlement_id", help_text="EKATTE")
    phone = serializers.CharField(source="contact.phone", help_text="E.164")
    needs = serializers.ListField(child=serializers.ChoiceField(choices=Need.choices))

    class Meta:
        model = Resident
        fields: ClassVar = ["id", "name", "settlement", "phone", "address_note", "needs"]
        read_only_fields = fields


class HelpRequestSerializer(serializers.ModelSerializer[HelpRequest]):
    """In lists: ids, codes, places and times, no name and no telephone."""

    municipality = serializers.CharField(source="municipality_id")
    resident = serializers.UUIDField(source="resident_id")
    settlement = serializers.CharField(source="resident.settlement_id", help_text="EKATTE")
    service = serializers.CharField(source="service_id", allow_null=True)
    help_point = serializers.IntegerField(source="help_point_id", allow_null=True)
    escort_to = serializers.CharField(source="escort_to_id", allow_null=True, help_text="EKATTE")
    follows = serializers.UUIDField(source="follows_id", allow_null=True)
    next_step = serializers.CharField()
    outcome = serializers.CharField()
    urgency_reason = serializers.CharField()

    class Meta:
        model = HelpRequest
        fields: ClassVar = [
            *("id", "number", "municipality", "resident", "settlement", "source", "asked_by", "service", "mode"),
            *("help_point", "escort_to", "minutes", "language", "team", "urgency", "urgency_reason", "deadline"),
            *("not_before", "follows", "state", "attempt", "outcome", "opened_at", "ended_at", "next_step"),
            *("next_step_at", "unserved_reason"),
        ]
        read_only_fields = fields


class HelpRequestDetailSerializer(HelpRequestSerializer):
    """One request whole, with the person."""

    person = ResidentSerializer(source="resident")
    free_times = FreeTimeSerializer(many=True)
    note = serializers.CharField()

    class Meta(HelpRequestSerializer.Meta):
        fields: ClassVar = [*HelpRequestSerializer.Meta.fields, "person", "free_times", "note"]
        read_only_fields = fields


class NewPersonSerializer(serializers.Serializer[Any]):
    """Never ЕГН, PIN, IBAN or diagnosis."""

    first_name = FreeText(max_length=60)
    middle_name = FreeText(max_length=60, required=False, default="", allow_blank=True)
    last_name = FreeText(max_length=60)
    settlement = serializers.PrimaryKeyRelatedField(queryset=Settlement.objects.all(), help_text="EKATTE")
    phone = serializers.CharField(max_length=40, help_text="E.164 or as written in Bulgaria, 0888 123 456")
    address_note = FreeText(max_length=300, required=False, default="", allow_blank=True)
    needs = serializers.ListField(child=serializers.ChoiceField(choices=Need.choices), required=False, default=list)


class NewHelpRequestSerializer(serializers.Serializer[Any]):
    """A request taken by the desk: for a known `resident` or a new `person`, one of the two."""

    resident = serializers.UUIDField(required=False, allow_null=True, default=None)
    person = NewPersonSerializer(required=False, allow_null=True, default=None)
    source = serializers.ChoiceField(choices=[Source.PHONE, Source.DESK], default=Source.DESK)  # type: ignore[assignment]
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.active(), allow_null=True)
    mode = serializers.ChoiceField(choices=Mode.choices, default=Mode.HOME_VISIT)
    help_point = serializers.PrimaryKeyRelatedField(
        queryset=HelpPoint.objects.active(), required=False, allow_null=True, default=None
    )
    escort_to = serializers.PrimaryKeyRelatedField(
        queryset=Settlement.objects.all(), required=False, allow_null=True, default=None, help_text="EKATTE"
    )
    minutes = serializers.IntegerField(min_value=5, max_value=480, required=False, allow_null=True, default=None)
    free_times = FreeTimeSerializer(many=True, required=False, default=list)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default=Urgency.IN_TIME)
    urgency_reason = serializers.ChoiceField(
        choices=UrgencyReason.choices, required=False, default="", allow_blank=True
    )
    deadline = DayField(required=False, allow_null=True, default=None)
    not_before = DayField(required=False, allow_null=True, default=None)
    follows = serializers.UUIDField(required=False, allow_null=True, default=None)
    note = FreeText(max_length=500, required=False, default="", allow_blank=True)
    safe_word = FreeText(max_length=40, required=False, default="", allow_blank=True)
    asked_by = serializers.ChoiceField(choices=AskedBy.choices, default=AskedBy.SELF)
    asker_name = FreeText(max_length=120, required=False, default="", allow_blank=True)
    asker_phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """An offer: the village and the service, never the person."""

    help_request = serializers.UUIDField(source="help_request_id")
    volunteer = serializers.UUIDField(source="volunteer_id")
    settlement = serializers.CharField(source="help_request.resident.settlement_id", help_text="EKATTE")
    service = serializers.CharField(source="help_request.service_id", allow_null=True)
    decline_reason = serializers.CharField()
    why = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Offer
        fields: ClassVar = [
            *("id", "help_request", "attempt", "seat", "volunteer", "state", "rung", "start", "end", "travel_minutes"),
            *("km", "why", "settlement", "service", "made_at", "expires_at", "answered_at", "decline_reason"),
        ]
        read_only_fields = fields


class DeclineSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=DeclineReason.choices, required=False, default="", allow_blank=True)


class SeatSerializer(serializers.ModelSerializer[VisitSeat]):
    volunteer = serializers.UUIDField(source="volunteer_id")

    class Meta:
        model = VisitSeat
        fields: ClassVar = ["seat", "volunteer"]


class VisitSerializer(serializers.ModelSerializer[Visit]):
    help_request = serializers.UUIDField(source="help_request_id")
    settlement = serializers.CharField(source="help_request.resident.settlement_id", help_text="EKATTE")
    service = serializers.CharField(source="help_request.service_id", allow_null=True)
    seats = SeatSerializer(source="live_seats", many=True)
    outcome = serializers.CharField()

    class Meta:
        model = Visit
        fields: ClassVar = [
            *("id", "help_request", "attempt", "settlement", "service", "start", "end", "state", "checked_in_at"),
            *("checked_out_at", "outcome", "minutes", "sequence", "seats"),
        ]
        read_only_fields = fields


class CheckOutSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    minutes = serializers.IntegerField(min_value=1, max_value=600, required=False, allow_null=True, default=None)
    before = serializers.ListField(child=serializers.CharField(), required=False, default=list, max_length=40)
    after = serializers.ListField(child=serializers.CharField(), required=False, default=list, max_length=40)
    note = FreeText(max_length=500, required=False, default="", allow_blank=True)
