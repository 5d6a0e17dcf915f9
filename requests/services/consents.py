"""Asking whether the person agrees: summed up in one SMS, asked in the next; or said by telephone and written down.

After a „no“ nobody is asked to go (requests/services/offers.py) until the person says „yes“. A „no“, silence and an SMS
that cannot go are told to the desk. Each asking names the version of its words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Gone, Invalid
from notifications.hours import after_waking
from notifications.models import Message, MessageTemplate
from notifications.services import desk_tasks, reply_codes
from notifications.services.ways import ways
from notifications.states import GONE_OUT, Channel, MessageClass, MessageState, TaskKind
from requests import agreement_texts, messages
from requests.models import Consent, HelpRequest
from requests.notices import consents as notices
from requests.services import lifecycle, steps
from requests.services.actors import RESIDENT, Actor
from requests.states import ConsentAnswer, ConsentWay, NextStep, RequestState

# Waking hours in which an answer is waited for, and the longest the question itself may lie about.
ANSWER_WITHIN = timedelta(hours=12)
ASKED_FOR = timedelta(days=7)
BATCH = 100
LOST = (MessageState.FAILED, MessageState.EXPIRED, MessageState.UNKNOWN)


@transaction.atomic
def ask(*, help_request: HelpRequest, actor: Actor, now: datetime) -> Consent:
    """Begin: the summary goes out, the question follows it. Raises Invalid (`no_sms`), Gone (`consent_asked`)."""
    contact = help_request.resident.contact
    if not ways(contact, MessageClass.ORDINARY, must_arrive=False, chosen=[Channel.SMS]):
        raise Invalid(_("До този телефон не стига SMS. Питайте по телефона."), code="no_sms")
    consent = Consent(help_request=help_request, summed_at=now, way=ConsentWay.SMS, by=actor.user)
    consent.text_version = _version_of_messages(help_request)
    _save_only(consent)
    notices.sum_up(consent, now=now)
    lifecycle.journal(help_request, verb="consent_asked", actor=actor, now=now)
    return consent


@transaction.atomic
def write_down(*, help_request: HelpRequest, answer: str, actor: Actor, now: datetime) -> Consent:
    """What the person said by telephone; an SMS that still waits for an answer is answered by it."""
    if answer not in ConsentAnswer.values:
        raise Invalid(_("Изберете какво каза човекът."), code="consent_answer", field="answer")
    consent = Consent.objects.open().select_for_update().filter(help_request=help_request).first()
    if consent is None:
        consent = Consent(help_request=help_request, summed_at=now, asked_at=now)
        consent.way, consent.by = ConsentWay.PHONE, actor.user
        consent.text_version = agreement_texts.current("consent").version
        _save_only(consent)
    _answered(consent, answer, ConsentWay.PHONE, actor, now, by=actor.user)
    return consent


@transaction.atomic
def answered_by_sms(*, consent_id: UUID, answer: str, now: datetime) -> str:
    """What a reply said, by code. The same again changes nothing; the opposite of what was said is Gone."""
    consent = Consent.objects.select_for_update().select_related("help_request").get(pk=consent_id)
    if consent.answer and consent.answer != answer:
        raise Gone(code="consent_answered")
    if not consent.answer:
        _answered(consent, answer, ConsentWay.SMS, RESIDENT, now, by=consent.by)
    return "consent_given" if answer == ConsentAnswer.YES else "consent_refused"


def due(now: datetime) -> list[UUID]:
    """Those that have a next step: summed up and not asked, or asked and silent for too long."""
    unasked = Consent.objects.unasked().order_by("summed_at").values_list("pk", flat=True)[:BATCH]
    silent = Consent.objects.silent(now).order_by("answer_by").values_list("pk", flat=True)[:BATCH]
    return [*unasked, *silent]


def go_on(*, consent_id: UUID, now: datetime) -> None:
    """Ask what was summed up, or tell the desk of silence. Nothing where neither is due any more."""
    if Consent.objects.silent(now).filter(pk=consent_id).exists():
        _tell_desk(consent_id, "silent", now)
    else:
        _ask_next(consent_id, now)


@transaction.atomic
def _ask_next(consent_id: UUID, now: datetime) -> None:
    """The question goes out only after its summary has."""
    consent = Consent.objects.unasked().select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        return
    told = list(Message.objects.filter(key__startswith=f"{notices.key_of(consent)}:sum:"))
    if not told or all(row.state in LOST for row in told):
        _tell_desk(consent_id, "not_told", now)
    elif any(row.state in GONE_OUT for row in told):
        contact = consent.help_request.resident.contact
        asked = notices.ask(consent, code=reply_codes.new(contact, now=now), expires_at=now + ASKED_FOR, now=now)
        consent.asked_words = "\n".join(row.short or row.body for row in (*told, *asked))
        consent.asked_at = now
        consent.answer_by = after_waking(contact, MessageClass.ORDINARY, now, ANSWER_WITHIN)
        consent.save(update_fields=["asked_at", "answer_by", "asked_words", "updated_at"])


@transaction.atomic
def _tell_desk(consent_id: UUID, why: str, now: datetime) -> None:
    if Consent.objects.open().filter(pk=consent_id, told_desk_at=None).update(told_desk_at=now):
        _desk(Consent.objects.select_related("help_request__municipality").get(pk=consent_id).help_request, why, now)


def _desk(help_request: HelpRequest, why: str, now: datetime) -> None:
    desk_tasks.ask(
        municipality=help_request.municipality, kind=TaskKind.CONSENT, subject_type="help_request",
        subject_id=help_request.pk, due_at=now, now=now, facts={"why": why},
    )  # fmt: skip


def _answered(consent: Consent, answer: str, way: ConsentWay, actor: Actor, now: datetime, *, by: User | None) -> None:
    consent.answer, consent.way, consent.answered_at, consent.by = answer, way, now, by
    consent.save(update_fields=["answer", "way", "answered_at", "by", "updated_at"])
    # Answered questions are open no more: a plain „да“ to the next one is clear again.
    Message.objects.filter(key__startswith=f"{notices.key_of(consent)}:ask:").update(asks=False)
    verb = "consent_given" if answer == ConsentAnswer.YES else "consent_refused"
    lifecycle.journal(consent.help_request, verb=verb, actor=actor, now=now, facts={"way": str(way)})
    desk_tasks.finish_about(
        subject_type="help_request", subject_id=consent.help_request_id, kinds=[TaskKind.CONSENT],
        result="answered", now=now, by=actor.user,
    )  # fmt: skip
    _hold(consent.help_request, answer, now)
    if answer == ConsentAnswer.NO and way == ConsentWay.SMS:
        _desk(consent.help_request, "refused", now)


def _hold(help_request: HelpRequest, answer: str, now: datetime) -> None:
    """A request that stands open is the desk's after a „no“, and the plan's again after a „yes“ that follows it."""
    row = HelpRequest.objects.select_related("follows").get(pk=help_request.pk)
    before = Consent.objects.filter(help_request=row, answer=ConsentAnswer.NO)
    if row.state != RequestState.OPEN or not before.exists():
        return
    if answer == ConsentAnswer.NO:
        lifecycle.set_step(row, NextStep.DESK, now + steps.DESK_AGAIN)
    elif row.next_step == NextStep.DESK:
        lifecycle.set_step(row, *steps.when_open(row, now))


def _version_of_messages(help_request: HelpRequest) -> str:
    """Of the messages as they come; a municipality that wrote its own words keeps those with each asking."""
    kinds = [messages.CONSENT_SUM.kind.code, messages.CONSENT_ASK.kind.code]
    own = MessageTemplate.objects.filter(
        municipality=help_request.municipality_id, kind__in=kinds, language=help_request.resident.contact.language
    )
    return agreement_texts.OWN if own.exists() else agreement_texts.current("consent_sms").version


def _save_only(consent: Consent) -> None:
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError as error:
        raise Gone(_("Вече питаме този човек. Чакаме отговор."), code="consent_asked") from error
