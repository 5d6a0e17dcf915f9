"""What the desk asks when something about a request changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from catalogue.selectors import services_for
from core.clock import SOFIA, local, local_date
from core.errors import Invalid
from core.forms import DayField, FreeTextField, MomentField
from notifications.channels import address
from notifications.models import Contact
from notifications.states import Channel
from places.models import HelpPoint, Municipality
from places.selectors import help_points_of, rules_of
from requests.forms.desk import NewPersonForm
from requests.free_text_times import parse
from requests.models import HelpRequest, Resident
from requests.services.intake import Free
from requests.services.residents import Person
from requests.states import DeclineReason, Mode, RuleKind, Urgency, UrgencyReason
from volunteers.models import Volunteer

UNKNOWN = "unknown"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = "%Y-%m-%dT%H:%M"
MINUTES = {name: _("Напишете минутите с число от 1 до 600.") for name in ("invalid", "min_value", "max_value")}
WRONG_DAY = {"invalid": _("Изберете ден от календара.")}


def moment_field(label: Any, **more: Any) -> MomentField:
    """Local day and hour in one control; cleaned by `in_sofia`."""
    return MomentField(
        label=label, input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"required": _("Изберете ден и час."), "invalid": _("Изберете ден и час от календара.")}, **more,
    )  # fmt: skip


def in_sofia(typed: datetime) -> datetime:
    return typed.replace(tzinfo=SOFIA)


class CorrectForm(forms.Form):
    """The request as it is written down; only what differs is changed."""

    use_required_attribute = False
    service = forms.ChoiceField(label=_("Услуга"), error_messages={"required": _("Изберете услуга.")})
    help_point = forms.ModelChoiceField(
        label=_("Пункт"), queryset=HelpPoint.objects.none(), error_messages={"required": _("Изберете пункт.")}
    )
    urgency = forms.ChoiceField(
        label=_("Срочност"), choices=lambda: [(value, capfirst(label)) for value, label in Urgency.choices],
        widget=forms.RadioSelect(attrs={"seg": True}),
    )  # fmt: skip
    urgency_reason = forms.ChoiceField(
        label=_("Защо е спешно"), required=False,
        choices=lambda: [("", "–"), *((value, capfirst(label)) for value, label in UrgencyReason.choices)],
    )  # fmt: skip
    deadline = DayField(label=_("Срок"), required=False, error_messages=WRONG_DAY)
    not_before = DayField(label=_("Не по-рано от"), required=False, error_messages=WRONG_DAY)
    minutes = forms.IntegerField(
        label=_("Колко минути"), min_value=1, max_value=600, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=MINUTES | {"required": MINUTES["invalid"]},
    )  # fmt: skip
    safe_word = FreeTextField(label=_("Тайна дума"), required=False, max_length=40)
    note = FreeTextField(
        label=_("Бележка"), required=False, max_length=1000, help_text=_("Без ЕГН, номера на карти и болести."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, help_request: HelpRequest, *args: Any, **kwargs: Any) -> None:
        self.row = help_request
        kwargs.setdefault("initial", self._written())
        super().__init__(*args, **kwargs)
        self.services = {row.pk: row for row in services_for(municipality=help_request.municipality_id)}
        if help_request.service is not None:
            self.services.setdefault(help_request.service.pk, help_request.service)
        names = [(row.pk, row.name) for row in self.services.values()]
        self.fields["service"].choices = [(UNKNOWN, _("Не знае коя")), *names]  # type: ignore[attr-defined]
        if help_request.mode == Mode.HELP_POINT:
            points: Any = self.fields["help_point"]
            points.queryset = help_points_of(help_request.municipality)
        else:
            del self.fields["help_point"]

    def _written(self) -> dict[str, Any]:
        same = ("urgency", "urgency_reason", "deadline", "not_before", "minutes", "safe_word", "note", "help_point")
        return {"service": self.row.service_id or UNKNOWN} | {name: getattr(self.row, name) for name in same}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("urgency") == Urgency.TODAY and not said.get("urgency_reason"):
            self.add_error("urgency_reason", _("Изберете защо е спешно."))
        if self.row.mode in (Mode.HOME_VISIT, Mode.ESCORT) and self.row.safe_word and not said.get("safe_word", "?"):
            self.add_error("safe_word", _("Оставете дума. Гостите я казват на вратата."))
        return said

    def changes(self) -> dict[str, Any]:
        """Field → new value, as `services.changes.correct` takes them."""
        said = dict(self.cleaned_data)
        said["service"] = self.services.get(said["service"])
        return {name: value for name, value in said.items() if value != getattr(self.row, name)}


class PersonForm(NewPersonForm):
    """The person's data put right. A clerk of one kmetstvo keeps the person there."""

    prefix = None  # type: ignore[assignment]
    way = forms.ChoiceField(
        label=_("Как да казваме на човека?"), required=False, widget=forms.RadioSelect(), choices=[],
        help_text=_("На хартия: печатаме и предаваме през кметството."),
    )  # fmt: skip

    def __init__(self, membership: Membership, resident: Resident, *args: Any, **kwargs: Any) -> None:
        self.resident = resident
        same = ("first_name", "middle_name", "last_name", "settlement", "address_note", "needs")
        written = {name: getattr(resident, name) for name in same} | {"phone": resident.contact.phone}
        super().__init__(membership, *args, initial=written, **kwargs)
        ways: Any = self.fields["way"]
        ways.choices = _ways(resident.contact)
        ways.initial = next((code for code in resident.contact.channels if code != Channel.IN_APP), "")

    def person(self) -> Person:
        contact = self.resident.contact
        said = {name: value for name, value in self.cleaned_data.items() if name != "way"}
        return Person(**said, email=contact.email, language=contact.language)


def _ways(contact: Contact) -> list[tuple[str, str]]:
    """The ways that lead to this person, and paper."""
    ways = (Channel.SMS, Channel.EMAIL, Channel.VOICE, Channel.PAPER)
    return [(str(way), capfirst(str(way.label))) for way in ways if address(contact, way)]


class FreeTimesForm(forms.Form):
    """When the person can, as it is said on the phone."""

    use_required_attribute = False
    when = FreeTextField(
        label=_("Кога може човекът"), required=False, max_length=120,
        help_text=_("Например: вторник следобед, 15.10 от 10 до 12. Празно значи все едно."),
    )  # fmt: skip

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality

    def clean_when(self) -> list[Free]:
        try:
            today = local_date(timezone.now())
            return parse(self.cleaned_data["when"], today=today, rules=rules_of(self.municipality))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


class MoveForm(forms.Form):
    """A new day and hour for the same people."""

    use_required_attribute = False
    start = moment_field(_("Нов ден и час"))

    def clean_start(self) -> datetime:
        return in_sofia(self.cleaned_data["start"])


class AnswerForm(forms.Form):
    """A volunteer's answer given by telephone: who said it, when, yes or no."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=_("Отговорът"), choices=[("yes", _("Приема")), ("no", _("Отказва"))],
        widget=forms.RadioSelect(attrs={"seg": True}), error_messages={"required": _("Изберете приема или отказва.")},
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Защо отказва"), required=False, help_text=_("Само ако отказва."),
        choices=lambda: [("", "–"), *((value, capfirst(label)) for value, label in DeclineReason.choices)],
    )  # fmt: skip
    said_by = FreeTextField(
        label=_("Кой го каза"), max_length=80, error_messages={"required": _("Напишете кой отговори.")}
    )
    said_at = moment_field(_("Кога го каза"))

    def __init__(self, volunteer: Volunteer, now: datetime, *args: Any, **kwargs: Any) -> None:
        self.now = now
        kwargs.setdefault("initial", {"said_by": volunteer.name, "said_at": local(now).replace(tzinfo=None)})
        super().__init__(*args, **kwargs)

    def clean_said_at(self) -> datetime:
        said = in_sofia(self.cleaned_data["said_at"])
        if said > self.now:
            raise forms.ValidationError(_("Този час още не е дошъл."))
        return said

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("answer") == "no" and not said.get("reason"):
            self.add_error("reason", _("Изберете защо. Ако не се знае, изберете „Друго“."))
        return said


class RuleForm(forms.Form):
    """Better together, or not together. Only the coordinator reads why."""

    use_required_attribute = False
    volunteer = forms.ChoiceField(label=_("Доброволец"), error_messages={"required": _("Изберете доброволец.")})
    kind = forms.ChoiceField(
        label=_("Как"), choices=lambda: [(value, capfirst(label)) for value, label in RuleKind.choices],
        widget=forms.RadioSelect, error_messages={"required": _("Изберете едно.")},
    )  # fmt: skip
    note = FreeTextField(
        label=_("Защо"), required=False, max_length=300, help_text=_("Чете го само координаторът."),
    )  # fmt: skip

    def __init__(self, people: list[Volunteer], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(key, f"{person.name}, {person.home.prefixed_name}") for key, person in self.people.items()]
        self.fields["volunteer"].choices = [("", ""), *names]  # type: ignore[attr-defined]

    def chosen(self) -> Volunteer:
        return self.people[self.cleaned_data["volunteer"]]


class StopForm(forms.Form):
    """Whose wish it is: the person's, or the office's."""

    use_required_attribute = False
    why = forms.ChoiceField(
        label=_("Защо спира"), choices=[
            ("withdraw", _("Човекът вече не иска")), ("cancel", _("Ние я отменяме: повторена или сгрешена")),
        ],
        widget=forms.RadioSelect, error_messages={"required": _("Изберете едно.")},
    )  # fmt: skip
