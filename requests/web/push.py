"""The volunteer's notifications: the pages of the messages' room, behind this room's doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policy import public, requires
from notifications.models import Contact
from notifications.web import push as pages
from requests.web import who
from requests.web.doing import FORMS
from volunteers.models import Volunteer


@require_http_methods(FORMS)
@requires("volunteer.self")
def push(request: HttpRequest) -> HttpResponse:
    me = who.me(request)
    return pages.push(request, contacts=_mine(me), back_url=reverse("requests:inbox"), back_label=_("Съобщения"))


def _mine(me: Volunteer) -> list[Contact]:
    """One browser serves a person everywhere they help: somebody in two municipalities has two contacts."""
    rows = Volunteer.objects.filter(user=me.user_id).select_related("contact") if me.user_id else [me]
    return sorted((row.contact for row in rows), key=lambda contact: str(contact.pk))


shown = public(pages.shown)
changed = public(pages.changed)
service_worker = public(pages.service_worker)
