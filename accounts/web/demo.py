"""One click into the demonstration as one of its cast."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.demo import who
from accounts.entering import enter
from accounts.policy import public


@public
@require_GET
@never_cache
def sign_in(request: HttpRequest, signed: str) -> HttpResponse:
    user = who(signed)
    if user is None:
        raise Http404
    enter(request, user)
    return redirect("accounts:start")
