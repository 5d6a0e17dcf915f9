"""What a report is narrowed by: read from the address, the same for the page, the file and the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.policy import allows
from catalogue.models import Service
from core.forms import DayField
from places.models import Settlement
from reports.period import LONGEST, Period, last_weeks
from reports.selectors import GROUPS, SERVICE, SETTLEMENT, UNKNOWN_SERVICE, VOLUNTEER, WEEK, Asked, Key
from volunteers.models import Volunteer

GROUP_NAMES: dict[str, str | Promise] = {
    SETTLEMENT: _("По места"),
    SERVICE: _("По услуги"),
    VOLUNTEER: _("По доброволци"),
    WEEK: _("По седмици"),
}
ROW_NAMES: dict[str, str | Promise] = {
    SETTLEMENT: _("Място"),
    SERVICE: _("Услуга"),
    VOLUNTEER: _("Доброволец"),
    WEEK: _("Седмица"),
}
NO_SERVICE = _("не знам коя услуга")


def badge(volunteer: Volunteer) -> str:
    """How a volunteer is written where no name may stand."""
    return f"№\u00a0{volunteer.badge}"


class Choices:
    """Names of everything a row can stand for: three queries."""

    def __init__(self, membership: Membership, *, names: bool) -> None:
        """`names`: volunteers by name, for those who manage them; everybody else and every file gets the badge."""
        town = membership.municipality
        self.settlements: dict[str, str] = {row.pk: row.name for row in Settlement.objects.filter(municipality=town)}
        services = Service.objects.filter(municipality_code__in=["", town.pk])
        self.services: dict[str, str] = {row.pk: row.short or row.name for row in services}
        named = names and allows(membership.role, "volunteer.manage")
        people = Volunteer.objects.filter(municipality=town).order_by("badge")
        self.volunteers: dict[str, str] = {str(row.pk): row.name if named else badge(row) for row in people}

    def label(self, group: str, key: Key) -> str:
        """What a row is called (not for weeks). Somebody who lives elsewhere stays nameless."""
        if group == SERVICE:
            return str(NO_SERVICE) if key is None else self.services.get(str(key), str(key))
        names = self.settlements if group == SETTLEMENT else self.volunteers
        return names.get(str(key), "–")


class Filters(forms.Form):
    """`from`, `to` (days, both included), `settlement`, `service`, `volunteer`, `group`."""

    use_required_attribute = False
    settlement = forms.ChoiceField(label=_("Място"), required=False)
    service = forms.ChoiceField(label=_("Услуга"), required=False)
    volunteer = forms.ChoiceField(label=_("Доброволец"), required=False)
    group = forms.ChoiceField(
        required=False, choices=[(one, one) for one in GROUPS], widget=forms.HiddenInput(), label=_("Редове")
    )

    def __init__(self, data: Any, membership: Membership, choices: Choices, today: date) -> None:
        self.municipality, self.today = membership.municipality, today
        start = last_weeks(today)
        given = data.copy()
        given.setdefault("from", start.first.isoformat())
        given.setdefault("to", today.isoformat())
        given.setdefault("group", SETTLEMENT)
        super().__init__(given)
        # `from` is a word of Python, so that this field cannot be written as an attribute of the class.
        days = {"from": DayField(label=_("От"), required=False), "to": DayField(label=_("До"), required=False)}
        self.fields = {**days, **self.fields}
        self._offer("settlement", _("всички места"), list(choices.settlements.items()))
        services = [*choices.services.items(), (UNKNOWN_SERVICE, str(NO_SERVICE))]
        self._offer("service", _("всички услуги"), services)
        self._offer("volunteer", _("всички доброволци"), list(choices.volunteers.items()))

    def _offer(self, name: str, every: str | Promise, rows: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *rows]
        field.error_messages["invalid_choice"] = _("Изберете от списъка.")
        field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("from"), given.get("to")
        if first and last and first > last:
            self.add_error("to", _("Изберете край, който не е преди началото."))
        elif first and last and last - first > LONGEST:
            self.add_error("from", _("Изберете най-много две години."))
        return given

    def asked(self) -> Asked:
        """What was asked for; in place of what is wrong, what stands there at the beginning."""
        self.is_valid()
        given = self.cleaned_data
        start = last_weeks(self.today)
        period = start
        if not {"from", "to"} & set(self.errors):
            last = given.get("to") or self.today
            first = given.get("from") or min(start.first, last)
            period = Period(first, last)
        volunteer = given.get("volunteer")
        return Asked(
            municipality=self.municipality,
            period=period,
            group=given.get("group") or SETTLEMENT,
            settlement=given.get("settlement", ""),
            service=given.get("service", ""),
            volunteer=UUID(volunteer) if volunteer else None,
        )
