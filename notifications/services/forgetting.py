"""What is left of a person in outbox, inbox, callbacks and tasks: taken away. Nothing here is undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications.models import Callback, Contact, ContactDay, DeskTask, InboundMessage, Message, PushSubscription
from notifications.models.message import MessageQuerySet
from notifications.states import Channel, MessageState
from places.models import Municipality

# A message in the spool that no modem took in so many days is of no use to anybody.
SPOOL_DAYS = timedelta(days=7)
# The receipt without its text, and tasks that are done.
BARE = timedelta(days=365)


def contact(row: Contact, *, now: datetime) -> None:
    """Everything told to this contact goes, and the ways to reach it; the row stays for the one it hangs on."""
    _drop(Message.objects.filter(contact=row))
    PushSubscription.objects.filter(contact=row).delete()
    ContactDay.objects.filter(contact=row).delete()
    row.phone = row.email = row.phone_hash = ""
    row.channels, row.stopped_channels, row.stopped_at = [Channel.PAPER], [], row.stopped_at or now
    row.save()


def number(municipality: Municipality, phone_hash: str, *, shared: bool) -> None:
    """What came from this telephone. Where somebody else has it too, what still waits for an answer stays."""
    if not phone_hash:
        return
    here = Q(municipality=municipality) | Q(municipality=None)
    inbound = InboundMessage.objects.filter(here, sender_hash=phone_hash)
    callbacks = Callback.objects.filter(municipality=municipality, phone_hash=phone_hash)
    if shared:
        inbound, callbacks = inbound.exclude(handled_at=None), callbacks.exclude(done_at=None)
    keys = [*inbound.values_list("pk", flat=True), *callbacks.values_list("pk", flat=True)]
    tasks(keys, now=timezone.now())
    inbound.delete()
    callbacks.delete()


def told_of(prefixes: Iterable[str]) -> None:
    """Messages to anybody whose key begins with one of these, such as `visit:<id>:`."""
    for prefix in prefixes:
        _drop(Message.objects.filter(key__startswith=prefix))


def tasks(subjects: Collection[UUID], *, now: datetime) -> None:
    """Tasks about these rows are closed, and what was noted on them goes."""
    rows = DeskTask.objects.filter(subject_id__in=list(subjects))
    rows.update(note="")
    rows.filter(done_at=None).update(done_at=now, result="erased", holder=None, lease_until=None)


def _drop(rows: MessageQuerySet) -> None:
    keys = list(rows.values_list("pk", flat=True))
    tasks(keys, now=timezone.now())
    rows.delete()
    transaction.on_commit(lambda: _drop_files(keys))


def _drop_files(keys: Iterable[UUID]) -> None:
    for key in keys:
        (Path(settings.MESSAGE_SPOOL) / f"{key}.json").unlink(missing_ok=True)


def old_texts(municipality: Municipality, *, before: datetime, dry: bool) -> dict[str, int]:
    """Texts and recipients of what was told, what came in and who rang before then."""
    messages = Message.objects.filter(municipality=municipality, created_at__lt=before)
    messages = messages.exclude(body="", short="", recipient="", subject="")
    messages = messages.exclude(state__in=[MessageState.QUEUED, MessageState.CLAIMED])
    inbound = InboundMessage.objects.filter(municipality=municipality, received_at__lt=before).exclude(handled_at=None)
    callbacks = Callback.objects.filter(municipality=municipality, done_at__lt=before)
    counts = {"texts": messages.count(), "inbound": inbound.count(), "callbacks": callbacks.count()}
    if not dry:
        messages.update(subject="", body="", short="", recipient="")
        inbound.delete()
        callbacks.delete()
    return counts


def old_rows(municipality: Municipality, *, now: datetime, dry: bool) -> dict[str, int]:
    """Receipts without their text, and finished tasks, a year later."""
    receipts = Message.objects.filter(municipality=municipality, created_at__lt=now - BARE)
    receipts = receipts.exclude(state__in=[MessageState.QUEUED, MessageState.CLAIMED])
    done = DeskTask.objects.filter(municipality=municipality, done_at__lt=now - BARE)
    days = ContactDay.objects.filter(contact__municipality=municipality, day__lt=(now - BARE).date())
    counts = {"receipts": receipts.count(), "tasks": done.count(), "days": days.count()}
    if not dry:
        receipts.delete()
        done.delete()
        days.delete()
    return counts


def old_files(*, now: datetime, dry: bool) -> int:
    """Messages that lie in the spool since long."""
    folder = Path(settings.MESSAGE_SPOOL)
    old = [
        file for file in (folder.glob("*.json") if folder.is_dir() else ())
        if file.stat().st_mtime < (now - SPOOL_DAYS).timestamp()
    ]  # fmt: skip
    if not dry:
        for file in old:
            file.unlink(missing_ok=True)
    return len(old)
