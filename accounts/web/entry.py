"""After the sign-in: to the start page of one's role, or to the choice between several."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.policy import signed_in
from accounts.roles import Role
from accounts.selectors import memberships_of

START = {
    Role.CLERK: "requests:desk",
    Role.VOLUNTEER: "requests:my_today",
    Role.COORDINATOR: "planning:today",
    Role.SAFEGUARDING: "requests:safeguarding",
    Role.AUDITOR: "requests:journal",
    Role.ADMINISTRATOR: "planning:today",
}


@signed_in
@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    mine = memberships_of(request.user)
    if not mine:
        return render(request, "accounts/no_role.html", status=403)
    chosen = request.session.get(SESSION_KEY)
    member = mine[0] if len(mine) == 1 else next((one for one in mine if str(one.pk) == chosen), None)
    return redirect(START[Role(member.role)] if member else "accounts:me")


@signed_in
@require_safe
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in, as what, and the way out."""
    assert isinstance(request.user, User)
    current = request.membership  # type: ignore[attr-defined]
    context = {
        "mine": memberships_of(request.user),
        "current_pk": current.pk if current else None,
        "has_password": request.user.has_usable_password() and not settings.DEMO,
    }
    return render(request, "accounts/me.html", context)


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Go on in another of one's own roles."""
    assert isinstance(request.user, User)
    wanted = request.POST.get("membership", "")
    if wanted not in {str(one.pk) for one in memberships_of(request.user)}:
        raise Http404
    request.session[SESSION_KEY] = wanted
    return redirect("accounts:start")
