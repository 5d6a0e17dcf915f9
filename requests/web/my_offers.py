"""The volunteer's offers on a phone: those that wait, one of them, yes and no."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import requires
from core.clock import local_date
from core.errors import DomainError
from requests.forms.visit import DeclineForm
from requests.selectors import my_pages
from requests.selectors.access import access_own_offer
from requests.services import answers
from requests.states import OfferState
from requests.web import who
from requests.web.doing import FORMS
from requests.web.my import tabs
from requests.why import sentences
from volunteers.lesson_words import sentence
from volunteers.selectors import own_lessons


@require_safe
@requires("offer.answer")
def my_offers(request: HttpRequest) -> HttpResponse:
    me = who.me(request)
    context = {
        **tabs(me, "offers"),
        "offers": list(my_pages.live_offers(me, timezone.now())),
        "past": list(my_pages.past_offers(me)),
    }
    return render(request, "requests/my/offers.html", context)


@require_safe
@requires("offer.answer")
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
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
    found = access_own_offer(who.me(request), pk)
    try:
        accepted = answers.accept(offer_id=found.pk, actor=who.actor(request), now=timezone.now())
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect("requests:my_offers")
    return redirect("requests:visit", accepted.visit_seat.visit_id)


@require_http_methods(FORMS)
@requires("offer.answer")
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    me = who.me(request)
    found = access_own_offer(me, pk)
    form = DeclineForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "requests/my/decline.html", {"offer": found, "form": form})
    reason, now = form.cleaned_data["reason"], timezone.now()
    try:
        answers.decline(offer_id=found.pk, actor=who.actor(request), now=now, reason=reason)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        taught = [sentence(lesson) for lesson in own_lessons(me, local_date(now)) if lesson.learned_at == now]
        messages.success(request, " ".join([_("Записахме. Питаме следващия. Няма лошо."), *taught]))
    return redirect("requests:my_offers")
