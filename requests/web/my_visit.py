"""One visit on the volunteer's phone: begun, ended, another time, given back, help called for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import requires
from core.errors import DomainError
from requests.forms.visit import AnotherTimeForm, OutcomeForm
from requests.models import Visit
from requests.need_to_know import person_is_open
from requests.selectors import my_pages
from requests.selectors.access import access_own_visit
from requests.services import visit_changes, visits
from requests.states import Mode, RequestState, VisitState
from requests.web import who
from requests.web.doing import FORMS, attempt
from volunteers.models import Volunteer


@require_safe
@requires("visit.own")
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    return _show(request, me, access_own_visit(me, pk), OutcomeForm())


def _show(request: HttpRequest, me: Volunteer, found: Visit, form: OutcomeForm, status: int = 200) -> HttpResponse:
    others = [seat.volunteer for seat in found.seats.all() if seat.live and seat.volunteer_id != me.pk]
    knows = person_is_open(found, timezone.now())
    context = {
        "visit": found,
        "help_request": found.help_request,
        "knows": knows,
        "resident": found.help_request.resident if knows else None,
        "place": my_pages.place_of(found.help_request),
        "others": others,
        "waits": found.state in (VisitState.SCHEDULED, VisitState.CONFIRMED),
        "begun": found.state == VisitState.CHECKED_IN,
        "can_begin": timezone.now() >= found.start - visits.EARLIEST_CHECK_IN,
        "can_set_out": timezone.now() >= found.start - visits.EARLIEST_SET_OUT and _has_a_way(found),
        "set_out": my_pages.has_set_out(found),
        "form": form,
        "page_errors": bool(form.errors),
        "back_label": _("Днес"),
    }
    return render(request, "requests/my/visit.html", context, status=status)


def _has_a_way(found: Visit) -> bool:
    """Nobody sets out to a telephone, nor before there are two."""
    about = found.help_request
    return about.mode != Mode.PHONE_HELP and about.state != RequestState.PARTLY_STAFFED


@require_POST
@requires("visit.own")
def set_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    found = access_own_visit(me, pk)
    way = my_pages.way_to(me, found)
    attempt(
        request,
        lambda: visits.set_out(visit_id=found.pk, minutes=way, actor=who.actor(request), now=timezone.now()),
        _("Казахме на човека, че тръгвате."),
    )
    return redirect("requests:visit", found.pk)


@require_POST
@requires("visit.own")
def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_visit(who.me(request), pk)
    attempt(request, lambda: visits.check_in(visit_id=found.pk, actor=who.actor(request), now=timezone.now()))
    return redirect("requests:visit", found.pk)


@require_POST
@requires("visit.own")
def check_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    found = access_own_visit(me, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _show(request, me, found, form, status=422)
    said = form.cleaned_data
    try:
        visits.check_out(
            visit_id=found.pk, outcome=said["outcome"], minutes=said["minutes"], before=said["before"],
            after=said["after"], note=said["note"], actor=who.actor(request), now=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, me, found, form, status=error.status)
    messages.success(request, _("Записано. Благодарим ви."))
    return redirect("requests:my_today")


@require_http_methods(FORMS)
@requires("visit.own")
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    found = access_own_visit(me, pk)
    if request.method != "POST":
        place = my_pages.place_of(found.help_request)
        return render(request, "requests/my/give_back.html", {"visit": found, "place": place})
    attempt(
        request,
        lambda: visit_changes.give_back(visit_id=found.pk, volunteer=me, actor=who.actor(request), now=timezone.now()),
        _("Записахме. Търсим друг човек и казваме на всички."),
    )
    return redirect("requests:my_today")


@require_http_methods(FORMS)
@requires("visit.own")
def another_time(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    found = access_own_visit(me, pk)
    form = AnotherTimeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        place = my_pages.place_of(found.help_request)
        return render(request, "requests/my/another_time.html", {"visit": found, "place": place, "form": form})
    attempt(
        request,
        lambda: visit_changes.ask_another_time(
            visit_id=found.pk, volunteer=me, note=form.cleaned_data["note"],
            actor=who.actor(request), now=timezone.now(),
        ),
        _("Координаторът ще ви се обади. Дотогава часът остава."),
    )  # fmt: skip
    return redirect("requests:visit", found.pk)


@require_POST
@requires("visit.own")
def need_help(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = access_own_visit(who.me(request), pk)
    attempt(
        request,
        lambda: visits.need_help(visit_id=found.pk, actor=who.actor(request), now=timezone.now()),
        _("Координаторът ще ви се обади веднага."),
    )
    return redirect("requests:visit", found.pk)
