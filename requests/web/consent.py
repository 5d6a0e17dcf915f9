"""Does the person agree: asked by SMS in two steps, or by telephone and written down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import requires
from requests import agreement_texts
from requests.selectors.consents import consents_of
from requests.services import consents
from requests.states import ConsentAnswer
from requests.web import who
from requests.web.doing import FORMS, attempt


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do=ask` sends the two messages; `answer` writes down what was said."""
    help_request, now = who.row_of(request, pk), timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "ask":
            said = _("Тръгна обобщението. Въпросът идва след него.")
            attempt(request, lambda: consents.ask(help_request=help_request, actor=who.actor(request), now=now), said)
        else:
            answer = request.POST.get("answer", "")
            attempt(
                request,
                lambda: consents.write_down(
                    help_request=help_request, answer=answer, actor=who.actor(request), now=now
                ),
                _("Записано е какво каза човекът."),
            )
        return redirect("requests:detail_consent", pk)
    asked = consents_of(help_request)
    context = {
        "help_request": help_request,
        "asked": asked,
        "waits": bool(asked) and not asked[0].answer,
        "yes": ConsentAnswer.YES,
        "no": ConsentAnswer.NO,
        "words": agreement_texts.current("consent").said(),
    }
    return render(request, "requests/detail/consent.html", context)
