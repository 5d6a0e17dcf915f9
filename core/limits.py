"""What is not even read: what is larger than any form, in the body or the address, and what comes unencrypted."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.middleware import API, problem

Next = Callable[[HttpRequest], HttpResponse]
# Called by programs, not opened by people: a redirect would hide that everything went in clear.
PROGRAMS = (API, "/vrata/", "/kalendar/")
# After the question mark. Pages carry it on in each of their links, so a long one would come back many times longer.
LONGEST_QUERY = 8_000


class LimitsMiddleware:
    """Stands before anything reads the body. A length that is not told is none: the server hands on nothing then."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(PROGRAMS):
            return problem(403, code="https")
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _too_large(request, 413, code="too_large")
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            # Neither the page that says so carries it on.
            request.META["QUERY_STRING"] = ""
            return _too_large(request, 414, code="address_too_long")
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if str(told).isdecimal() else 0


def _too_large(request: HttpRequest, status: int, *, code: str) -> HttpResponse:
    if request.path.startswith(API):
        return problem(status, code=code)
    message = _("Написаното е твърде дълго. Скъсете го и опитайте пак.")
    return render(request, "core/error.html", {"code": code, "message": message}, status=status)
