"""What the person adds on their own page: whom we tell that a visit began and ended, and how it went afterwards."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import by_code
from requests import agreement_texts
from requests.forms.track import AnswerForm, RelativeForm
from requests.models import HelpRequest
from requests.selectors.tracking import ended_visit
from requests.services import agreements, thanks
from requests.states import AgreementWay
from requests.web import own
from requests.web.doing import FORMS, try_form, typed
from requests.web.telling import tell


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@own.own_page
def relative(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    """The number itself is not shown: whoever holds the card must not read it here."""
    if not tell(help_request, now=timezone.now()).may_change:
        messages.warning(request, _("Посещението вече тече или е приключило."))
        return redirect("requests:tracking")
    form, resident = RelativeForm(typed(request)), help_request.resident
    resident.municipality = help_request.municipality
    if form.is_valid() and try_form(
        form,
        lambda: agreements.tell(
            resident=resident, phone=form.cleaned_data["phone"], way=AgreementWay.WEB, now=timezone.now()
        ),
    ):
        said = _("Записахме. Ще кажем и на близкия.") if resident.relative else _("Записахме. Не казваме на никого.")
        messages.success(request, said)
        return redirect("requests:tracking")
    words = agreement_texts.current("relative").said()
    return _page(request, help_request, "requests/track/relative.html", form, words=words)


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@own.own_page
def answer(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    visit = ended_visit(help_request)
    if visit is None:
        return redirect("requests:tracking")
    form = AnswerForm(typed(request))
    if form.is_valid() and try_form(
        form, lambda: thanks.answer(visit_id=visit.pk, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, _("Благодарим Ви. Координаторът ще го прочете."))
        return redirect("requests:tracking")
    return _page(request, help_request, "requests/track/answer.html", form)


def _page(request: HttpRequest, help_request: HelpRequest, template: str, form: object, **more: object) -> HttpResponse:
    context = {
        "help_request": help_request, "municipality": help_request.municipality, "form": form,
        "back_url": reverse("requests:tracking"), **more,
    }  # fmt: skip
    return render(request, template, context)
