"""What the sign-in asks: the library's forms in the words of the house, and our own."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import entering, finding
from accounts.forms import EMAIL_ERRORS, NewPasswordForm
from accounts.models import User
from accounts.services import knocks, members
from accounts.states import KnockKind
from core.errors import Invalid


def _plain(field: forms.Field, label: Any, required: Any) -> None:
    """A label above instead of a placeholder inside."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = required


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("Имейл"), EMAIL_ERRORS["required"])
        self.fields["login"].error_messages.update(EMAIL_ERRORS)
        _plain(self.fields["password"], _("Парола"), _("Напишете паролата си."))

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        answer: HttpResponse = super().login(request, redirect_url)
        # The library ends every session it opens by a password with the browser; a volunteer's stays.
        if request.user.is_authenticated:
            entering.keep(request.session, timezone.now())
        return answer


class KnockForm(forms.Form):
    """A volunteer's telephone or e-mail. What is typed wrongly is told, and nothing about whose it is."""

    typed = forms.CharField(
        label=_("Телефон или имейл"),
        help_text=_("Този, който знае общината. На един телефон с друг доброволец ли сте? След кода избирате кой сте."),
        max_length=254,
        error_messages={"required": _("Напишете телефона или имейла си.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        try:
            if "@" in typed:
                validate_email(typed.strip())
            return finding.tidy(typed)
        except Invalid as error:
            raise ValidationError(error.message, code="phone") from error
        except ValidationError as error:
            raise ValidationError(EMAIL_ERRORS["invalid"], code="email") from error


def _digits(label: Any, required: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        error_messages={"required": required},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class CodeForm(forms.Form):
    code = _digits(_("Код"), _("Препишете шестте цифри."))


class FactorForm(forms.Form):
    code = _digits(_("Код от приложението или от листа"), _("Препишете кода."))


class AppForm(forms.Form):
    code = _digits(_("Код от приложението"), _("Препишете шестте цифри от приложението."))


class ListForm(forms.Form):
    code = _digits(_("Един код от листа"), _("Препишете един код от листа."))


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Парола"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Напишете паролата си.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    """The one before, then the new one."""

    password = forms.CharField(
        label=_("Сегашна парола"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Напишете сегашната си парола.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "password1")


class KeyForm(forms.Form):
    """What the browser says of a passkey; written by the page's script."""

    credential = forms.JSONField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Как да го наричаме"), max_length=40, required=False, initial=_("Моят ключ"))

    def clean(self) -> dict[str, Any]:
        """Nobody can mend what the script writes: its error is told of the whole form, and leads to no field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors.pop("credential", None):
            self.add_error(None, _("Ключът не отговори както трябва. Опитайте пак."))
        return cleaned


class ResetPasswordForm(forms.Form):
    """Stands in for the library's: nobody looks here whose e-mail it is, a worker does."""

    email = forms.EmailField(
        label=_("Имейл"),
        max_length=254,
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        knocks.knock(kind=KnockKind.PASSWORD, typed=email, language=get_language() or "bg", now=timezone.now())
        return email


class ResetPasswordKeyForm(NewPasswordForm):
    """Stands in for allauth's: same door (`user`, `temp_key`, `save`), one field."""

    def __init__(self, *args: Any, user: User | None = None, temp_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def save(self) -> None:
        """Whoever was signed in with the old password, is not any more."""
        assert self.user is not None
        members.set_password(user=self.user, password=self.cleaned_data["password1"])
