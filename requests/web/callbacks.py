"""The one screen of calls to return: taken by one, left only with a result. Works by keyboard and without a script."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import requires
from notifications.models import Callback
from notifications.services import callbacks as services
from notifications.states import CallbackResult, CallbackSource
from requests.forms.callbacks import PromiseForm, ResultForm
from requests.selectors import callbacks as reading
from requests.web.doing import FORMS, attempt, try_form, typed

PAGE = 40
# What is chosen most, first; the one green button.
RESULTS = [CallbackResult.HELPED, CallbackResult.REQUEST, CallbackResult.NOT_FOR_US, CallbackResult.WRONG]


@require_http_methods(FORMS)
@requires("callback.work")
@never_cache
def callbacks(request: HttpRequest) -> HttpResponse:
    """The queue; POST promises a call."""
    now, membership = timezone.now(), request.membership  # type: ignore[attr-defined]
    form = PromiseForm(typed(request), now=now)

    def promise() -> Any:
        said = form.cleaned_data
        return services.ask(
            municipality=membership.municipality, phone=said["phone"], source=CallbackSource.PROMISED, since=now,
            due_at=max(said["when"], now), now=now, language=said["language"], reason=said["reason"],
        )  # fmt: skip

    if form.is_valid() and try_form(form, promise):
        messages.success(request, _("Записано. Ще се обадим."))
        return redirect("requests:callbacks")
    return _page(request, now, form=form, status=422 if form.errors else 200)


@require_POST
@requires("callback.work")
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do`: take, release, no_answer; or a `result` that closes it. Who was slower is told kindly."""
    now, user = timezone.now(), request.user
    row = reading.access_callback(request.membership, pk)  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    if do == "take":
        attempt(request, lambda: services.hold(row, by=user, now=now))  # type: ignore[arg-type]
    elif do == "release":
        services.release(row, by=user)  # type: ignore[arg-type]
    elif do == "no_answer":
        again = _("Записано. Звъним пак по-късно.")
        attempt(request, lambda: services.nobody_answered(row, by=user, now=now), again)  # type: ignore[arg-type]
    else:
        return _finish(request, row, now)
    return redirect("requests:callbacks")


def _finish(request: HttpRequest, row: Callback, now: datetime) -> HttpResponse:
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, now, result_of=row, result=form)
    said = form.cleaned_data
    attempt(
        request,
        lambda: services.finish(row, by=request.user, result=said["result"], note=said["note"], now=now),  # type: ignore[arg-type]
        _("Готово. Обаждането е приключено."),
    )
    return redirect("requests:callbacks")


def _page(
    request: HttpRequest,
    now: datetime,
    *,
    form: PromiseForm | None = None,
    result_of: Callback | None = None,
    result: ResultForm | None = None,
    status: int = 200,
) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    mine = reading.held_by(membership, now)
    others = reading.waiting(membership).exclude(pk__in=[row.pk for row in mine])
    found = Paginator(others, PAGE).get_page(request.GET.get("page"))
    rows = list(found)
    known = reading.callers(membership, [row.phone_hash for row in (*mine, *rows)])
    context = {
        "page_obj": found,
        "mine": [(row, known.get(row.phone_hash), result if row == result_of else None) for row in mine],
        "due": [(row, known.get(row.phone_hash), _held(row, now)) for row in rows if row.due_at <= now],
        "later": [(row, known.get(row.phone_hash), _held(row, now)) for row in rows if row.due_at > now],
        "count": reading.calling_back(membership, now),
        "results": [(code.value, code.label) for code in RESULTS],
        "give_up": CallbackResult.NOT_REACHED,
        "form": form or PromiseForm(now=now),
    }
    return render(request, "requests/callbacks/callbacks.html", context, status=status)


def _held(row: Callback, now: datetime) -> bool:
    return row.holder_id is not None and row.lease_until is not None and row.lease_until > now
