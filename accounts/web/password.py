"""One's own password, changed from inside: whoever finds a session open does not know the one before."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import signed_in
from accounts.services import devices, members
from accounts.sign_in_forms import ChangePasswordForm
from accounts.web.check import is_password_of
from core.clock import local_date


@signed_in
@sensitive_post_parameters("password", "password1")
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """The one before and the new one. Signed out everywhere else; here the work goes on."""
    assert isinstance(request.user, User)
    if settings.DEMO or not request.user.has_usable_password():
        # Whoever signs in with a code has none to change.
        return redirect("accounts:me")
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    form.user = request.user
    if form.is_valid() and is_password_of(request, request.user, form):
        members.set_password(user=request.user, password=form.cleaned_data["password1"])
        _stay(request, request.user)
        messages.info(request, _("Паролата е нова. На другите места вече трябва да се влезе с нея."))
        return redirect("accounts:me")
    return render(request, "accounts/sign_in/password.html", {"form": form})


def _stay(request: HttpRequest, user: User) -> None:
    """This session under a new name, since all that were open have ended."""
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    record_authentication(request, user, "password", reauthenticated=True)
    devices.opened(
        user=user, session_key=str(request.session.session_key), agent=request.headers.get("User-Agent", ""),
        day=local_date(timezone.now()),
    )  # fmt: skip
