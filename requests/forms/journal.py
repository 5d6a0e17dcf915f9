"""What the journal is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from requests.selectors.journal import KINDS, Asked
from requests.states import SIGN_IN

NAMES = {
    "help_request": _("заявка"),
    "offer": _("покана"),
    "visit": _("посещение"),
    "message": _("съобщение"),
    SIGN_IN: _("достъп"),
}
DAY = {"invalid": _("Изберете ден от календара.")}


class JournalForm(forms.Form):
    use_required_attribute = False
    first = DayField(label=_("От"), required=False, error_messages=DAY)
    last = DayField(label=_("До"), required=False, error_messages=DAY)
    kind = forms.ChoiceField(
        label=_("За какво"), required=False, choices=[("", _("всичко")), *((kind, NAMES[kind]) for kind in KINDS)],
        error_messages={"invalid_choice": _("Изберете от списъка.")},
    )  # fmt: skip
    number = forms.IntegerField(
        label=_("Заявка №"), required=False, min_value=1, max_value=2**31 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        error_messages={name: _("Номерът е цяло число.") for name in ("invalid", "min_value", "max_value")},
    )  # fmt: skip
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("„До“ е преди „От“."))
        return given

    def asked(self) -> Asked:
        """What is wrong narrows nothing and is said beside its field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        return Asked(**given)
