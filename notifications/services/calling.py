"""Telling somebody by telephone: one clerk at a time rings a person, whatever there is to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Gone
from notifications.models import Callback, Contact, DeskTask, DeskTaskQuerySet, Message
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import Municipality

CALLS = (TaskKind.CALL_PERSON, TaskKind.MESSAGE_FAILED)
# Nobody answered: we ring again after so long, each time later.
AGAIN = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=20))


@transaction.atomic
def take(task: DeskTask, *, holder: AbstractBaseUser, now: datetime) -> DeskTask:
    """Hold this call, and with it whatever else is due to be told on that telephone.

    Raises Gone where the task is another's or done, or a colleague rings that person at this moment.
    """
    message = Message.objects.filter(pk=task.subject_id).select_related("contact").first()
    if task.kind not in CALLS or message is None:
        return desk_tasks.take(task, holder=holder, now=now)
    others = _calls_to(message.contact).exclude(pk=task.pk)
    _refuse_if_held(message.contact.municipality, message.contact.phone_hash, others, holder, now)
    desk_tasks.take(task, holder=holder, now=now)
    for other in others.filter(due_at__lte=now):
        desk_tasks.take(other, holder=holder, now=now)
    return task


def with_it(task: DeskTask, message: Message, *, now: datetime) -> list[Message]:
    """What else is due to be told on that telephone; a reminder of the day before waits for its day."""
    due = _calls_to(message.contact).exclude(pk=task.pk).filter(due_at__lte=now)
    keys = due.order_by("due_at").values_list("subject_id", flat=True)
    found = Message.objects.select_related("contact").in_bulk(list(keys))
    return [found[key] for key in keys]


def refuse_if_called(municipality: Municipality, phone_hash: str, *, by: AbstractBaseUser, now: datetime) -> None:
    """In the caller's transaction. Raises Gone where a colleague rings this number now, to tell something."""
    mine = Contact.objects.select_for_update().filter(municipality=municipality, phone_hash=phone_hash)
    told = Message.objects.filter(contact__in=[contact.pk for contact in mine.order_by("pk")])
    _refuse(_open(municipality).filter(subject_id__in=told.values("pk")), by, now)


def nobody_answered(task: DeskTask, *, by: AbstractBaseUser, now: datetime) -> DeskTask:
    """Rung and not reached: the call comes back later, each time later. Raises Gone where it is another's."""
    with transaction.atomic():
        desk_tasks.take(task, holder=by, now=now)
        tries = int(task.facts.get("tries", 0))
        task.facts = {**task.facts, "tries": tries + 1}
        task.due_at = now + AGAIN[min(tries, len(AGAIN) - 1)]
        task.save(update_fields=["facts", "due_at", "updated_at"])
        return desk_tasks.release(task, holder=by)


def _open(municipality: Municipality) -> DeskTaskQuerySet:
    return DeskTask.objects.open().filter(municipality=municipality, kind__in=CALLS, subject_type="message")


def _calls_to(contact: Contact) -> DeskTaskQuerySet:
    """The open calls to this telephone; a telephone may be shared by several people."""
    told = Message.objects.filter(contact=contact)
    if contact.phone_hash:
        told = Message.objects.filter(
            contact__municipality=contact.municipality_id, contact__phone_hash=contact.phone_hash
        )
    return _open(contact.municipality).filter(subject_id__in=told.values("pk"))


def _refuse_if_held(
    municipality: Municipality, phone_hash: str, calls: DeskTaskQuerySet, holder: AbstractBaseUser, now: datetime
) -> None:
    if phone_hash:
        # Two who take two calls to one telephone stand in line here.
        list(
            Contact.objects.select_for_update().filter(municipality=municipality, phone_hash=phone_hash).order_by("pk")
        )
        rung = Callback.objects.open().filter(municipality=municipality, phone_hash=phone_hash, lease_until__gt=now)
        if rung.exclude(holder=None).exclude(holder=holder.pk).exists():
            raise Gone(_("На този човек вече звъни друг колега."), code="callback_taken")
    _refuse(calls, holder, now)


def _refuse(calls: DeskTaskQuerySet, holder: AbstractBaseUser, now: datetime) -> None:
    if calls.filter(lease_until__gt=now).exclude(holder=None).exclude(holder=holder.pk).exists():
        raise Gone(_("На този човек вече звъни друг колега."), code="callback_taken")
