"""What the desk does to a request: put right, another day, stopped, begun again, planned anew."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import requires
from requests.forms.acts import CorrectForm, FreeTimesForm, PersonForm, StopForm
from requests.models import HelpRequest
from requests.selectors.access import access_help_request
from requests.selectors.detail import live_visit
from requests.services import changes, residents
from requests.services.actors import staff
from requests.web.doing import Asked, changed_meanwhile, do_at_once, done, page, possible, try_form

FORMS = ["GET", "HEAD", "POST"]


def row_of(request: HttpRequest, pk: UUID) -> HelpRequest:
    return access_help_request(request.membership, pk)  # type: ignore[attr-defined]


def may(request: HttpRequest, help_request: HelpRequest, act: str) -> bool:
    role = request.membership.role  # type: ignore[attr-defined]
    return act in possible(help_request, live_visit(help_request), role, timezone.now())


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = row_of(request, pk)
    if not may(request, help_request, "correct"):
        return changed_meanwhile(request, help_request)
    form = CorrectForm(help_request, request.POST if request.method == "POST" else None)
    if form.is_valid() and try_form(
        form,
        lambda: changes.correct(
            help_request=help_request, changes=form.changes(), actor=staff(request.user), now=timezone.now()  # type: ignore[arg-type]
        ),
    ):  # fmt: skip
        return done(request, help_request, pgettext("a form was saved", "Записано."))
    return page(request, help_request, Asked(_("Поправяте заявката"), _("Записвам")), form)


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = row_of(request, pk)
    resident = help_request.resident
    resident.municipality = help_request.municipality
    form = PersonForm(request.membership, resident, request.POST if request.method == "POST" else None)  # type: ignore[attr-defined]
    if form.is_valid() and try_form(
        form, lambda: residents.correct(resident=resident, person=form.person(), now=timezone.now())
    ):
        return done(request, help_request, pgettext("a form was saved", "Записано."))
    return page(request, help_request, Asked(_("Поправяте данните на човека"), _("Записвам")), form)


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def another_time(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = row_of(request, pk)
    if not may(request, help_request, "another_time"):
        return changed_meanwhile(request, help_request)
    form = FreeTimesForm(help_request.municipality, request.POST if request.method == "POST" else None)
    if form.is_valid() and try_form(
        form,
        lambda: changes.another_time(
            help_request=help_request, free=form.cleaned_data["when"], actor=staff(request.user), now=timezone.now()  # type: ignore[arg-type]
        ),
    ):  # fmt: skip
        return done(request, help_request, _("Записано. Търсим нов ден."))
    lines = (_("Уговореното отпада и казваме на доброволеца."),) if live_visit(help_request) else ()
    return page(request, help_request, Asked(_("Кога е по-удобно?"), _("Търсим нов ден"), lines), form)


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The confirming page: who no longer wants it, and what is given up."""
    help_request = row_of(request, pk)
    if not may(request, help_request, "stop"):
        return changed_meanwhile(request, help_request)
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        end = changes.withdraw if form.cleaned_data["why"] == "withdraw" else changes.cancel
        if try_form(form, lambda: end(help_request=help_request, actor=staff(request.user), now=timezone.now())):  # type: ignore[arg-type]
            return done(request, help_request, _("Заявката е спряна."))
    asked = Asked(
        _("Спирате заявката?"), _("Спирам заявката"), (_("Поканените и уговорените научават веднага."),),
        warn=True, stay=_("Оставям я"),
    )  # fmt: skip
    return page(request, help_request, asked, form)


@require_POST
@requires("help_request.change")
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = row_of(request, pk)
    return do_at_once(
        request, help_request,
        lambda: changes.reopen(help_request=help_request, actor=staff(request.user), now=timezone.now()),  # type: ignore[arg-type]
        _("Започваме отново. Търсим кой да отиде."),
    )  # fmt: skip


@require_POST
@requires("help_request.change")
def search_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = row_of(request, pk)
    return do_at_once(
        request, help_request,
        lambda: changes.search_again(help_request=help_request, actor=staff(request.user), now=timezone.now()),  # type: ignore[arg-type]
        _("Търсим отначало."),
    )  # fmt: skip
