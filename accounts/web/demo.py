"""One click into the demonstration as one of its cast."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.demo import who
from accounts.policy import public

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_GET
@never_cache
def sign_in(request: HttpRequest, signed: str) -> HttpResponse:
    user = who(signed)
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect("accounts:start")
