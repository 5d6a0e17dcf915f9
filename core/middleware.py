"""Domain errors turned into pages."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import DomainError
from core.request_ids import current

API = "/api/"
# Django has answers of its own to these.
KNOWN = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
logger = logging.getLogger("django.request")
Next = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """A rule broken on a page without its own answer becomes a page that says what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.path.startswith(API) and response.status_code >= 400 and page:
            return problem(response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None if settings.DEBUG else _failed(request, exception)
        context = {"code": exception.code, "message": exception.message}
        return render(request, "core/error.html", context, status=exception.status)


def _failed(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A program is told an id to name to us, and nothing of what went wrong; that stands in the log."""
    if not request.path.startswith(API) or isinstance(exception, KNOWN):
        return None
    logger.error("Internal Server Error: %s", request.path, exc_info=sys.exc_info(), extra={"request": request})
    got_request_exception.send(sender=DomainErrorMiddleware, request=request)
    return problem(500)


def problem(status: int, code: str = "") -> HttpResponse:
    """What a program is told where no view answered."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    code = code or {400: "bad_request", 404: "not_found", 500: "error"}.get(status, "refused")
    return JsonResponse(
        {**body, "code": code, "id": current.get()}, status=status, content_type="application/problem+json"
    )
