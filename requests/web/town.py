"""Which municipality the public pages speak for."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from places.models import Municipality
from places.selectors import active_municipalities
from requests.web.answers import PLACE


def chosen(request: HttpRequest) -> Municipality | None:
    """The only active one, else the one chosen in this session; None where a choice is still to be made."""
    active = list(active_municipalities())
    if len(active) == 1:
        return active[0]
    code = request.session.get(PLACE)
    return next((one for one in active if one.pk == code), None)


def chosen_or_404(request: HttpRequest) -> Municipality:
    found = chosen(request)
    if found is None:
        raise Http404
    return found
