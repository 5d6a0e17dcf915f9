"""„Какво би помогнало“: a nudge to the worker; „Днес“ shows the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts.policy import requires
from planning.services import advice
from planning.tasks import advise_municipality


@require_POST
@requires("planning.run")
def advise_now(request: HttpRequest) -> HttpResponse:
    municipality = request.membership.municipality  # type: ignore[attr-defined]
    advice.ask(municipality=municipality, now=timezone.now())
    try:
        advise_municipality.apply_async((municipality.pk,), retry=False)
    except OperationalError:
        messages.warning(request, _("Опашката не отговаря. Ще го сметнем сами след малко."))
    return redirect("planning:today")
