"""What a clerk fills in while the receiver is at the ear: at most nine fields, at most five of them required."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from catalogue.selectors import in_season_first, services_for
from core.clock import local_date
from core.errors import Invalid
from core.forms import FreeTextField, PhoneField
from places.models import HelpPoint, Municipality, Settlement
from places.selectors import help_points_of, rules_of, settlements_of
from requests.free_text_times import parse
from requests.selectors.access import settlements_for
from requests.services.intake import Free, Wanted
from requests.services.residents import Person
from requests.states import AskedBy, Mode, Need, Urgency, UrgencyReason

UNKNOWN = "unknown"
SEG = {"seg": True}


def _choices(values: Any) -> list[tuple[str, str]]:
    return [(value, capfirst(label)) for value, label in values]


class TakeForm(forms.Form):
    """The request itself. `service` may be „не знам коя“."""

    use_required_attribute = False
    service = forms.ChoiceField(
        label=_("Услуга"), error_messages={"required": _("Изберете услуга. Може и „Не знае коя“.")}
    )
    mode = forms.ChoiceField(
        label=_("Как"),
        choices=lambda: _choices(Mode.choices),
        initial=Mode.HOME_VISIT,
        widget=forms.RadioSelect(attrs=SEG),
    )
    asked_by = forms.ChoiceField(
        label=_("За кого"), choices=lambda: _choices(_short(AskedBy)), initial=AskedBy.SELF,
        widget=forms.RadioSelect(attrs=SEG),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Кога най-късно"), choices=lambda: _choices(Urgency.choices), initial=Urgency.IN_TIME,
        widget=forms.RadioSelect(attrs=SEG),
    )  # fmt: skip
    when = FreeTextField(label=_("Удобно време"), required=False, max_length=120)
    safe_word = FreeTextField(label=_("Тайна дума"), required=False, max_length=40)
    note = FreeTextField(label=_("Бележка"), required=False, max_length=300)
    urgency_reason = forms.ChoiceField(
        label=_("Защо е спешно"), required=False, choices=lambda: [("", "–"), *_choices(UrgencyReason.choices)]
    )
    help_point = forms.ModelChoiceField(label=_("Кой пункт"), required=False, queryset=HelpPoint.objects.none())
    escort_to = forms.ModelChoiceField(label=_("Докъде"), required=False, queryset=Settlement.objects.none())
    asker_name = FreeTextField(label=_("Кой се обажда"), required=False, max_length=120)
    asker_phone = PhoneField(label=_("Неговият телефон"), required=False, max_length=40)

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality, self.today = municipality, local_date(timezone.now())
        self.services = {row.pk: row for row in services_for(municipality=municipality.pk)}
        rows = in_season_first(list(self.services.values()), self.today)
        names = [(row.pk, row.name) for row in rows]
        self.fields["service"].choices = [("", ""), *names, (UNKNOWN, _("Не знае коя"))]  # type: ignore[attr-defined]
        self.fields["help_point"].queryset = help_points_of(municipality)  # type: ignore[attr-defined]
        self.fields["escort_to"].queryset = settlements_of(municipality)  # type: ignore[attr-defined]

    def clean_when(self) -> list[Free]:
        typed = self.cleaned_data["when"]
        try:
            return parse(typed, today=self.today, rules=rules_of(self.municipality))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        mode = said.get("mode")
        if mode in (Mode.HOME_VISIT, Mode.ESCORT) and "safe_word" in said and not said["safe_word"]:
            self.add_error("safe_word", _("Попитайте коя дума избира. Казваме я на вратата."))
        if mode == Mode.HELP_POINT and not said.get("help_point"):
            self.add_error("help_point", _("Изберете пункт."))
        if mode == Mode.ESCORT and not said.get("escort_to"):
            self.add_error("escort_to", _("Изберете докъде ще придружим човека."))
        if said.get("urgency") == Urgency.TODAY and not said.get("urgency_reason"):
            self.add_error("urgency_reason", _("Изберете защо е спешно."))
        return said

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        same = ("mode", "asked_by", "urgency", "urgency_reason", "safe_word", "note", "help_point", "escort_to")
        return Wanted(
            service=self.services.get(said["service"]), free=said["when"], asker_name=said["asker_name"],
            asker_phone=said["asker_phone"], **{name: said[name] for name in same},
        )  # fmt: skip


def _short(asked_by: type[AskedBy]) -> list[tuple[str, Any]]:
    short = {AskedBy.OFFICIAL: _("от служба")}
    return [(value, short.get(asked_by(value), label)) for value, label in asked_by.choices]


class NewPersonForm(forms.Form):
    """Somebody who calls for the first time. A clerk of one kmetstvo writes down people who live there.

    Never ЕГН, PIN, IBAN or diagnosis.
    """

    use_required_attribute = False
    prefix = "new"
    first_name = FreeTextField(label=_("Име"), max_length=60, error_messages={"required": _("Попитайте за името.")})
    middle_name = FreeTextField(label=_("Презиме"), required=False, max_length=60)
    last_name = FreeTextField(
        label=_("Фамилия"), max_length=60, error_messages={"required": _("Попитайте за фамилията.")}
    )
    phone = PhoneField(label=_("Телефон"), max_length=40, error_messages={"required": _("Попитайте за телефон.")})
    settlement = forms.ModelChoiceField(
        label=_("Село или град"), queryset=Settlement.objects.none(), error_messages={"required": _("Изберете село.")}
    )
    address_note = FreeTextField(label=_("Как да намерим къщата"), required=False, max_length=200)
    needs = forms.MultipleChoiceField(
        label=_("Нужди"), required=False, choices=lambda: _choices(Need.choices), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, membership: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settlement"].queryset = settlements_for(membership)  # type: ignore[attr-defined]

    def person(self) -> Person:
        return Person(**self.cleaned_data)
