"""How a resident is told things: set by themselves beside their request, or by the desk for them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import by_code, requires
from notifications import web
from requests.models import HelpRequest
from requests.web import own as owned
from requests.web import who
from requests.web.doing import FORMS


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@owned.own_page
def own(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    return web.wishes(
        request, contact=help_request.resident.contact, template="requests/track/wishes.html",
        back=reverse("requests:tracking"), municipality=help_request.municipality,
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def of_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    return web.wishes(
        request, contact=help_request.resident.contact, template="requests/detail/wishes.html",
        back=reverse("requests:detail", args=[pk]), help_request=help_request,
    )  # fmt: skip
