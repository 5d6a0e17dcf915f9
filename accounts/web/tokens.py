"""Keys for programs: one's own, shown once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms import TokenForm, refuse
from accounts.models import Membership, User
from accounts.policy import requires
from core.errors import DomainError


@requires("accounts.tokens")
@require_http_methods(["GET", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    viewer: Membership = request.membership  # type: ignore[attr-defined]
    now = timezone.now()
    form = TokenForm(request.POST or None, role=viewer.role)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = services.create_token(
                membership=viewer,
                label=data["label"],
                scopes=data["scopes"],
                expires_at=form.expires_at(now),
                now=now,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            return render(request, "accounts/settings/token_made.html", {"token": token, "secret": secret})
    context["tokens"] = [{"token": one, "usable": one.usable(now)} for one in selectors.tokens_of(viewer)]
    return render(request, "accounts/settings/tokens.html", context)


@requires("accounts.tokens")
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    token = selectors.access_token(request.membership, pk)  # type: ignore[attr-defined]
    assert isinstance(request.user, User)
    services.revoke_token(token=token, actor=request.user, now=timezone.now())
    messages.info(request, _("Ключът вече не работи."))
    return redirect("accounts:tokens")
