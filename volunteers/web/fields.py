"""Fields that more than one form of this room needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from places.models import Settlement
from places.states import Weekday


class SettlementField(forms.ModelChoiceField):
    """A town or village, „с. Извор“; with its municipality where the list holds several."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Settlement.objects.none())
        kwargs.setdefault("empty_label", _("Изберете"))
        super().__init__(**kwargs)
        self.several = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.prefixed_name}, {obj.municipality.name}" if self.several else str(obj.prefixed_name)


class ClockField(forms.TimeField):
    """A local clock time, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        kwargs.setdefault("error_messages", {"required": _("Напишете час."), "invalid": _("Напишете час като 9:30.")})
        super().__init__(**kwargs)


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Ticks for days of the week; cleans to a list of 0 (Monday) to 6."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", Weekday.choices)
        kwargs.setdefault("coerce", int)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple())
        kwargs.setdefault("error_messages", {"required": _("Изберете поне един ден.")})
        super().__init__(**kwargs)
