"""Finding one's request again, and changing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PhoneField


class TrackForm(forms.Form):
    use_required_attribute = False

    code = forms.CharField(
        label=_("Код за проверка"),
        help_text=_("Осем цифри. Стоят на картончето и в съобщението."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Напишете кода.")},
    )
    phone = PhoneField(
        label=_("Телефон"),
        help_text=_("Този, който ни казахте."),
        max_length=40,
        error_messages={"required": _("Напишете телефона.")},
    )


class CorrectForm(forms.Form):
    """What is written already is not shown: whoever holds the card must not read it here."""

    use_required_attribute = False

    note = FreeTextField(
        label=_("Какво да добавим?"),
        help_text=_("Без ЕГН, без номера на карти и сметки."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    safe_word = FreeTextField(
        label=_("Нова тайна дума"),
        help_text=_("Старата не показваме. Оставете празно, ако я помните."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, str]:
        cleaned: dict[str, str] = super().clean() or {}
        if not self.errors and not cleaned.get("note", "").strip() and not cleaned.get("safe_word", "").strip():
            raise forms.ValidationError(_("Напишете едното: бележка или нова дума."))
        return cleaned
