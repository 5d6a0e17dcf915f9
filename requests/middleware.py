"""Writes down whose record a page or a call has shown, and to whom."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.crypto import lookup_hash
from core.opened import Opened, collecting
from core.tries import address
from requests.services import openings

# An answer without the record: refused, or a redirect after an act.
SHOWN = (200, 201, 409, 422)


class OpeningsMiddleware:
    """The doors note what they open; here it is known whether it was shown, to whom and where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with collecting() as noted:
            response = self.get_response(request)
        if noted and response.status_code in SHOWN:
            _write(request, noted)
        return response


def _write(request: HttpRequest, noted: set[Opened]) -> None:
    member = request.membership  # type: ignore[attr-defined]
    door = request.resolver_match.view_name if request.resolver_match else ""
    openings.write(reader=member, noted=noted, door=door, place=where_from(request), now=timezone.now())


def where_from(request: HttpRequest) -> str:
    """A keyed hash of the network the reader is in: equal places look equal, and no address is kept."""
    try:
        whole = ipaddress.ip_address(address(request))
    except ValueError:
        return ""
    bits = 24 if whole.version == 4 else 48
    network = ipaddress.ip_network(f"{whole}/{bits}", strict=False)
    return lookup_hash(str(network), purpose="opening")
