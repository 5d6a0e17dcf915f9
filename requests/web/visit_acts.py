"""What the desk does about a visit, an offer and the people who meet: said by phone, moved, missed, kept apart."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import requires
from core.clock import local
from core.templatetags.dv import day_clock
from requests.forms.acts import AnswerForm, MoveForm, RuleForm
from requests.forms.visit import OutcomeForm
from requests.models import HelpRequest, Offer, PersonRule, Visit
from requests.selectors.detail import live_visit, offers_waiting, rules_of_person, volunteers_to_choose
from requests.services import answers, residents, told, visit_changes, visits
from requests.services.answers import SaidByPhone
from requests.web import who
from requests.web.doing import (
    FORMS,
    Asked,
    act,
    ask_and_do,
    changed_meanwhile,
    do_at_once,
    done,
    page,
    try_form,
    typed,
)


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
@act("move")
def move(request: HttpRequest, help_request: HelpRequest, visit: Visit) -> HttpResponse:
    form = MoveForm(typed(request), initial={"start": local(visit.start).replace(tzinfo=None)})
    lines = (
        _("Сега е %(when)s.") % {"when": day_clock(visit.start).rstrip(".")},
        _("Първо се уговорете и с човека, и с доброволеца."),
    )
    return ask_and_do(
        request, help_request, Asked(_("Местите часа"), _("Местя часа"), lines), form,
        lambda: visit_changes.move(
            visit_id=visit.pk, start=form.cleaned_data["start"], actor=who.actor(request), now=timezone.now()
        ),
        _("Часът е сменен. Казваме и на двете страни."),
    )  # fmt: skip


@require_POST
@requires("help_request.change")
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    visit = live_visit(help_request)
    if visit is None:
        return changed_meanwhile(request, help_request)
    confirm_it = partial(visits.confirm, visit_id=visit.pk, actor=who.actor(request), now=timezone.now())
    return do_at_once(request, help_request, confirm_it, _("Записано. Човекът ще ги чака."))


@require_http_methods(FORMS)
@requires("help_request.change")
@never_cache
@act("missed")
def missed(request: HttpRequest, help_request: HelpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        say = partial(visit_changes.missed, visit_id=visit.pk, actor=who.actor(request), now=timezone.now())
        return do_at_once(request, help_request, say, _("Записано. Търсим отначало."))
    lines = (
        _("Уговореното беше за %(when)s.") % {"when": day_clock(visit.start).rstrip(".")},
        _("Посещението отпада. Казваме на човека и търсим друг."),
    )
    asked = Asked(_("Никой не дойде?"), _("Никой не дойде"), lines, warn=True, stay=_("Остава уговорено"))
    return page(request, help_request, asked)


@require_http_methods(FORMS)
@requires("offer.answer_for")
@never_cache
def answer(request: HttpRequest, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """A volunteer phoned: their yes or no is written down with who said it and when."""
    help_request = who.row_of(request, pk)
    offers = Offer.objects.filter(help_request=help_request).select_related("volunteer__contact")
    offer = get_object_or_404(offers, pk=offer_pk)
    if not offers_waiting(help_request).filter(pk=offer_pk).exists():
        return changed_meanwhile(request, help_request)
    now = timezone.now()
    form = AnswerForm(offer.volunteer, now, typed(request))
    if form.is_valid() and try_form(form, lambda: _answered(request, offer, form)):
        accepted = form.cleaned_data["answer"] == "yes"
        return done(request, help_request, _("Записано: приема.") if accepted else _("Записано. Питаме следващия."))
    asked = Asked(
        _("Отговорът на %(who)s") % {"who": offer.volunteer.name}, _("Записвам"),
        (_("Поканата е за %(when)s.") % {"when": day_clock(offer.start).rstrip(".")},),
    )  # fmt: skip
    return page(request, help_request, asked, form, about=offer.volunteer)


def _answered(request: HttpRequest, offer: Offer, form: AnswerForm) -> Offer:
    given, actor, now = form.cleaned_data, who.actor(request), timezone.now()
    said = SaidByPhone(said_by=given["said_by"], said_at=given["said_at"], recorded_by=request.user)  # type: ignore[arg-type]
    if given["answer"] == "yes":
        return answers.accept(offer_id=offer.pk, actor=actor, now=now, by_phone=said)
    return answers.decline(offer_id=offer.pk, actor=actor, now=now, reason=given["reason"], by_phone=said)


class ToldForm(OutcomeForm):
    """The same end of a visit, as the volunteer tells it: the clock of the page knows nothing of it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        minutes = self.fields["minutes"]
        minutes.required, minutes.label, minutes.help_text = True, _("Колко минути са били там"), ""
        minutes.error_messages["required"] = minutes.error_messages["invalid"]


@require_http_methods(FORMS)
@requires("visit.report")
@never_cache
@act("told")
def tell(request: HttpRequest, help_request: HelpRequest, visit: Visit) -> HttpResponse:
    form = ToldForm(typed(request))
    lines = (_("Посещението беше за %(when)s.") % {"when": day_clock(visit.start).rstrip(".")},)
    return ask_and_do(
        request, help_request, Asked(_("Как мина посещението?"), _("Записвам"), lines), form,
        lambda: told.record(
            visit_id=visit.pk, actor=who.actor(request), now=timezone.now(), **form.cleaned_data
        ),
        _("Записано. Заявката е приключена."), template="requests/detail/told.html",
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("person_rule.manage")
@never_cache
def rules(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whom this person should meet rather, and whom never."""
    help_request = who.row_of(request, pk)
    resident = help_request.resident
    form = RuleForm(volunteers_to_choose(help_request), typed(request))
    if form.is_valid() and try_form(form, lambda: _rule_set(help_request, form)):
        return redirect("requests:detail_rules", pk)
    asked = Asked(_("С кого, с кого не: %(name)s") % {"name": resident.name}, _("Записвам"))
    return page(
        request, help_request, asked, form, template="requests/detail/rules.html", rules=rules_of_person(help_request)
    )


def _rule_set(help_request: HelpRequest, form: RuleForm) -> PersonRule:
    said = form.cleaned_data
    return residents.set_rule(
        resident=help_request.resident, volunteer=form.chosen(), kind=said["kind"], note=said["note"],
        now=timezone.now(),
    )  # fmt: skip


@require_http_methods(FORMS)
@requires("person_rule.manage")
@never_cache
def drop_rule(request: HttpRequest, pk: UUID, rule_pk: UUID) -> HttpResponse:
    help_request = who.row_of(request, pk)
    rule = get_object_or_404(rules_of_person(help_request), pk=rule_pk)
    back = reverse("requests:detail_rules", args=[pk])
    if request.method == "POST":
        residents.drop_rule(rule=rule, now=timezone.now())
        return redirect(back)
    lines = (_("Правилото „%(kind)s“ вече няма да важи.") % {"kind": rule.get_kind_display()},)
    asked = Asked(
        _("Махате правилото за %(who)s?") % {"who": rule.volunteer.name}, _("Махам го"), lines,
        warn=True, stay=_("Оставям го"),
    )  # fmt: skip
    return page(request, help_request, asked, back=back)
