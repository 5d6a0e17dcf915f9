"""What a coordinator does to a volunteer, one small form each. See `edits.Edit`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import members
from catalogue.models import ServiceGroup
from core.clock import local_date
from core.forms import DayField, PhoneField
from core.phones import display
from volunteers.models import Volunteer
from volunteers.selectors import access_certification, possible_partners
from volunteers.services import applications, certifications, profile, status
from volunteers.states import VolunteerStatus
from volunteers.web.edits import Edit, Pause, Resume, TakeBack

# Offered as the end of a new certification.
USUAL_DAYS = 365


class ToTraining(Edit):
    do = "to_training"
    said = _("Прието. Следва обучение.")

    def act(self, now: datetime) -> None:
        applications.approve(volunteer=self.volunteer, actor=self.actor, now=now)


class TakeIn(Edit):
    do = "take_in"
    said = _("Прието. Може да получава покани.")

    def act(self, now: datetime) -> None:
        applications.approve(volunteer=self.volunteer, actor=self.actor, to=VolunteerStatus.ACTIVE, now=now)


class Activate(Edit):
    do = "activate"
    said = _("Обучението свърши. Може да получава покани.")

    def act(self, now: datetime) -> None:
        status.activate(volunteer=self.volunteer, now=now)


class PauseFor(Pause):
    said = _("Записахме почивката. Нови покани няма да идват.")


class ResumeFor(Resume):
    said = _("Почивката свърши.")


class Leave(Edit):
    do = "leave"
    said = _("Записахме края. Благодарете от наше име.")

    def act(self, now: datetime) -> None:
        status.leave(volunteer=self.volunteer, actor=self.actor, now=now)


class Grant(Edit):
    do = "grant"
    said = _("Удостоверихме.")

    service_group = forms.ModelChoiceField(
        label=_("Група услуги"),
        queryset=ServiceGroup.objects.none(),
        empty_label=_("Изберете"),
        error_messages={"required": _("Изберете група."), "invalid_choice": _("Изберете група от списъка.")},
    )
    valid_until = DayField(label=_("До кой ден"))

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        until = local_date(timezone.now()) + timedelta(days=USUAL_DAYS)
        super().__init__(volunteer, actor, data, initial={"valid_until": until})
        field = self.fields["service_group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = ServiceGroup.objects.all()

    def act(self, now: datetime) -> None:
        certifications.grant(volunteer=self.volunteer, granted_by=self.actor, now=now, **self.cleaned_data)


class Renew(Edit):
    do = "renew"
    said = _("Удължихме.")

    certification = forms.IntegerField(widget=forms.HiddenInput())
    valid_until = DayField(label=_("До кой ден"))

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        super().__init__(volunteer, actor, data)
        # The form stands in the row of its certification: an error leads there.
        self.row = data.get("certification", "") if data else ""
        self.fields["valid_until"].widget.attrs["id"] = f"until-{self.row}"

    def act(self, now: datetime) -> None:
        row = access_certification(self.volunteer, self.cleaned_data["certification"])
        until = self.cleaned_data["valid_until"]
        certifications.renew(certification=row, granted_by=self.actor, valid_until=until, now=now)


class Revoke(Edit):
    do = "revoke"
    said = _("Отнехме удостоверението.")

    certification = forms.IntegerField(widget=forms.HiddenInput())

    def act(self, now: datetime) -> None:
        row = access_certification(self.volunteer, self.cleaned_data["certification"])
        certifications.revoke(certification=row, now=now)


class PartnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Volunteer) -> str:  # type: ignore[override]
        return f"{obj.name}, № {obj.badge}"


class PreferPartner(Edit):
    do = "prefer"
    said = _("Ще ги пращаме заедно, когато може.")

    partner = PartnerChoice(
        label=_("С кого работи добре"),
        queryset=Volunteer.objects.none(),
        empty_label=_("Изберете"),
        error_messages={"required": _("Изберете човек."), "invalid_choice": _("Изберете човек от списъка.")},
    )

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        super().__init__(volunteer, actor, data)
        field = self.fields["partner"]
        assert isinstance(field, PartnerChoice)
        field.queryset = possible_partners(volunteer)

    def act(self, now: datetime) -> None:
        profile.prefer_partner(volunteer=self.volunteer, partner=self.cleaned_data["partner"], now=now)


class ForgetPartner(Edit):
    do = "forget"
    said = _("Махнахме предпочитанието.")

    partner = forms.ModelChoiceField(queryset=Volunteer.objects.none(), widget=forms.HiddenInput())

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        super().__init__(volunteer, actor, data)
        field = self.fields["partner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = volunteer.preferred_partners.all()

    def act(self, now: datetime) -> None:
        profile.forget_partner(volunteer=self.volunteer, partner=self.cleaned_data["partner"], now=now)


class SetContact(Edit):
    do = "contact"
    said = _("Записахме как се свързваме.")

    phone = PhoneField(label=_("Телефон"), error_messages={"required": _("Напишете телефон.")})
    email = forms.EmailField(
        label=_("Имейл"),
        required=False,
        help_text=_("Влиза с код на телефона или на имейла."),
        error_messages={"invalid": _("Напишете имейла като ime@primer.bg.")},
    )

    def __init__(self, volunteer: Volunteer, actor: User, data: QueryDict | None = None) -> None:
        contact = volunteer.contact
        super().__init__(volunteer, actor, data, initial={"phone": display(contact.phone), "email": contact.email})
        if volunteer.user is not None and volunteer.user.mail:
            # The address one signs in with belongs to the person: nobody at the desk can move it.
            self.fields["email"].help_text = _("За съобщения. Входът остава с %(email)s.") % {
                "email": volunteer.user.mail
            }

    def act(self, now: datetime) -> None:
        applications.set_contact(volunteer=self.volunteer, by=self.actor, now=now, **self.cleaned_data)


class SignOut(Edit):
    """For a telephone that was lost or stolen."""

    do = "sign_out"
    said = _("Вече никъде не е в системата. Влиза отново с код.")

    def act(self, now: datetime) -> None:
        if self.volunteer.user is not None:
            members.end_sessions(user=self.volunteer.user)


DESK: tuple[type[Edit], ...] = (
    *(ToTraining, TakeIn, Activate, PauseFor, ResumeFor),
    *(Grant, Renew, Revoke, PreferPartner, ForgetPartner, TakeBack),
)
# Each moves how somebody signs in: on a page that asks again who is there.
SIGN_IN: tuple[type[Edit], ...] = (SetContact, SignOut)
