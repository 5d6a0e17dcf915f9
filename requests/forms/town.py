"""Which municipality: asked only where several work on this installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from places.models import Municipality


class TownForm(forms.Form):
    use_required_attribute = False

    town = forms.ChoiceField(
        label=_("В коя община живеете?"),
        widget=forms.RadioSelect(),
        error_messages={"required": _("Изберете община."), "invalid_choice": _("Изберете община.")},
    )

    def __init__(self, active: Sequence[Municipality], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        field = self.fields["town"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.pk, one.name) for one in active]
