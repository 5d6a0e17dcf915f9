"""How a volunteer is told things: set by themselves, or by the coordinator for them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import requires
from notifications import web
from volunteers.selectors import access_volunteer, own_volunteer

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@requires("volunteer.self")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    volunteer = own_volunteer(request.membership)  # type: ignore[attr-defined]
    return web.wishes(
        request, contact=volunteer.contact, template="volunteers/my_wishes.html", back=reverse("volunteers:me"),
        volunteer=volunteer,
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("volunteer.manage")
@never_cache
def of_volunteer(request: HttpRequest, pk: UUID) -> HttpResponse:
    volunteer = access_volunteer(request.membership, pk)  # type: ignore[attr-defined]
    return web.wishes(
        request, contact=volunteer.contact, template="volunteers/wishes.html",
        back=reverse("volunteers:detail", args=[pk]), volunteer=volunteer,
    )  # fmt: skip
