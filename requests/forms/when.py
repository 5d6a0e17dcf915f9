"""When the person is free: asked at intake and when another day is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Hinted
from core.templatetags.dv import clock
from requests.forms.asking import Asking
from requests.services.intake import Free

ANY = "any"


class WhenForm(forms.Form):
    use_required_attribute = False

    days = forms.MultipleChoiceField(
        label=_("Кога Ви е удобно?"),
        help_text=_("Отбележете всички дни, които стават."),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": _("Отбележете поне един ден. Ако не знаете, изберете „Все ми е едно“."),
            "invalid_choice": _("Изберете от списъка."),
        },
    )
    parts = forms.MultipleChoiceField(
        label=_("Коя част на деня?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": _("Изберете от списъка.")},
    )

    def __init__(self, asking: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asking = asking
        unsure = Hinted(_("Все ми е едно"), _("Ще се уговорим по телефона."))
        _choices(self, "days", [*asking.day_choices(), (ANY, unsure)])
        spans = asking.parts()
        if spans:
            words = {"morning": _("Сутрин"), "afternoon": _("Следобед")}
            _choices(self, "parts", [(part, Hinted(words[part], _hours(span))) for part, span in spans.items()])
        else:
            del self.fields["parts"]

    def free(self) -> list[Free]:
        return free_of(self.asking, self.cleaned_data["days"], self.cleaned_data.get("parts", []))


def free_of(asking: Asking, days: Sequence[str], parts: Sequence[str]) -> list[Free]:
    """Days times parts. Named days are narrower than „все ми е едно“ and therefore safer; none: any hour."""
    spans = asking.parts()
    chosen = [spans[part] for part in spans if part in parts]
    if not chosen or len(chosen) == len(spans):
        chosen = [(asking.rules.visiting_from, asking.rules.visiting_to)]
    known = [value for value, _label in asking.day_choices()]
    named = [int(day) for day in days if day in known]
    if not named and len(parts) in (0, len(spans)):
        return []
    weekdays = named or [int(day) for day in known]
    return [Free(weekday=day, start=start, end=end) for day in weekdays for start, end in chosen]


def _hours(span: tuple[time, time]) -> str:
    return f"{span[0].hour}:{span[0].minute:02}–{clock(span[1])}"


def _choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
