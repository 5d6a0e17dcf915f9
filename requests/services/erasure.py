"""Erasing a person: every trace that names them is emptied or deleted, what is counted stays.

The list of erasures is written to the database and to a file beside it: a restored backup knows only the older ones,
and `replay` does the others again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.errors import Gone, Invalid
from notifications.models import Contact
from notifications.services import forgetting
from requests.models import (
    Agreement,
    CalendarFeed,
    Consent,
    Erasure,
    FreeTime,
    HelpRequest,
    Offer,
    PersonRule,
    Resident,
    ResidentNameKey,
    Visit,
)
from requests.services import changes, evidence
from requests.services.actors import BEAT, Actor
from requests.states import AgreementKind, ErasedWho, EvidenceKind, RequestState, VisitState
from requests.tracking import tracking_hash
from volunteers.models import Volunteer
from volunteers.services import erasure as of_volunteer
from volunteers.states import VolunteerStatus

TERM = "term"


@transaction.atomic
def erase_resident(*, resident: Resident, because: str, now: datetime, actor: Actor = BEAT) -> Erasure | None:
    """Empty a resident; live requests are cancelled first. Raises Gone during a visit. None: it was already."""
    resident = Resident.objects.select_for_update(of=("self",)).select_related("contact", "municipality").get(
        pk=resident.pk
    )  # fmt: skip
    if resident.erased_at is not None:
        return None
    _end_what_lives(resident, actor, now)
    _put_agreements_away(resident, now)
    own = list(HelpRequest.objects.filter(resident=resident))
    _forget_traces(resident, own, now)
    for row in own:
        _empty_request(row)
    _empty_asker(resident)
    _empty_person(resident, now)
    return _note(ErasedWho.RESIDENT, resident, because, now)


@transaction.atomic
def erase_volunteer(*, volunteer: Volunteer, because: str, now: datetime, anyway: bool = False) -> Erasure | None:
    """Empty a volunteer who has left. Raises Invalid before; None: it was already."""
    if volunteer.erased_at is not None:
        return None
    if volunteer.status != VolunteerStatus.LEFT and not anyway:
        raise Invalid(_("Първо запишете, че доброволецът напуска."), code="not_left")
    CalendarFeed.objects.filter(volunteer=volunteer).delete()
    PersonRule.objects.filter(volunteer=volunteer).delete()
    offers = list(Offer.objects.filter(volunteer=volunteer))
    # People were told who comes.
    visits = Visit.objects.filter(seats__volunteer=volunteer).values_list("pk", flat=True)
    forgetting.told_of([*(f"offer:{offer.pk}:" for offer in offers), *(f"visit:{key}:" for key in visits)])
    _empty_said_by(offers)
    of_volunteer.empty(volunteer, now=now)
    return _note(ErasedWho.VOLUNTEER, volunteer, because, now)


def _end_what_lives(resident: Resident, actor: Actor, now: datetime) -> None:
    if Visit.objects.filter(help_request__resident=resident, state=VisitState.CHECKED_IN).exists():
        raise Gone(_("Сега има посещение. Изтрийте, щом свърши."), code="visit_under_way")
    for row in HelpRequest.objects.live().filter(resident=resident):
        if row.state == RequestState.UNVERIFIED:
            changes.withdraw(help_request=row, actor=actor, now=now)
        else:
            changes.cancel(help_request=row, actor=actor, now=now)


def _put_agreements_away(resident: Resident, now: datetime) -> None:
    """Whether and how they agreed must be shown later; the store is sealed under its own key."""
    for row in Consent.objects.filter(help_request__resident=resident).exclude(answer=""):
        body = {
            "name": resident.full_name, "phone": resident.contact.phone, "answer": row.answer, "way": row.way,
            "request": row.help_request.number, "at": (row.answered_at or row.summed_at).isoformat(),
            "text_version": row.text_version, "text": row.asked_words,
        }  # fmt: skip
        evidence.put_away(
            municipality=resident.municipality, kind=EvidenceKind.CONSENT, person_id=resident.pk, body=body, now=now
        )
    Consent.objects.filter(help_request__resident=resident).delete()
    for one in Agreement.objects.filter(resident=resident):
        kind = EvidenceKind.MANDATE if one.kind == AgreementKind.MANDATE else EvidenceKind.CONSENT
        said = {
            "name": resident.full_name, "phone": resident.contact.phone, "kind": one.kind, "way": one.way,
            "text_version": one.text_version, "text": one.words, "at": one.given_at.isoformat(),
            "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else "",
        }  # fmt: skip
        if one.kind == AgreementKind.MANDATE:
            said |= {"relative": one.name, "relative_phone": one.phone}
        evidence.put_away(
            municipality=resident.municipality, kind=kind, person_id=resident.pk, body=said, now=now
        )  # fmt: skip
    Agreement.objects.filter(resident=resident).delete()


def _forget_traces(resident: Resident, own: list[HelpRequest], now: datetime) -> None:
    """Outbox, inbound texts, callbacks and tasks."""
    keys = [row.pk for row in own]
    visits = list(Visit.objects.filter(help_request__in=keys).values_list("pk", flat=True))
    offers = list(Offer.objects.filter(help_request__in=keys).values_list("pk", flat=True))
    forgetting.told_of(
        f"{kind}:{key}:" for kind, found in (("request", keys), ("visit", visits), ("offer", offers)) for key in found
    )
    forgetting.tasks([resident.pk, *keys, *visits, *offers], now=now)
    for contact in (resident.contact, resident.relative):
        if contact is not None:
            forgetting.number(resident.municipality, contact.phone_hash, shared=_shared(contact))


def _shared(contact: Contact) -> bool:
    """Whether the number is also that of another resident or a volunteer."""
    others = Contact.objects.filter(municipality=contact.municipality_id, phone_hash=contact.phone_hash)
    return others.exclude(pk=contact.pk).filter(Q(resident__erased_at=None) | Q(volunteer__isnull=False)).exists()


def _empty_request(row: HelpRequest) -> None:
    row.asker_name = row.asker_phone = row.asker_phone_hash = row.note = row.safe_word = ""
    row.tracking_code, row.tracking_hash = "", tracking_hash(str(secrets.randbits(256)))
    row.save()
    FreeTime.objects.filter(help_request=row).delete()
    for visit in Visit.objects.filter(help_request=row):
        visit.note = visit.said = ""
        visit.save(update_fields=["note", "said"])
    _empty_said_by(list(Offer.objects.filter(help_request=row)))


def _empty_said_by(offers: list[Offer]) -> None:
    for offer in offers:
        if offer.said_by:
            offer.said_by = ""
            offer.save(update_fields=["said_by"])


def _empty_asker(resident: Resident) -> None:
    """Where they asked for somebody else, or are told about somebody, as well."""
    hashed = resident.contact.phone_hash
    if not hashed:
        return
    for row in HelpRequest.objects.filter(municipality=resident.municipality_id, asker_phone_hash=hashed):
        row.asker_name = row.asker_phone = row.asker_phone_hash = ""
        row.save(update_fields=["asker_name", "asker_phone", "asker_phone_hash"])


def _empty_person(resident: Resident, now: datetime) -> None:
    told = Contact.objects.filter(
        municipality=resident.municipality_id, relative_of__isnull=False, phone_hash=resident.contact.phone_hash
    ).exclude(phone_hash="")
    for contact in (resident.contact, resident.relative, *told):
        if contact is not None:
            forgetting.contact(contact, now=now)
    PersonRule.objects.filter(resident=resident).delete()
    ResidentNameKey.objects.filter(resident=resident).delete()
    resident.first_name = resident.middle_name = resident.last_name = resident.address_note = ""
    resident.needs, resident.relative, resident.remind_since, resident.erased_at = [], None, None, now
    resident.save()


def _note(who: ErasedWho, row: Resident | Volunteer, because: str, now: datetime) -> Erasure:
    made, _new = Erasure.objects.get_or_create(
        person_id=row.pk, defaults={"municipality_id": row.municipality_id, "who": who, "at": now, "because": because}
    )
    transaction.on_commit(lambda: _append(made))
    return made


def list_file() -> Path:
    """The list beside the database: keys only. It belongs into the backups of files, not of the database."""
    return Path(settings.VAR_DIR) / "erasures.jsonl"


def _append(row: Erasure) -> None:
    line = {"municipality": row.municipality_id, "who": row.who, "person": str(row.person_id), "at": row.at.isoformat(),
            "because": row.because}  # fmt: skip
    with os.fdopen(os.open(list_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(json.dumps(line) + "\n")


def _listed(file: Path) -> Iterator[tuple[str, UUID, str, datetime | None]]:
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            yield said["who"], UUID(said["person"]), said["because"], parse_datetime(said["at"])
    for row in Erasure.objects.all():
        yield row.who, row.person_id, row.because, row.at


def replay(*, file: Path | None = None, now: datetime) -> int:
    """Do again every erasure on the list whose row is there and not empty. Answers how many."""
    done = 0
    for who, key, because, _at in _listed(file or list_file()):
        if who == ErasedWho.RESIDENT:
            person = Resident.objects.filter(pk=key, erased_at=None).first()
            done += bool(person and erase_resident(resident=person, because=because, now=now))
        else:
            helper = Volunteer.objects.filter(pk=key, erased_at=None).first()
            done += bool(helper and erase_volunteer(volunteer=helper, because=because, now=now, anyway=True))
    return done
