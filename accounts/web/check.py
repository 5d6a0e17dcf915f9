"""Where a second factor, or the password, is asked for: at the sign-in, and again before what is dangerous."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.internal.constants import LoginStageKey
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sign_in_log
from accounts.confirming import before_a_factor, doubted, factor_given
from accounts.models import User
from accounts.policy import public, signed_in
from accounts.selectors import factors_of
from accounts.services import factors
from accounts.sign_in_forms import FactorForm, KeyForm, PasswordForm

TOO_MANY = gettext_lazy("Опитите станаха много. Изчакайте пет минути.")
# What a browser says is JSON of any shape: the library trips over some of them.
BAD_ANSWER = (ValidationError, ValueError, LookupError, TypeError, AttributeError)


@public
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "POST"])
@login_stage_required(stage=LoginStageKey.MFA_AUTHENTICATE.value, redirect_urlname="account_login")
def at_sign_in(request: HttpRequest) -> HttpResponse:
    """The password or code was right; nobody is signed in yet."""
    stage: Any = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    asked = Asked(request, user, with_password=False)
    if asked.factor is not None:
        post_authentication(request, asked.factor)
        answer: HttpResponse = stage.exit()
        return answer
    return render(request, "accounts/sign_in/factor.html", asked.context())


@signed_in
@before_a_factor
@sensitive_post_parameters("code", "credential", "password")
@require_http_methods(["GET", "POST"])
@never_cache
def again(request: HttpRequest) -> HttpResponse:
    """Before something dangerous; and where a session has not shown its owner's factor yet."""
    assert isinstance(request.user, User)
    user = request.user
    lacking = bool(factors_of(user)) and not factor_given(request)
    asked = Asked(request, user, with_password=user.has_usable_password() and not lacking)
    if asked.factor is not None:
        post_authentication(request, asked.factor, reauthenticated=True)
        sign_in_log.gave_again(request, user, "mfa")
    elif asked.by_password:
        record_authentication(request, user, "password", reauthenticated=True)
        sign_in_log.gave_again(request, user, "password")
    else:
        context = {**asked.context(), "doubted": doubted(request)}
        return render(request, "accounts/sign_in/again.html", context)
    return redirect(get_next_redirect_url(request) or "accounts:start")


def is_password_of(request: HttpRequest, user: User, form: Form) -> bool:
    """Whether the valid form's `password` is theirs; else the form says why. Counted before it is compared."""
    if not factors.WRONG.take(str(user.pk)):
        form.add_error(None, TOO_MANY)
        return False
    if user.check_password(form.cleaned_data["password"]):
        factors.WRONG.forget(str(user.pk))
        return True
    sign_in_log.failed(request, way="password", who=str(user.pk))
    form.add_error("password", _("Паролата е друга. Опитайте пак."))
    return False


class Asked:
    """The forms of one page and what came of the one that was sent: `factor` or `by_password`, or an error."""

    def __init__(self, request: HttpRequest, user: User, *, with_password: bool) -> None:
        self.request, self.user = request, user
        kinds = {row.type for row in factors_of(user)}
        self.codes = bool(kinds - {Authenticator.Type.WEBAUTHN})
        self.app = Authenticator.Type.TOTP in kinds
        self.keys = Authenticator.Type.WEBAUTHN in kinds
        self.password = with_password
        self.factor: Authenticator | None = None
        self.by_password = False
        sent = request.POST if request.method == "POST" else None
        self.form: Form | None = None
        if sent is not None and "credential" in sent and self.keys:
            self._key(KeyForm(sent))
        elif sent is not None and "password" in sent and with_password:
            self._password(PasswordForm(sent))
        elif sent is not None and self.codes:
            self._code(FactorForm(sent))

    def _allowed(self, form: Form) -> bool:
        """Counted before it is compared."""
        self.form = form
        if not form.is_valid():
            return False
        if factors.WRONG.take(str(self.user.pk)):
            return True
        form.add_error(None, TOO_MANY)
        return False

    def _right(self) -> None:
        factors.WRONG.forget(str(self.user.pk))

    def _wrong(self, way: str) -> None:
        sign_in_log.failed(self.request, way=way, who=str(self.user.pk))

    def _code(self, form: FactorForm) -> None:
        if self._allowed(form):
            said: dict[str, Any] = {"user": self.user, "code": form.cleaned_data["code"], "now": timezone.now()}
            self.factor = factors.use_code(**said)
            if self.factor is None:
                self._wrong("mfa")
                form.add_error("code", str(factors.why_not(**said)))
            else:
                self._right()

    def _password(self, form: PasswordForm) -> None:
        self.form = form
        self.by_password = form.is_valid() and is_password_of(self.request, self.user, form)

    def _key(self, form: KeyForm) -> None:
        if self._allowed(form):
            try:
                webauthn.parse_authentication_response(form.cleaned_data["credential"])
                self.factor = webauthn.complete_authentication(self.user, form.cleaned_data["credential"])
                self._right()
            except BAD_ANSWER:
                self._wrong("mfa")
                form.add_error(None, _("Ключът не отговори както трябва. Опитайте пак."))

    def context(self) -> dict[str, Any]:
        """`form` is the one with errors, for the summary above; the others stand as they are."""
        forms: dict[str, Any] = {"form": self.form}
        if self.codes:
            forms["code_form"] = self.form if isinstance(self.form, FactorForm) else FactorForm()
        if self.password:
            forms["password_form"] = self.form if isinstance(self.form, PasswordForm) else PasswordForm()
        if self.keys:
            forms["key_options"] = json.dumps(webauthn.begin_authentication(self.user))
        return {
            **forms,
            "app": self.app,
            "next": get_next_redirect_url(self.request),
            "ways": self.codes or self.password or self.keys,
        }
