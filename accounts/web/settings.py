"""What a municipality sets for itself: its desk, rules, help points, free days, notes on coverage."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import refuse
from accounts.policy import allows, requires
from core.clock import local_date
from core.errors import DomainError
from places import selectors, services
from places.forms import CoverageForm, DeskForm, HelpPointForm, LocalHolidayForm, RulesForm
from places.models import HelpPoint, LocalHoliday, Municipality, Settlement

SAVED = pgettext_lazy("a form was saved", "Записано.")


def _municipality(request: HttpRequest) -> Municipality:
    return request.membership.municipality  # type: ignore[attr-defined,no-any-return]


def _answer(
    request: HttpRequest, form: Any, template: str, back: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Save a valid form and go back to its list, else show it with what is missing."""
    if form.is_bound and form.is_valid() and _saved(form):
        messages.info(request, SAVED)
        return redirect(back)
    return render(request, f"accounts/settings/{template}.html", {"form": form, **(context or {})})


def _saved(form: BaseForm) -> bool:
    try:
        form.save()  # type: ignore[attr-defined]
    except DomainError as error:
        refuse(form, error)
        return False
    return True


@requires("places.settings")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    role = request.membership.role  # type: ignore[attr-defined]
    opens = {"invite": "accounts.invite", "tokens": "accounts.tokens", "webhooks": "webhooks.read"}
    opens["keeping"] = "keeping.terms"
    context = {f"may_{name}": allows(role, action) for name, action in opens.items()}
    return render(request, "accounts/settings/index.html", context)


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    form = DeskForm(request.POST or None, instance=Municipality.objects.get(pk=_municipality(request).pk))
    return _answer(request, form, "desk", "accounts:settings")


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST or None, municipality=_municipality(request))
    return _answer(request, form, "rules", "accounts:settings")


@requires("places.settings")
@require_safe
def help_points(request: HttpRequest) -> HttpResponse:
    points = selectors.help_points_of(_municipality(request))
    return render(request, "accounts/settings/help_points.html", {"points": points})


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def help_point(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    municipality = _municipality(request)
    point = get_object_or_404(selectors.help_points_of(municipality), pk=pk) if pk else None
    form = HelpPointForm(request.POST or None, municipality=municipality, instance=point)
    return _answer(request, form, "help_point", "accounts:help-points", {"point": point})


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def close_help_point(request: HttpRequest, pk: int) -> HttpResponse:
    municipality = _municipality(request)
    point = get_object_or_404(selectors.help_points_of(municipality), pk=pk)
    if request.method == "POST":
        try:
            services.close_help_point(municipality=municipality, help_point_id=pk)
        except HelpPoint.DoesNotExist as error:
            raise Http404 from error
        messages.info(request, _("Пунктът е затворен. Уговореното там остава."))
        return redirect("accounts:help-points")
    return render(request, "accounts/settings/help_point_close.html", {"point": point})


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    form = LocalHolidayForm(request.POST or None, municipality=municipality)
    context = {"holidays": selectors.local_holidays_of(municipality), "today": local_date(timezone.now())}
    return _answer(request, form, "holidays", "accounts:holidays", context)


@requires("places.settings")
@require_POST
def remove_holiday(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.remove_local_holiday(municipality=_municipality(request), holiday_id=pk)
    except LocalHoliday.DoesNotExist as error:
        raise Http404 from error
    messages.info(request, _("Денят отново е работен."))
    return redirect("accounts:holidays")


@requires("places.settings")
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    rows = [
        {"settlement": one, "note": getattr(one, "coverage", None)}
        for one in selectors.settlements_of(_municipality(request))
    ]
    return render(request, "accounts/settings/coverage.html", {"rows": rows})


@requires("places.settings")
@require_http_methods(["GET", "POST"])
def coverage_note(request: HttpRequest, ekatte: str) -> HttpResponse:
    settlement = get_object_or_404(Settlement.objects.of(_municipality(request)), pk=ekatte)
    form = CoverageForm(request.POST or None, settlement=settlement)
    return _answer(request, form, "coverage_note", "accounts:coverage", {"settlement": settlement})
