"""Fields of the API that more than one room takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.clock import is_of_our_time


class DayField(serializers.DateField):
    """A day of our time, `2026-10-15`."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not is_of_our_time(day):
            raise serializers.ValidationError(_("Напишете ден между 2000-01-01 и 2100-12-31."), code="invalid")
        return day
