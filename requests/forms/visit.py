"""What a volunteer tells of a visit: how it ended, what stopped the person, how long it took."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from catalogue.models import DifficultyType
from catalogue.selectors import difficulties
from core.forms import FreeTextField, Hinted
from requests.states import DeclineReason, Outcome

HINTS = {
    Outcome.SUBMITTED: _("Запишете входящия номер на картончето."),
    Outcome.BLOCKED_EID: _("Например няма ПИК или електронен подпис."),
    Outcome.NOBODY_HOME: _("Обаждаме се на човека още днес."),
}


def _outcomes() -> list[tuple[str, Any]]:
    hinted = {value.value: hint for value, hint in HINTS.items()}
    labels = [(value, capfirst(label)) for value, label in Outcome.choices]
    return [(value, Hinted(label, hinted[value]) if value in hinted else label) for value, label in labels]


TEACHES = {
    DeclineReason.TOO_FAR: _("Ще питаме за по-близо."),
    DeclineReason.NOT_THIS_KIND: _("Спираме да питаме за такива услуги."),
    DeclineReason.NOT_THESE_HOURS: _("Шест седмици не питаме за този ден и час."),
    DeclineReason.UNSURE: _("За такива услуги питаме само заедно с друг."),
}


def _reasons() -> list[tuple[str, Any]]:
    """Each with what the plan learns from it."""
    taught = {value.value: hint for value, hint in TEACHES.items()}
    labels = [(value, capfirst(label)) for value, label in DeclineReason.choices]
    return [(value, Hinted(label, taught[value]) if value in taught else label) for value, label in labels]


class OutcomeForm(forms.Form):
    """The end of a visit. Minutes may stay empty: then the clock of the visit counts."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("Как завърши"),
        choices=_outcomes,
        widget=forms.RadioSelect,
        error_messages={"required": _("Изберете как завърши посещението.")},
    )
    before = forms.MultipleChoiceField(
        label=_("Какво пречеше на човека"), required=False, widget=forms.CheckboxSelectMultiple
    )
    after = forms.MultipleChoiceField(
        label=_("Какво още му пречи"), required=False, widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.IntegerField(
        label=_("Колко минути бяхте там"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("Оставете празно, ако е от идването ви досега."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Напишете минутите с число от 1 до 600."),
            "min_value": _("Напишете минутите с число от 1 до 600."),
            "max_value": _("Напишете минутите с число от 1 до 600."),
        },
    )
    note = FreeTextField(
        label=_("Бележка за координатора"),
        required=False,
        max_length=500,
        help_text=_("Без ЕГН, номера на карти и болести."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: list[DifficultyType] = list(difficulties())
        for name in ("before", "after"):
            self.fields[name].choices = [(row.pk, row.name) for row in rows]  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why not: one tap, and it may stay unsaid."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=_("Защо не"),
        choices=_reasons,
        required=False,
        widget=forms.RadioSelect,
    )


class AnotherTimeForm(forms.Form):
    use_required_attribute = False
    note = FreeTextField(
        label=_("Кога бихте могли"),
        max_length=200,
        help_text=_("Например: петък след 14\u00a0ч. Обаждаме се на човека и на вас."),
        error_messages={"required": _("Напишете ден и час, които ви подхождат.")},
    )
