"""Where is my request: code and phone open it; there it is confirmed, moved, mended or stopped."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import by_code, public
from core import flood
from core.clock import local_date
from core.errors import DomainError
from requests.forms.asking import Asking
from requests.forms.track import CorrectForm, TrackForm
from requests.forms.when import WhenForm
from requests.models import HelpRequest
from requests.selectors.access import mandate_behind
from requests.services import changes, visits
from requests.services.actors import RESIDENT
from requests.web import own, tries
from requests.web.telling import tell
from requests.web.town import chosen

FORMS = ["GET", "HEAD", "POST"]
TOO_MANY = gettext_lazy("Почакайте 15 минути и опитайте пак. По-бързо е да ни звъннете.")
NOT_FOUND = gettext_lazy("Не намираме заявка с този код и телефон. Проверете ги или ни звъннете.")


@public
@never_cache
@require_http_methods(FORMS)
def track(request: HttpRequest) -> HttpResponse:
    """One kind answer to every wrong pair, so that nobody learns which half was right."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    status, work = 200, None
    if form.is_valid() and (work := flood.asked(request)) is None:
        found, told = tries.opened(request, form.cleaned_data["code"], form.cleaned_data["phone"])
        if found is not None:
            own.bind(request, found, mandate=mandate_behind(found, form.cleaned_data["phone"]))
            return redirect("requests:tracking")
        form.add_error(None, TOO_MANY if told == tries.TOO_MANY else NOT_FOUND)
        status = 429 if told == tries.TOO_MANY else 200
    context = {"form": form, "back_url": reverse("requests:home"), "municipality": chosen(request)}
    context["work"], status = work, 429 if work else status
    return render(request, "requests/track/track.html", context, status=status)


@by_code("own_request.read")
@never_cache
@own.own_page
def tracking(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    story = tell(help_request, now=timezone.now())
    return render(request, "requests/track/tracking.html", _page(help_request, story=story))


@by_code("own_request.change")
@never_cache
@require_POST
@own.own_page
def confirm(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    """„Да, ще съм вкъщи“."""
    story = tell(help_request, now=timezone.now())
    if story.may_confirm and story.appointment is not None:
        visits.confirm(visit_id=story.appointment.visit.pk, actor=RESIDENT, now=timezone.now())
        messages.success(request, _("Записахме. Чакайте ни."))
    return redirect("requests:tracking")


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@own.own_page
def another_time(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    asking = Asking(help_request.municipality, local_date(timezone.now()), {})
    form = WhenForm(asking, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _do(
            request,
            _("Записахме. Търсим нов ден."),
            lambda: changes.another_time(
                help_request=help_request, free=form.free(), actor=RESIDENT, now=timezone.now()
            ),
        )
    return _form_page(request, help_request, "requests/track/another_time.html", form)


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@own.own_page
def correct(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    form = CorrectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        note, word = form.cleaned_data["note"].strip(), form.cleaned_data["safe_word"].strip()
        mended = {"safe_word": word} if word else {}
        if note:
            mended["note"] = "\n".join(part for part in (help_request.note, note) if part)
        return _do(
            request,
            _("Записахме го."),
            lambda: changes.correct(help_request=help_request, changes=mended, actor=RESIDENT, now=timezone.now()),
        )
    return _form_page(request, help_request, "requests/track/correct.html", form)


@by_code("own_request.change")
@never_cache
@require_http_methods(FORMS)
@own.own_page
def withdraw(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    """Asked once more on a page of its own: what was arranged is given back."""
    if request.method == "POST":
        return _do(
            request,
            _("Спряхме заявката."),
            lambda: changes.withdraw(help_request=help_request, actor=RESIDENT, now=timezone.now()),
        )
    return _form_page(request, help_request, "requests/track/withdraw.html", None)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """On somebody else's computer: the page forgets the request."""
    own.forget(request)
    return redirect("requests:home")


def _do(request: HttpRequest, said: str, step) -> HttpResponse:  # type: ignore[no-untyped-def]
    """Do it and say so; what the moment no longer allows is said kindly where it stands now."""
    try:
        step()
    except DomainError as error:
        messages.warning(request, str(error.message))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("requests:tracking")


def _form_page(request: HttpRequest, help_request: HelpRequest, template: str, form: object) -> HttpResponse:
    if not tell(help_request, now=timezone.now()).may_change:
        messages.warning(request, _("Посещението вече тече или е приключило."))
        return redirect("requests:tracking")
    return render(request, template, _page(help_request, form=form, back_url=reverse("requests:tracking")))


def _page(help_request: HelpRequest, **more: object) -> dict[str, object]:
    return {"help_request": help_request, "municipality": help_request.municipality, **more}
