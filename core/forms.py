"""Forms in the look of the house: labels above, hints under them, errors that say what to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from core.clock import is_of_our_time
from core.errors import Invalid
from core.phones import normalise
from core.validators import no_secrets


class Renderer(TemplatesSetting):
    """Templates of the house for whole forms, fields, error lists."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"


class FreeTextField(forms.CharField):
    """Any text a person writes: ЕГН, IBAN and card numbers are refused kindly."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)
        self.validators.append(no_secrets)

    def run_validators(self, value: Any) -> None:
        """What is too long is not read through."""
        if self.max_length is not None:
            MaxLengthValidator(int(self.max_length))(value)
        super().run_validators(value)


class PhoneField(forms.CharField):
    """A telephone typed with or without 0/+359; cleans to E.164, empty stays empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return normalise(typed)
        except Invalid as error:
            raise ValidationError(error.message, code="phone") from error


class DayField(forms.DateField):
    """A day of our time, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        said = {"required": _("Изберете ден."), "invalid": _("Напишете деня като 15.10.2026.")}
        kwargs["error_messages"] = {**said, **kwargs.get("error_messages", {})}
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not is_of_our_time(day):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentField(forms.DateTimeField):
    """A day of our time and an hour."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is not None and not is_of_our_time(moment.date()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class Hinted:
    """The label of a choice with a line of explanation under it; both may be lazy translations."""

    def __init__(self, label: Any, hint: Any) -> None:
        self.label = label
        self.hint = hint

    def __str__(self) -> str:
        return str(self.label)
