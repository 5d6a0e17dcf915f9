"""Requests from the web that must be phoned first, and what this clerk took."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import requires
from requests.models import HelpRequest
from requests.selectors import detail as reading
from requests.services import changes, intake
from requests.states import RequestState
from requests.web import who
from requests.web.detail import tag_of, where
from requests.web.doing import FORMS, Asked, attempt, page, upstairs

PAGE = 30


@require_safe
@requires("help_request.change")
@never_cache
def calls(request: HttpRequest) -> HttpResponse:
    membership, now = request.membership, timezone.now()  # type: ignore[attr-defined]
    found = Paginator(reading.to_phone(membership, now), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": found,
        "rows": [(row, where(row)) for row in found],
        "count": reading.calls_waiting(membership, now),
        "total": found.paginator.count,
        "member": membership,
    }
    return render(request, "requests/calls/calls.html", context)


@require_POST
@requires("help_request.change")
def true(request: HttpRequest, pk: UUID) -> HttpResponse:
    """„Вярно е, търсим“."""
    row = who.row_of(request, pk)
    if row.state != RequestState.UNVERIFIED:
        messages.warning(request, _("Тази заявка вече не чака обаждане."))
        return _back(request, row)
    intake.verify(help_request=row, actor=who.actor(request), now=timezone.now())
    messages.success(request, _("Записано. Търсим кой да отиде."))
    return _back(request, row)


@require_POST
@requires("help_request.change")
def not_reached(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = who.row_of(request, pk)
    attempt(
        request,
        lambda: changes.not_reached(help_request=row, actor=who.actor(request), now=timezone.now()),
        _("Записано. Звъним пак след 4 часа."),
    )
    return _back(request, row)


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def untrue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The confirming page: nobody asked for this help."""
    row = who.row_of(request, pk)
    if row.state != RequestState.UNVERIFIED:
        messages.warning(request, _("Тази заявка вече не чака обаждане."))
        return redirect("requests:calls")
    if request.method == "POST":
        attempt(
            request,
            lambda: changes.cancel(help_request=row, actor=who.actor(request), now=timezone.now()),
            _("Заявката е отменена."),
        )
        return redirect("requests:calls")
    asked = Asked(
        _("Заявката не е истинска?"), _("Отменям я"), (_("Отменяме я и не търсим доброволец."),),
        warn=True, stay=_("Оставям я"),
    )  # fmt: skip
    return page(request, row, asked, back=reverse("requests:calls"), back_label=_("Обаждания"))


@require_safe
@requires("help_request.intake")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    found = Paginator(reading.taken_by_me(membership), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": found,
        "rows": [(row, tag_of(row)) for row in found],
        "queue_url": upstairs("planning:queue"),
    }
    return render(request, "requests/calls/mine.html", context)


def _back(request: HttpRequest, row: HelpRequest) -> HttpResponse:
    if request.POST.get("back") == "detail":
        return redirect("requests:detail", row.pk)
    return redirect("requests:calls")
