"""Finding one's request again, and changing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PhoneField
from requests.states import Helped


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


class RelativeForm(forms.Form):
    """Whose telephone is told that a visit began and ended. Empty: nobody's."""

    use_required_attribute = False

    phone = PhoneField(
        label=_("Телефон на близкия"),
        help_text=_("Оставете празно, ако не трябва да казваме на никого."),
        required=False,
        max_length=40,
    )


class AnswerForm(forms.Form):
    """The one question after a visit; words are free to be left out."""

    use_required_attribute = False

    helped = forms.ChoiceField(
        label=_("Помогнахме ли Ви?"),
        choices=[(Helped.YES, _("Да")), (Helped.NO, _("Не"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Изберете „Да“ или „Не“.")},
    )
    words = FreeTextField(
        label=_("Искате ли да добавите нещо?"),
        help_text=_("Без ЕГН, без номера на карти и сметки."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
