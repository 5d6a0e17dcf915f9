"""Where no view answered: a program is told in JSON, a person by a page, and no page is made for a program."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from core.middleware import API, problem

logger = logging.getLogger("django.request")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400) if _of_a_program(request) else defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403) if _of_a_program(request) else defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404) if _of_a_program(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page needs what every page needs; where that is broken too, its words stand alone."""
    if _of_a_program(request):
        return problem(500)
    try:
        return defaults.server_error(request)
    except Exception:
        logger.exception("the page that says so cannot be made either")
        words = f"{_('Нещо при нас се счупи')}. {_('Записахме какво стана. Опитайте след малко.')}"
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")


def _of_a_program(request: HttpRequest) -> bool:
    return request.path.startswith(API)
