"""A new password, and the forms of the staff pages. Those of the sign-in: `sign_in_forms`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import STAFF, may_grant
from accounts.scopes import SCOPES, scopes_of
from core.errors import DomainError
from core.forms import FreeTextField
from places.models import Municipality, Settlement

EMAIL_ERRORS = {
    "required": _("Напишете имейла си."),
    "invalid": _("Напишете целия имейл, например ivanka@primer.bg."),
}
NEW_PASSWORD_HINT = _("Поне 12 знака. Три думи са лесни за помнене.")
_PASSWORD_WORDS = {
    "password_too_short": _("Паролата е къса. Нужни са поне 12 знака."),
    "password_too_common": _("Тази парола е твърде позната. Изберете друга."),
    "password_too_similar": _("Паролата прилича на имейла ви. Изберете друга."),
    "password_leaked": _("Тази парола е изтекла от друг сайт. Изберете друга."),
}


def password_problems(password: str, user: User | None) -> list[ValidationError]:
    """Why this password will not do, in our own words; empty if it will."""
    try:
        validate_password(password, user)  # type: ignore[arg-type]
    except ValidationError as error:
        return [
            ValidationError(_PASSWORD_WORDS.get(problem.code or "", problem.message), code=problem.code)
            for problem in error.error_list
        ]
    return []


class NewPasswordForm(forms.Form):
    """One field is enough: a password that was mistyped is set again through an e-mail."""

    password1 = forms.CharField(
        label=_("Нова парола"),
        help_text=NEW_PASSWORD_HINT,
        strip=False,
        max_length=200,
        error_messages={"required": _("Изберете парола.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    user: User | None = None

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        problems = password_problems(password, self.user)
        if problems:
            raise ValidationError(problems)
        return password


class InviteForm(forms.Form):
    name = FreeTextField(label=_("Име и фамилия"), max_length=120, error_messages={"required": _("Напишете името.")})
    email = forms.EmailField(
        label=_("Имейл"),
        max_length=254,
        error_messages={"required": _("Напишете имейла."), "invalid": EMAIL_ERRORS["invalid"]},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Роля"), widget=forms.RadioSelect, error_messages={"required": _("Изберете роля.")}
    )

    def __init__(self, *args: Any, giver: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = grantable(giver)  # type: ignore[attr-defined]


def grantable(giver: str) -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in STAFF if may_grant(giver, role)]


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Роля"), widget=forms.RadioSelect, error_messages={"required": _("Изберете роля.")}
    )

    def __init__(self, *args: Any, giver: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = grantable(giver)  # type: ignore[attr-defined]


class NarrowForm(forms.Form):
    settlements = forms.ModelMultipleChoiceField(
        label=_("Места"),
        required=False,
        queryset=Settlement.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Без отметки вижда цялата община."),
        error_messages={"invalid_choice": _("Изберете места от общината.")},
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["settlements"]
        places.queryset = Settlement.objects.of(municipality)
        places.label_from_instance = lambda place: place.prefixed_name


class TokenForm(forms.Form):
    DAYS = ((30, _("30 дни")), (90, _("90 дни")), (365, _("една година")))

    label = FreeTextField(
        label=_("За коя програма е"),
        max_length=80,
        error_messages={"required": _("Напишете за коя програма е ключът.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Какво може да прави"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Изберете поне едно.")},
    )
    days = forms.TypedChoiceField(
        label=_("Колко време важи"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, SCOPES[scope]) for scope in scopes_of(role)
        ]

    def expires_at(self, now: datetime) -> datetime:
        return now + timedelta(days=self.cleaned_data["days"])


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Show a rule the services found broken, at its field where the form has it."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))
