"""What a coordinator sets for their municipality: help points, free days, rules, notes on coverage."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.forms import DayField, FreeTextField, PhoneField
from places import selectors, services
from places.models import Coverage, HelpPoint, LocalHoliday, Municipality, MunicipalityRules, Settlement
from places.services import Hours
from places.states import HelpPointKind, Weekday

CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
SPAN = re.compile(rf"{CLOCK}\s*[-–—]\s*{CLOCK}", flags=re.ASCII)


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class HoursField(forms.CharField):
    """One weekday's opening hours as people write them: „8:30–12:00, 13:00–17:00“. Empty: closed."""

    def to_python(self, value: Any) -> list[tuple[time, time]]:  # type: ignore[override]
        typed = super().to_python(value) or ""
        spans = [part.strip() for part in re.split(r"[,;]", typed) if part.strip()]
        hours = sorted(self._span(part) for part in spans)
        if any(after[0] < before[1] for before, after in pairwise(hours)):
            raise ValidationError(_("Часовете в един ден не се застъпват."), code="hours")
        return hours

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{a.hour}:{a.minute:02}–{b.hour}:{b.minute:02}" for a, b in value)
        return value

    @staticmethod
    def _span(text: str) -> tuple[time, time]:
        found = SPAN.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            a, b, c, d = map(int, found.groups(default="0"))
            opens, closes = time(a, b), time(c, d)
        except ValueError as error:
            example = _("Напишете часовете така: 8:30–12:00, 13:00–17:00.")
            raise ValidationError(example, code="hours") from error
        if opens >= closes:
            raise ValidationError(_("Часът на затваряне е след часа на отваряне."), code="hours")
        return opens, closes


class _WholeRow:
    """Constraints count also the columns the form does not show, such as the municipality."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"municipality", "active"}  # type: ignore[misc]


class HelpPointForm(_WholeRow, forms.ModelForm):
    name_bg = FreeTextField(label=_("Име"), max_length=120, help_text=_("Например „Читалище „Светлина“.“"))
    name_en = FreeTextField(label=_("Име на английски"), max_length=120, required=False)
    address = FreeTextField(label=_("Адрес"), max_length=200, required=False)

    class Meta:
        model = HelpPoint
        fields = ["kind", "settlement", "name_bg", "name_en", "address"]
        labels = {"kind": _("Какво е"), "settlement": _("Населено място")}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.instance.municipality = municipality
        kind, settlement = self.fields["kind"], self.fields["settlement"]
        assert isinstance(kind, forms.TypedChoiceField) and isinstance(settlement, forms.ModelChoiceField)
        kind.choices = [("", _("Изберете")), *HelpPointKind.choices]
        settlement.queryset = Settlement.objects.of(municipality)
        settlement.empty_label = str(_("Изберете"))
        for day in Weekday:
            self.fields[f"hours_{day.value}"] = HoursField(label=day.label.capitalize(), required=False, max_length=80)
        self.fields["hours_0"].help_text = _("Например 8:30–12:00, 13:00–17:00. Празно значи затворено.")
        if self.instance.pk:
            for hours in self.instance.opening_hours.all():
                spans = self.initial.setdefault(f"hours_{hours.weekday}", [])
                spans.append((hours.opens, hours.closes))

    def hours(self) -> list[Hours]:
        return [
            Hours(day.value, opens, closes)
            for day in Weekday
            for opens, closes in self.cleaned_data.get(f"hours_{day.value}", [])
        ]

    def save(self, commit: bool = True) -> HelpPoint:
        names = ("settlement", "kind", "name_bg", "name_en", "address")
        return services.save_help_point(
            municipality=self.municipality,
            help_point_id=self.instance.pk,
            hours=self.hours(),
            **{name: self.cleaned_data[name] for name in names},
        )


class LocalHolidayForm(_WholeRow, forms.ModelForm):
    name_bg = FreeTextField(label=_("Повод"), max_length=120, help_text=_("Например „Празник на Радомир“."))
    name_en = FreeTextField(label=_("Повод на английски"), max_length=120, required=False)

    class Meta:
        model = LocalHoliday
        fields = ["date", "name_bg", "name_en"]
        labels = {"date": _("Дата")}
        help_texts = {"date": _("В този ден не пращаме никого.")}
        field_classes = {"date": DayField}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = municipality

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day < local_date(timezone.now()):
            raise ValidationError(_("Изберете ден, който още не е минал."), code="past")
        return day

    def save(self, commit: bool = True) -> LocalHoliday:
        return services.add_local_holiday(municipality=self.instance.municipality, **self.cleaned_data)


class RulesForm(forms.ModelForm):
    class Meta:
        model = MunicipalityRules
        fields = [
            "first_visit_by_two",
            "planning_horizon_days",
            "offer_horizon_days",
            "offer_hours",
            "soon_offer_hours",
            "urgent_offer_hours",
            "urgent_at_once",
            "offers_a_day",
            "ladder_rungs",
            "half_staffed_hours",
            "visiting_from",
            "visiting_to",
            "visits_on_sunday",
            "visits_on_holidays",
            "max_travel_per_shift",
            "default_max_leg",
            "default_visits_per_week",
            "checkout_grace_minutes",
            "keep_seed",
            "volunteers_two_factors",
        ]
        widgets = {"visiting_from": _time_input(), "visiting_to": _time_input()}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        kwargs.setdefault("instance", selectors.rules_of(municipality))
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        for field in self.fields.values():
            label = str(field.label)
            field.label = label[:1].upper() + label[1:]
        for name in self.fields:
            self._begin_at_the_rules_own_least(name)

    def _begin_at_the_rules_own_least(self, name: str) -> None:
        """Django lets a form's whole number begin at 0; the answer to −4 is the least the rule allows."""
        field = self.fields[name]
        column = MunicipalityRules._meta.get_field(name)
        least = [rule.limit_value for rule in getattr(column, "validators", []) if isinstance(rule, MinValueValidator)]
        if isinstance(field, forms.IntegerField) and least:
            field.min_value = max(least)
            others = [rule for rule in field.validators if not isinstance(rule, MinValueValidator)]
            field.validators = [*others, MinValueValidator(field.min_value)]
            field.widget.attrs["min"] = field.min_value

    def save(self, commit: bool = True) -> MunicipalityRules:
        return services.set_rules(municipality=self.municipality, values=self.cleaned_data)


class DeskForm(forms.ModelForm):
    """How residents reach the municipality: it stands on every page they see."""

    phone = PhoneField(label=_("Телефон на бюрото"), help_text=_("Стои долу на всяка страница за хората."))
    email = forms.EmailField(label=_("Имейл на бюрото"), required=False)
    office_hours_bg = FreeTextField(
        label=_("Кога вдигаме"), max_length=120, help_text=_("Например „Всеки делник, 8:30–17:00\u00a0ч.“")
    )
    office_hours_en = FreeTextField(label=_("Кога вдигаме, на английски"), max_length=120, required=False)
    address_bg = FreeTextField(
        label=_("Адрес на общината"), max_length=160, required=False,
        help_text=_("Стои в страницата за личните данни. Например „Радомир, пл. „Войнишко въстание“ № 1“."),
    )  # fmt: skip
    address_en = FreeTextField(label=_("Адрес на английски"), max_length=160, required=False)
    officer_phone = PhoneField(
        label=_("Телефон на отговорника за данните"), required=False,
        help_text=_("Общината го посочва по закон. Хората го питат за правата си."),
    )  # fmt: skip
    officer_email = forms.EmailField(label=_("Имейл на отговорника за данните"), required=False)

    class Meta:
        model = Municipality
        fields = [
            *("phone", "email", "office_hours_bg", "office_hours_en", "address_bg", "address_en"),
            *("officer_phone", "officer_email"),
        ]

    def save(self, commit: bool = True) -> Municipality:
        return services.open_municipality(code=self.instance.pk, **self.cleaned_data)


class CoverageForm(forms.ModelForm):
    internet_point = FreeTextField(
        label=_("Къде има интернет"), max_length=120, required=False, help_text=_("Например „в читалището“.")
    )
    note = FreeTextField(
        label=_("Бележка"), max_length=300, required=False, help_text=_("Само за мястото, не за хора.")
    )
    checked_by = FreeTextField(
        label=_("Кой провери"),
        max_length=80,
        required=False,
        help_text=_("Длъжност или място, например „кметство Извор“."),
    )

    class Meta:
        model = Coverage
        fields = ["signal", "landline", "internet_point", "note", "checked_on", "checked_by"]
        labels = {
            "signal": _("Мобилен обхват"),
            "landline": _("Стационарен телефон"),
            "checked_on": _("Проверено на"),
        }
        field_classes = {"checked_on": DayField}

    def __init__(self, *args: Any, settlement: Settlement, **kwargs: Any) -> None:
        kwargs.setdefault("instance", selectors.coverage_of(settlement))
        super().__init__(*args, **kwargs)
        self.settlement = settlement

    def save(self, commit: bool = True) -> Coverage:
        return services.set_coverage(settlement=self.settlement, **self.cleaned_data)
