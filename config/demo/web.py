"""The demonstration's resident follows their request by a link, without typing the code. Only with DEMO=1."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.demo import RESIDENT_MARK, is_demo
from accounts.policy import public
from core.models import InstallationMark
from requests.models import HelpRequest
from requests.web import own


@public
def resident(request: HttpRequest, number: int) -> HttpResponse:
    """Opens only the request the demonstration's mark names."""
    mark = InstallationMark.objects.filter(kind=RESIDENT_MARK).first()
    if not is_demo() or mark is None or not mark.note.startswith(request.path_info + " "):
        raise Http404
    found = HelpRequest.objects.filter(number=number).first()
    if found is None:
        raise Http404
    own.bind(request, found)
    return redirect("requests:tracking")
