"""What a person lets us do, written down with its words, and taken back: then what it allowed ends at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Invalid
from core.phones import normalise, phone_hash
from core.validators import no_secrets
from requests import agreement_texts
from requests.models import Agreement, HelpRequest, Resident
from requests.services import evidence, residents
from requests.states import AgreementKind, AgreementWay


@transaction.atomic
def give(
    *,
    resident: Resident,
    kind: str,
    way: str,
    now: datetime,
    by: User | None = None,
    name: str = "",
    phone: str = "",
) -> Agreement:
    """Write down that the person agreed, in today's words. Twice is once; another relative takes the former's place.

    `phone` as typed: who is told (RELATIVE), who speaks for the person (MANDATE, with `name`). Raises Invalid.
    """
    person = _locked(resident)
    if kind not in AgreementKind.values or way not in AgreementWay.values:
        raise Invalid(_("Изберете как го каза човекът."), code="agreement_way", field="way")
    number = "" if kind == AgreementKind.REMIND else normalise(phone)
    name = name.strip()
    no_secrets(name)
    if kind == AgreementKind.MANDATE and not name:
        raise Invalid(_("Напишете името на близкия."), code="agreement_name", field="name")
    former = Agreement.objects.live().filter(resident=person, kind=kind).first()
    if former is not None:
        if _stands_as_said(former, person, name, number):
            return former
        withdraw(resident=person, kind=kind, way=way, now=now, by=by)
    months = evidence.terms_of(person.municipality).reminded_months if kind == AgreementKind.REMIND else None
    row = Agreement(
        resident=person, kind=kind, way=way, given_at=now, by=by, months=months,
        text_version=agreement_texts.current(kind).version,
    )  # fmt: skip
    if kind == AgreementKind.MANDATE:
        row.name, row.phone, row.phone_hash = name, number, phone_hash(number)
    row.save(force_insert=True)
    if kind == AgreementKind.REMIND:
        _remind_since(person, now, now)
    elif kind == AgreementKind.RELATIVE:
        residents.set_relative(resident=person, phone=number, now=now)
    resident.refresh_from_db(fields=["remind_since", "relative"])
    return row


@transaction.atomic
def withdraw(*, resident: Resident, kind: str, way: str, now: datetime, by: User | None = None) -> Agreement | None:
    """Taken back: no longer kept for a reminder, nobody is told, nobody speaks for the person. None: nothing stood."""
    if way not in AgreementWay.values:
        raise Invalid(_("Изберете как го каза човекът."), code="agreement_way", field="way")
    person = _locked(resident)
    row = Agreement.objects.live().select_for_update().filter(resident=person, kind=kind).first()
    if row is not None:
        row.withdrawn_at, row.withdrawn_way, row.withdrawn_by = now, way, by
        row.save(update_fields=["withdrawn_at", "withdrawn_way", "withdrawn_by", "updated_at"])
    if kind == AgreementKind.REMIND:
        _remind_since(person, None, now)
    elif kind == AgreementKind.RELATIVE:
        residents.set_relative(resident=person, phone="", now=now)
    elif row is not None:
        _follows_no_more(person, row.phone_hash)
    resident.refresh_from_db(fields=["remind_since", "relative"])
    return row


def tell(*, resident: Resident, phone: str, way: str, now: datetime, by: User | None = None) -> None:
    """Whom we tell that a visit began and ended; an empty `phone` takes it back. Raises Invalid."""
    if phone.strip():
        give(resident=resident, kind=AgreementKind.RELATIVE, way=way, now=now, by=by, phone=phone)
    else:
        withdraw(resident=resident, kind=AgreementKind.RELATIVE, way=way, now=now, by=by)


def _locked(resident: Resident) -> Resident:
    rows = Resident.objects.select_for_update(of=("self",)).select_related("municipality", "contact", "relative")
    person = rows.get(pk=resident.pk)
    if person.erased_at is not None:
        raise Invalid(_("Данните на този човек са изтрити."), code="erased")
    return person


def _stands_as_said(former: Agreement, person: Resident, name: str, number: str) -> bool:
    """Whether the same was agreed to already, in today's words."""
    if former.text_version != agreement_texts.current(former.kind).version:
        return False
    if former.kind == AgreementKind.RELATIVE:
        return person.relative is not None and person.relative.phone == number
    if former.kind == AgreementKind.MANDATE:
        return (former.name, former.phone) == (name, number)
    return former.months == evidence.terms_of(person.municipality).reminded_months


def _remind_since(person: Resident, since: datetime | None, now: datetime) -> None:
    Resident.objects.filter(pk=person.pk).update(remind_since=since, updated_at=now)


def _follows_no_more(person: Resident, hashed: str) -> None:
    """Whoever spoke for the person asked some of their requests too: their telephone opens none any more."""
    for row in HelpRequest.objects.filter(resident=person, asker_phone_hash=hashed).exclude(asker_phone_hash=""):
        row.asker_phone = row.asker_phone_hash = ""
        row.save(update_fields=["asker_phone", "asker_phone_hash", "updated_at"])
