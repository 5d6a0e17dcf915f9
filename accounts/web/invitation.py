"""The page behind an invitation's link. Looking at it uses nothing up."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import selectors, services
from accounts.entering import enter
from accounts.forms import NewPasswordForm
from accounts.models import User
from accounts.policy import public
from core.headers import secret_address


@public
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "POST"])
@secret_address
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    invitation = selectors.invitation_by(secret, now)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    first = selectors.needs_password(invitation)
    form = NewPasswordForm(request.POST or None) if first else None
    if form:
        form.user = User(email=invitation.email)
    if request.method == "POST" and (form is None or form.is_valid()):
        password = form.cleaned_data["password1"] if form else ""
        member = services.accept_invitation(secret=secret, password=password, now=now)
        if first:
            record_authentication(request, member.user, "password")
            enter(request, member.user)
        return redirect("accounts:start")
    return render(request, "accounts/invitation.html", {"invitation": invitation, "form": form})
