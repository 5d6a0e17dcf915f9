"""Who must be rung back: taken in once, held by one with a lease, left only with a result."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.errors import Gone, Invalid
from core.phones import normalise, phone_hash
from notifications.models import Callback, CallbackEvent, Contact
from notifications.services import calling
from notifications.states import CallbackResult, CallbackSource
from places.models import Municipality

# Of what several colleagues promised, so much is kept.
MOST_REASON = 1_000
LEASE = timedelta(minutes=15)
# Nobody answered: we ring again after so long, each time later.
AGAIN = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=20))


@transaction.atomic
def take_in(
    *,
    municipality: Municipality,
    phone: str,
    source: CallbackSource,
    reference: str,
    now: datetime,
    since: datetime | None = None,
    recording_url: str = "",
    language: str = "",
) -> Callback | None:
    """An event of the telephone system. The same `reference` again changes nothing (None). Raises Invalid."""
    number = normalise(phone)
    _event, is_new = CallbackEvent.objects.get_or_create(reference=reference[:120], defaults={"received_at": now})
    if not is_new:
        return None
    return ask(
        municipality=municipality, phone=number, source=source, since=min(since or now, now), due_at=now, now=now,
        recording_url=recording_url, language=language,
    )  # fmt: skip


@transaction.atomic
def ask(
    *,
    source: CallbackSource,
    since: datetime,
    due_at: datetime,
    now: datetime,
    contact: Contact | None = None,
    municipality: Municipality | None = None,
    phone: str = "",
    recording_url: str = "",
    language: str = "",
    reason: str = "",
) -> Callback:
    """The one open entry for this number here: made now, or the standing one, which then counts one ring more."""
    number = contact.phone if contact is not None else phone
    home = contact.municipality if contact is not None else municipality
    if home is None or not number:
        raise Invalid(_("Напишете телефона, на който да се обадим."), code="phone")
    known = contact or Contact.objects.filter(municipality=home, phone_hash=phone_hash(number)).first()
    row = Callback(
        municipality=home, phone=number, phone_hash=phone_hash(number), source=source, since=since, due_at=due_at,
        language=language or (known.language if known else "bg"), recording_url=recording_url[:300], reason=reason,
    )  # fmt: skip
    Callback.objects.bulk_create([row], ignore_conflicts=True)
    standing = Callback.objects.open().select_for_update().get(municipality=home, phone_hash=row.phone_hash)
    if standing.pk != row.pk:
        standing.rang += 1
        standing.due_at = min(standing.due_at, due_at)
        standing.recording_url = recording_url[:300] or standing.recording_url
        standing.reason = "\n".join(part for part in (standing.reason, reason) if part)[:MOST_REASON]
        standing.save(update_fields=["rang", "due_at", "recording_url", "reason", "updated_at"])
    return standing


@transaction.atomic
def hold(callback: Callback, *, by: AbstractBaseUser, now: datetime) -> Callback:
    """Take the call: for 15 minutes nobody else does. Raises Gone (`callback_taken`, `callback_done`)."""
    calling.refuse_if_called(callback.municipality, callback.phone_hash, by=by, now=now)
    mine = Q(holder=None) | Q(lease_until__lte=now) | Q(holder=by.pk)
    _change(callback, mine, holder=by.pk, lease_until=now + LEASE)
    return callback


def release(callback: Callback, *, by: AbstractBaseUser) -> Callback:
    Callback.objects.open().filter(pk=callback.pk, holder=by.pk).update(holder=None, lease_until=None)
    callback.refresh_from_db()
    return callback


def nobody_answered(callback: Callback, *, by: AbstractBaseUser, now: datetime) -> Callback:
    """Rung and not reached: it comes back later, each time later."""
    later = now + AGAIN[min(callback.attempts, len(AGAIN) - 1)]
    mine = Q(holder=None) | Q(lease_until__lte=now) | Q(holder=by.pk)
    _change(callback, mine, attempts=F("attempts") + 1, due_at=later, holder=None, lease_until=None)
    return callback


@transaction.atomic
def finish(callback: Callback, *, by: AbstractBaseUser, result: str, now: datetime, note: str = "") -> Callback:
    """Close it with a result; nothing leaves the queue otherwise. Raises Invalid, Gone."""
    if result not in CallbackResult.values:
        raise Invalid(_("Изберете как завърши."), code="callback_result", field="result")
    mine = Q(holder=None) | Q(lease_until__lte=now) | Q(holder=by.pk)
    _change(callback, mine, result=result, done_at=now, done_by=by.pk, holder=None, lease_until=None)
    if note:
        callback.note = note
        callback.save(update_fields=["note", "updated_at"])
    return callback


def _change(callback: Callback, allowed: Q, **changes: object) -> None:
    changed = Callback.objects.open().filter(allowed, pk=callback.pk).update(**changes)
    callback.refresh_from_db()
    if changed:
        return
    if callback.result:
        raise Gone(_("На този човек вече се обадихме."), code="callback_done")
    raise Gone(_("На този човек вече звъни друг колега."), code="callback_taken")
