"""Small forms that each do one thing to a volunteer. `do` in the post says which.

The volunteer's own page and the coordinator's share those about hours and limits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Invalid
from core.forms import DayField
from places.models import Settlement
from volunteers.models import Volunteer
from volunteers.services import availability, lessons, profile, status
from volunteers.states import LANGUAGES, Transport
from volunteers.web.fields import ClockField, SettlementField, WeekdaysField


class Edit(forms.Form):
    """One thing to do. `said` is shown when it is done."""

    do: ClassVar[str]
    said: ClassVar[str | Promise]

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.volunteer, self.actor = volunteer, actor
        super().__init__(data, auto_id=f"{self.do}-%s", **kwargs)

    def act(self, now: datetime) -> None:
        """Call the service. Raises DomainError."""
        raise NotImplementedError

    def run(self, now: datetime) -> bool:
        """Do it if the form is valid; False leaves the errors on the form."""
        if not self.is_valid():
            return False
        try:
            self.act(now)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error.message))
            return False
        return True


class AddHours(Edit):
    do = "hours"
    said = _("Записахме часовете.")

    weekdays = WeekdaysField(label=_("В кои дни"))
    start = ClockField(label=_("От"))
    end = ClockField(label=_("До"))

    def act(self, now: datetime) -> None:
        availability.add_weekly_hours(volunteer=self.volunteer, now=now, **self.cleaned_data)


class RemoveHours(Edit):
    do = "drop_hours"
    said = _("Махнахме часовете.")

    hours = forms.IntegerField(widget=forms.HiddenInput())

    def act(self, now: datetime) -> None:
        availability.remove_weekly_hours(volunteer=self.volunteer, hours_id=self.cleaned_data["hours"], now=now)


class AddAbsence(Edit):
    do = "away"
    said = _("Записахме отсъствието.")

    first = DayField(label=_("От кой ден"))
    last = DayField(label=_("До кой ден"), required=False, help_text=_("Оставете празно за един ден."))

    def act(self, now: datetime) -> None:
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        availability.add_absence(volunteer=self.volunteer, first=first, last=last, now=now)


class AddOtherHours(Edit):
    do = "other"
    said = _("Записахме часовете за този ден.")

    day = DayField(label=_("Кой ден"))
    start = ClockField(label=_("От"))
    end = ClockField(label=_("До"))

    def act(self, now: datetime) -> None:
        availability.add_exception(volunteer=self.volunteer, now=now, **self.cleaned_data)


class RemoveException(Edit):
    do = "drop_exception"
    said = _("Този ден пак е обичаен.")

    exceptions = forms.CharField(widget=forms.HiddenInput())

    def clean_exceptions(self) -> list[int]:
        words = self.cleaned_data["exceptions"].split()
        if not all(word.isascii() and word.isdigit() for word in words):
            raise forms.ValidationError(_("Изберете ден от списъка."))
        return [int(word) for word in words]

    def act(self, now: datetime) -> None:
        keys = self.cleaned_data["exceptions"]
        availability.remove_exception(volunteer=self.volunteer, exception_ids=keys, now=now)


class SetLimits(Edit):
    do = "limits"
    said = _("Записахме границите.")

    weekly_limit = forms.IntegerField(
        label=_("Най-много посещения седмично"), min_value=1, max_value=profile.MOST_A_WEEK
    )
    weekly_wish = forms.IntegerField(
        label=_("Най-добре седмично"),
        required=False,
        min_value=1,
        max_value=profile.MOST_A_WEEK,
        help_text=_("Без нужда не предлагаме повече."),
    )
    daily_offers = forms.IntegerField(
        label=_("Най-много покани на ден"),
        required=False,
        min_value=1,
        max_value=profile.MOST_A_DAY,
        help_text=_("Празно: колкото е обичайно в общината."),
    )
    longest_leg = forms.IntegerField(
        label=_("Най-дълъг път от вкъщи, минути"),
        min_value=profile.SHORTEST_LEG,
        max_value=profile.LONGEST_LEG,
        help_text=_("В едната посока."),
    )
    transport = forms.ChoiceField(label=_("Как се пътува"), choices=Transport.choices, widget=forms.RadioSelect())
    languages = forms.MultipleChoiceField(
        label=_("Езици"),
        choices=[(code, format_html('<span lang="{}">{}</span>', code, name)) for code, name in LANGUAGES.items()],
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Изберете поне един език.")},
    )
    home = SettlementField(label=_("Откъде се тръгва"))

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        names = ("weekly_limit", "weekly_wish", "daily_offers", "longest_leg", "transport", "languages", "home")
        super().__init__(volunteer, actor, data, initial={name: getattr(volunteer, name) for name in names})
        home = self.fields["home"]
        assert isinstance(home, SettlementField)
        home.queryset = Settlement.objects.of(volunteer.municipality)
        for name in ("weekly_limit", "weekly_wish", "daily_offers", "longest_leg"):
            number = self.fields[name]
            number.error_messages["required"] = number.error_messages["invalid"] = _("Напишете число.")
            number.widget.attrs["inputmode"] = "numeric"

    def act(self, now: datetime) -> None:
        profile.set_limits(volunteer=self.volunteer, now=now, **self.cleaned_data)


class TakeBack(Edit):
    """What a no taught the plan does not hold any more."""

    do = "unlearn"
    said = _("Пак питаме и за това.")

    lesson = forms.IntegerField(widget=forms.HiddenInput())

    def act(self, now: datetime) -> None:
        lessons.take_back(volunteer=self.volunteer, lesson_id=self.cleaned_data["lesson"], now=now)


class Pause(Edit):
    do = "pause"
    said = _("Почивате. Нови покани няма да идват.")

    def act(self, now: datetime) -> None:
        status.pause(volunteer=self.volunteer, now=now)


class Resume(Edit):
    do = "resume"
    said = _("Пак сте с нас.")

    def act(self, now: datetime) -> None:
        status.resume(volunteer=self.volunteer, now=now)


AVAILABILITY: tuple[type[Edit], ...] = (
    AddHours,
    RemoveHours,
    AddAbsence,
    AddOtherHours,
    RemoveException,
    SetLimits,
    TakeBack,
)
OWN: tuple[type[Edit], ...] = (*AVAILABILITY, Pause, Resume)


def chosen(kinds: tuple[type[Edit], ...], volunteer: Volunteer, actor: User, data: QueryDict) -> Edit | None:
    """The form that was sent, filled; None where the post names none of these."""
    kind = next((kind for kind in kinds if kind.do == data.get("do")), None)
    return kind(volunteer, actor, data) if kind else None
