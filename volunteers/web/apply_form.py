"""The public application: few fields, each with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import ServiceGroup
from core.forms import FreeTextField, PhoneField
from places.models import Municipality, Settlement
from volunteers.web.fields import SettlementField


class ApplyForm(forms.Form):
    first_name = FreeTextField(
        label=_("Име"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Напишете името си.")},
    )
    last_name = FreeTextField(
        label=_("Фамилия"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Напишете фамилията си.")},
    )
    phone = PhoneField(
        label=_("Телефон"),
        max_length=40,
        help_text=_("На него ще ви се обадим."),
        error_messages={"required": _("Напишете телефон, за да ви се обадим.")},
    )
    email = forms.EmailField(
        label=_("Имейл"),
        required=False,
        help_text=_("Ако нямате, ще влизате с код по SMS."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Напишете имейла като ime@primer.bg.")},
    )
    home = SettlementField(
        label=_("Къде живеете"),
        help_text=_("Предлагаме ви хора наблизо."),
        error_messages={
            "required": _("Изберете град или село."),
            "invalid_choice": _("Изберете място от списъка."),
        },
    )
    says_can_help = forms.ModelMultipleChoiceField(
        label=_("С какво ви е лесно"),
        required=False,
        queryset=ServiceGroup.objects.none(),
        help_text=_("Ще ви обучим и за останалото."),
        widget=forms.CheckboxSelectMultiple(),
    )
    note = FreeTextField(
        label=_("Какво да знаем за вас"),
        required=False,
        help_text=_("Например кога сте свободни. Без ЕГН и без номера."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, municipalities: list[Municipality], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = self.fields["home"]
        assert isinstance(home, SettlementField)
        home.several = len(municipalities) > 1
        rows = Settlement.objects.filter(municipality__in=municipalities).select_related("municipality")
        home.queryset = rows
        groups = self.fields["says_can_help"]
        assert isinstance(groups, forms.ModelMultipleChoiceField)
        groups.queryset = ServiceGroup.objects.all()
