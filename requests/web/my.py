"""The volunteer's pages on a phone: today, offers, the week, one visit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import requires
from core.clock import local_date, monday
from core.errors import DomainError
from notifications import web as notifications_web
from notifications.selectors import unread_count
from requests.forms.visit import AnotherTimeForm, DeclineForm, OutcomeForm
from requests.models import Visit
from requests.selectors import my_pages
from requests.selectors.access import access_own_offer, access_own_visit, volunteer_of
from requests.services import answers, visit_changes, visits
from requests.services.actors import staff
from requests.states import Mode, OfferState, VisitState
from requests.why import sentences
from volunteers.models import Volunteer


def _me(request: HttpRequest) -> Volunteer:
    return volunteer_of(request.membership)  # type: ignore[attr-defined]


def _tabs(volunteer: Volunteer, current: str) -> dict[str, Any]:
    waiting = my_pages.offers_waiting(volunteer, timezone.now())
    return {"current": current, "tab_offers": waiting, "volunteer": volunteer}


@require_safe
@requires("visit.own")
def today(request: HttpRequest) -> HttpResponse:
    me, now = _me(request), timezone.now()
    day = local_date(now)
    plan = my_pages.day_of(me, day, my_pages.visits_between(me, day, 1))
    away = [leg.visit.help_request for leg in plan.legs if leg.visit.help_request.mode != Mode.PHONE_HELP]
    stops = [my_pages.place_of(help_request) for help_request in away]
    coming = my_pages.visits_between(me, day + timedelta(days=1), 14)
    context = {
        **_tabs(me, "today"),
        "day": plan,
        "map": my_pages.map_of(me, stops, label=_("Карта на днешния път")),
        "unfinished": my_pages.unfinished(me, now),
        "coming": coming[:3],
        "now": now,
        "unread": unread_count([me.contact], now=now),
    }
    return render(request, "requests/my/today.html", context)


@require_safe
@requires("offer.answer")
def my_offers(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    context = {
        **_tabs(me, "offers"),
        "offers": list(my_pages.live_offers(me, timezone.now())),
        "past": list(my_pages.past_offers(me)),
    }
    return render(request, "requests/my/offers.html", context)


@require_safe
@requires("offer.answer")
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = _me(request)
    found = access_own_offer(me, pk)
    place = my_pages.place_of(found.help_request)
    seat = getattr(found, "visit_seat", None) if found.state == OfferState.ACCEPTED else None
    context = {
        "offer": found,
        "volunteer": me,
        "place": place,
        "partner": my_pages.partner_of(found),
        "why": sentences(found.why),
        "map": my_pages.map_of(me, [place], label=_("Карта: от вас до %(place)s") % {"place": place.name}),
        "live": found.state == OfferState.MADE and found.expires_at > timezone.now(),
        "visit_id": seat.visit_id if seat is not None and seat.live else None,
    }
    return render(request, "requests/my/offer.html", context)


@require_POST
@requires("offer.answer")
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_offer(_me(request), pk)
    try:
        accepted = answers.accept(offer_id=found.pk, actor=staff(request.user), now=timezone.now())  # type: ignore[arg-type]
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect("requests:my_offers")
    return redirect("requests:visit", accepted.visit_seat.visit_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("offer.answer")
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_offer(_me(request), pk)
    form = DeclineForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "requests/my/decline.html", {"offer": found, "form": form})
    try:
        answers.decline(
            offer_id=found.pk, actor=staff(request.user), now=timezone.now(),  # type: ignore[arg-type]
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(request, _("Записахме. Питаме следващия. Няма лошо."))
    except DomainError as error:
        messages.warning(request, str(error.message))
    return redirect("requests:my_offers")


@require_safe
@requires("visit.own")
def my_week(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    this_week = monday(local_date(timezone.now()))
    first = monday(parse_date(request.GET.get("ot", "")) or this_week)
    context = {
        **_tabs(me, "week"),
        "days": my_pages.week_of(me, first),
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "this_week": this_week,
        "today": local_date(timezone.now()),
    }
    return render(request, "requests/my/week.html", context)


@require_safe
@requires("visit.own")
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = _me(request)
    return _show(request, me, access_own_visit(me, pk), OutcomeForm())


def _show(request: HttpRequest, me: Volunteer, found: Visit, form: OutcomeForm, status: int = 200) -> HttpResponse:
    others = [seat.volunteer for seat in found.seats.all() if seat.live and seat.volunteer_id != me.pk]
    context = {
        "visit": found,
        "help_request": found.help_request,
        "resident": found.help_request.resident,
        "place": my_pages.place_of(found.help_request),
        "others": others,
        "waits": found.state in (VisitState.SCHEDULED, VisitState.CONFIRMED),
        "begun": found.state == VisitState.CHECKED_IN,
        "can_begin": timezone.now() >= found.start - visits.EARLIEST_CHECK_IN,
        "form": form,
        "page_errors": bool(form.errors),
        "back_label": _("Днес"),
    }
    return render(request, "requests/my/visit.html", context, status=status)


@require_POST
@requires("visit.own")
def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_visit(_me(request), pk)
    _try(request, lambda: visits.check_in(visit_id=found.pk, actor=staff(request.user), now=timezone.now()))  # type: ignore[arg-type]
    return redirect("requests:visit", found.pk)


@require_POST
@requires("visit.own")
def check_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = _me(request)
    found = access_own_visit(me, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _show(request, me, found, form, status=422)
    said = form.cleaned_data
    try:
        visits.check_out(
            visit_id=found.pk, outcome=said["outcome"], minutes=said["minutes"], before=said["before"],
            after=said["after"], note=said["note"], actor=staff(request.user), now=timezone.now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, me, found, form, status=error.status)
    messages.success(request, _("Записано. Благодарим ви."))
    return redirect("requests:my_today")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visit.own")
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = _me(request)
    found = access_own_visit(me, pk)
    if request.method != "POST":
        place = my_pages.place_of(found.help_request)
        return render(request, "requests/my/give_back.html", {"visit": found, "place": place})
    _try(
        request,
        lambda: visit_changes.give_back(visit_id=found.pk, volunteer=me, actor=staff(request.user), now=timezone.now()),  # type: ignore[arg-type]
        _("Записахме. Търсим друг човек и казваме на всички."),
    )
    return redirect("requests:my_today")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visit.own")
def another_time(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = _me(request)
    found = access_own_visit(me, pk)
    form = AnotherTimeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        place = my_pages.place_of(found.help_request)
        return render(request, "requests/my/another_time.html", {"visit": found, "place": place, "form": form})
    _try(
        request,
        lambda: visit_changes.ask_another_time(
            visit_id=found.pk, volunteer=me, note=form.cleaned_data["note"],
            actor=staff(request.user), now=timezone.now(),  # type: ignore[arg-type]
        ),
        _("Координаторът ще ви се обади. Дотогава часът остава."),
    )  # fmt: skip
    return redirect("requests:visit", found.pk)


@require_POST
@requires("visit.own")
def need_help(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_visit(_me(request), pk)
    _try(
        request,
        lambda: visits.need_help(visit_id=found.pk, actor=staff(request.user), now=timezone.now()),  # type: ignore[arg-type]
        _("Координаторът ще ви се обади веднага."),
    )
    return redirect("requests:visit", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("volunteer.self")
def inbox(request: HttpRequest) -> HttpResponse:
    """What the volunteer was told, newest first."""
    me = _me(request)
    context = {"back_url": reverse("requests:my_today"), "back_label": _("Днес")}
    return notifications_web.inbox(request, contacts=[me.contact], **context)


def _try(request: HttpRequest, do: Any, said: str = "") -> None:
    try:
        do()
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        if said:
            messages.success(request, said)
