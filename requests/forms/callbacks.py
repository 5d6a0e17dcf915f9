"""What the desk writes down about calls: one that is promised, and how one ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import local
from core.forms import FreeTextField, PhoneField
from notifications.states import CallbackResult
from requests.forms.acts import MOMENT, in_sofia, moment_field

LANGUAGES = [("bg", _("български")), ("en", _("английски"))]


class PromiseForm(forms.Form):
    """A call promised to somebody: number, language, when, why."""

    use_required_attribute = False
    phone = PhoneField(label=_("Телефон"), error_messages={"required": _("Напишете телефона.")})
    when = moment_field(_("Кога да се обадим"))
    language = forms.ChoiceField(
        label=_("На какъв език"), choices=LANGUAGES, initial="bg", widget=forms.RadioSelect(attrs={"seg": True})
    )
    reason = FreeTextField(
        label=_("За какво"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Напишете с две думи за какво е.")},
    )  # fmt: skip

    def __init__(self, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("when", local(now).strftime(MOMENT))

    def clean_when(self) -> Any:
        return in_sofia(self.cleaned_data["when"])


class ResultForm(forms.Form):
    """How a call ended, in the words of its button, and what is worth remembering."""

    use_required_attribute = False
    result = forms.ChoiceField(
        choices=CallbackResult.choices,
        error_messages={name: _("Изберете как завърши.") for name in ("required", "invalid_choice")},
    )

    note = FreeTextField(label=_("Бележка"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
