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
from requests import agreement_texts
from requests.forms.acts import CorrectForm, FreeTimesForm, PersonForm, StopForm
from requests.forms.agreements import RelativeHeardForm
from requests.models import HelpRequest, Visit
from requests.services import agreements, changes, residents
from requests.web import who
from requests.web.doing import FORMS, Asked, act, ask_and_do, do_at_once, typed


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
@act("correct")
def correct(request: HttpRequest, help_request: HelpRequest, visit: Visit | None) -> HttpResponse:
    form = CorrectForm(help_request, typed(request))
    return ask_and_do(
        request, help_request, Asked(_("Поправяте заявката"), _("Записвам")), form,
        lambda: changes.correct(
            help_request=help_request, changes=form.changes(), actor=who.actor(request), now=timezone.now()
        ),
        pgettext("a form was saved", "Записано."),
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    resident = help_request.resident
    resident.municipality = help_request.municipality
    form = PersonForm(request.membership, resident, typed(request))  # type: ignore[attr-defined]
    return ask_and_do(
        request, help_request, Asked(_("Поправяте данните на човека"), _("Записвам")), form,
        lambda: residents.correct(
            resident=resident, person=form.person(), now=timezone.now(), way=form.cleaned_data["way"]
        ),
        pgettext("a form was saved", "Записано."),
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
def relative(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only where the person wishes it, and nothing of what the visit is about."""
    help_request = who.row_of(request, pk)
    resident = help_request.resident
    resident.municipality = help_request.municipality
    written = {"phone": resident.relative.phone} if resident.relative else {}
    form = RelativeHeardForm(typed(request), initial=written)
    lines = (_("Прочетете на човека:"), agreement_texts.current("relative").said())
    return ask_and_do(
        request, help_request, Asked(_("На кой близък казваме?"), _("Записвам"), lines), form,
        lambda: agreements.tell(resident=resident, by=request.user, now=timezone.now(), **form.cleaned_data),  # type: ignore[arg-type]
        pgettext("a form was saved", "Записано."),
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
@act("another_time")
def another_time(request: HttpRequest, help_request: HelpRequest, visit: Visit | None) -> HttpResponse:
    form = FreeTimesForm(help_request.municipality, typed(request))
    lines = (_("Уговореното отпада и казваме на доброволеца."),) if visit else ()
    return ask_and_do(
        request, help_request, Asked(_("Кога е по-удобно?"), _("Търсим нов ден"), lines), form,
        lambda: changes.another_time(
            help_request=help_request, free=form.cleaned_data["when"], actor=who.actor(request), now=timezone.now()
        ),
        _("Записано. Търсим нов ден."),
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
@act("stop")
def stop(request: HttpRequest, help_request: HelpRequest, visit: Visit | None) -> HttpResponse:
    """The confirming page: who no longer wants it, and what is given up."""
    form = StopForm(typed(request))
    asked = Asked(
        _("Спирате заявката?"), _("Спирам заявката"), (_("Поканените и уговорените научават веднага."),),
        warn=True, stay=_("Оставям я"),
    )  # fmt: skip

    def end() -> HelpRequest:
        ending = changes.withdraw if form.cleaned_data["why"] == "withdraw" else changes.cancel
        return ending(help_request=help_request, actor=who.actor(request), now=timezone.now())

    return ask_and_do(request, help_request, asked, form, end, _("Заявката е спряна."))


@require_POST
@requires("help_request.change")
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    said = _("Започваме отново. Търсим кой да отиде.")
    if help_request.opened_at is None:
        said = _("Започваме отново. Първо се обадете на човека.")
    return do_at_once(
        request, help_request,
        lambda: changes.reopen(help_request=help_request, actor=who.actor(request), now=timezone.now()), said,
    )  # fmt: skip


@require_POST
@requires("help_request.change")
def search_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    return do_at_once(
        request, help_request,
        lambda: changes.search_again(help_request=help_request, actor=who.actor(request), now=timezone.now()),
        _("Търсим отначало."),
    )  # fmt: skip
