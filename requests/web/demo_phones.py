"""The demonstration's telephones: whose each is, since messages know only contacts."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.policy import public
from core.demonstration import is_marked
from notifications import web
from requests.models import Resident
from volunteers.models import Volunteer


@public
def demo_phones(request: HttpRequest) -> HttpResponse:
    """Stands in the addresses only where settings.DEMO is set; 404 on a database of real people."""
    if not is_marked():
        raise Http404
    return web.phones(request, owners=_owners())


def _owners() -> dict[UUID, web.Owner]:
    volunteers = Volunteer.objects.select_related("home")
    residents = Resident.objects.select_related("settlement")
    return {
        row.contact_id: web.Owner(row.name, _("търси помощ"), row.settlement.prefixed_name) for row in residents
    } | {row.contact_id: web.Owner(row.name, _("доброволец"), row.home.prefixed_name) for row in volunteers}
