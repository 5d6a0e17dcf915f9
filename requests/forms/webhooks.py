"""Where another system wants to be told, and of what."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField
from notifications.webhooks.addresses import LONGEST
from requests.webhook_events import EVENTS, PERSONAL, open_to


class WebhookForm(forms.Form):
    label = FreeTextField(
        label=_("Коя система е"), max_length=80, error_messages={"required": _("Напишете коя система е.")}
    )
    url = forms.CharField(
        label=_("Адрес, на който приема"),
        help_text=_("Започва с https:// и се вижда от интернет."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Напишете адреса.")},
    )
    events = forms.MultipleChoiceField(
        label=_("За какво да знае"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Изберете поне едно събитие.")},
    )
    include_personal = forms.BooleanField(
        label=_("Изпращайте и името, телефона и как се стига"),
        help_text=_("Само ако с тази система имате договор за лични данни."),
        required=False,
    )

    def __init__(self, *args: Any, scopes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["events"]
        known.choices = [(code, EVENTS[code].words) for code in open_to(scopes)]
        if PERSONAL not in scopes:
            del self.fields["include_personal"]

    def said(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        return {"include_personal": False, **self.cleaned_data}
