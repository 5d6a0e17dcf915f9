"""Who works here: invite, change a role, stop an access."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import InviteForm, NarrowForm, RoleForm, refuse
from accounts.mail import send_invitation
from accounts.models import Membership, User
from accounts.policy import allows, requires
from accounts.roles import Role, may_grant
from core.errors import DomainError

PAGE = "accounts/settings/staff.html"


def _door(request: HttpRequest) -> tuple[Membership, User]:
    assert isinstance(request.user, User)
    return request.membership, request.user  # type: ignore[attr-defined]


@requires("accounts.staff")
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    viewer, user = _door(request)
    members = [
        {"member": one, "mine": one.user_id == user.pk, "may": may_grant(viewer.role, one.role)}
        for one in selectors.staff_of(viewer)
    ]
    invitations = selectors.open_invitations(viewer, timezone.now())
    return render(request, PAGE, {"members": members, "invitations": invitations})


@requires("accounts.invite")
@require_http_methods(["GET", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """The link is on the answer to the POST and nowhere else, so there is no redirect."""
    viewer, user = _door(request)
    form = InviteForm(request.POST or None, giver=viewer.role)
    if form.is_valid():
        try:
            invitation, secret = services.invite(
                municipality=viewer.municipality, invited_by=user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
        else:
            url = settings.SITE_URL + reverse("accounts:invitation", args=[secret])
            context = {"invitation": invitation, "url": url, "sent": send_invitation(invitation, url)}
            return render(request, "accounts/settings/invited.html", context)
    return render(request, "accounts/settings/invite.html", {"form": form})


@requires("accounts.invite")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    viewer, user = _door(request)
    services.withdraw(invitation=selectors.access_invitation(viewer, pk), actor=user, now=timezone.now())
    messages.info(request, _("Връзката вече не работи."))
    return redirect("accounts:staff")


@requires("accounts.invite")
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another role for a colleague, or the way to stop their access."""
    viewer, user = _door(request)
    found = selectors.access_member(viewer, pk)
    form = RoleForm(request.POST or None, giver=viewer.role, initial={"role": found.role})
    if form.is_valid():
        try:
            services.change_role(membership=found, role=form.cleaned_data["role"], actor=user, now=timezone.now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.info(request, _("Ролята е сменена. Отворените сесии са затворени."))
            return redirect("accounts:staff")
    may_narrow = found.role == Role.CLERK and allows(viewer.role, "accounts.narrow")
    context = {"form": form, "member": found, "may_narrow": may_narrow}
    context["has_factor"] = bool(selectors.factors_of(found.user))
    return render(request, "accounts/settings/member.html", context)


@requires("accounts.narrow")
@require_http_methods(["GET", "POST"])
def narrow(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Which settlements a clerk works for: those of their kmetstvo, or all."""
    viewer, user = _door(request)
    found = selectors.access_member(viewer, pk)
    if found.role != Role.CLERK:
        return redirect("accounts:member", pk)
    form = NarrowForm(
        request.POST if request.method == "POST" else None,
        municipality=viewer.municipality, initial={"settlements": found.settlements.all()},
    )  # fmt: skip
    if form.is_valid():
        try:
            services.narrow(
                membership=found, settlements=list(form.cleaned_data["settlements"]), actor=user, now=timezone.now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.info(request, _("Записано. Важи от следващата страница."))
            return redirect("accounts:staff")
    return render(request, "accounts/settings/narrow.html", {"form": form, "member": found})


@requires("accounts.invite")
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    viewer, user = _door(request)
    found = selectors.access_member(viewer, pk)
    if request.method == "POST":
        services.remove_member(membership=found, actor=user, now=timezone.now())
        messages.info(request, _("Достъпът е спрян."))
        return redirect("accounts:staff")
    return render(request, "accounts/settings/remove.html", {"member": found})


@requires("accounts.reset_factor")
@require_http_methods(["GET", "POST"])
def reset_factor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A colleague lost the telephone and the printed codes: they begin anew with the password."""
    viewer, user = _door(request)
    found = selectors.access_member(viewer, pk)
    if request.method == "POST":
        services.reset_colleague(membership=found, actor=user, now=timezone.now())
        messages.info(request, _("Втората стъпка е махната. Отворените сесии са затворени."))
        return redirect("accounts:staff")
    return render(request, "accounts/settings/reset_factor.html", {"member": found})
