"""Reading: what waits at the desk, what a person was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from core.templatetags.dv import day_clock
from notifications.models import Contact, DeskTask, DeskTaskQuerySet, Message, MessageQuerySet
from notifications.states import Channel, MessageState
from places.models import Municipality


def open_tasks(municipality: Municipality) -> DeskTaskQuerySet:
    """What a person must do here, the most pressing first."""
    return DeskTask.objects.open().filter(municipality=municipality).order_by("due_at", "pk")


def access_task(municipality: Municipality, pk: UUID) -> DeskTask:
    """The door from a page or an endpoint to one task, open or done. Raises DeskTask.DoesNotExist."""
    return DeskTask.objects.get(municipality=municipality, pk=pk)


def held_by_another(task: DeskTask, user: Any, now: datetime) -> bool:
    return bool(task.holder_id and task.holder_id != user.pk and task.lease_until and task.lease_until > now)


def messages_of_tasks(tasks: Iterable[DeskTask]) -> dict[UUID, Message]:
    """The messages these tasks are about, by key, each with its contact."""
    keys = [task.subject_id for task in tasks if task.subject_type == "message"]
    return {message.pk: message for message in Message.objects.filter(pk__in=keys).select_related("contact")}


def inbox(contacts: Iterable[Contact], *, now: datetime) -> MessageQuerySet:
    """In-app messages of a person, last told first; someone in two municipalities has two contacts.

    A reminder is written when the visit is agreed and told the day before.
    """
    messages = Message.objects.in_app(now).filter(contact__in=list(contacts))
    return messages.select_related("contact").order_by("-sent_at", "pk")


def access_message(contacts: Iterable[Contact], pk: UUID, *, now: datetime) -> Message:
    """The reader's own in-app message. Raises Message.DoesNotExist."""
    return inbox(contacts, now=now).get(pk=pk)


def unread_count(contacts: Iterable[Contact], *, now: datetime) -> int:
    return Message.objects.in_app(now).unread().filter(contact__in=list(contacts)).count()


@dataclass
class Told:
    """One thing that was told, however many ways it went: its rows, one a channel."""

    rows: list[Message]

    @property
    def message(self) -> Message:
        return self.rows[0]

    @property
    def sms(self) -> Message | None:
        """The row that went, or goes, as an SMS."""
        return next((row for row in self.rows if row.channel == Channel.SMS), None)

    @property
    def ways(self) -> list[str]:
        """„имейл“, and where it has not arrived „SMS: чака“ or „SMS: тръгва вторник, 8:00 ч.“."""
        return [_way(row) for row in sorted(self.rows, key=lambda row: row.channel)]


def _way(row: Message) -> str:
    channel = row.get_channel_display()
    if row.went_out:
        return channel
    if row.state == MessageState.QUEUED and row.due_at > row.created_at + timedelta(minutes=1) and not row.attempts:
        return _("%(channel)s: тръгва %(when)s") % {"channel": channel, "when": day_clock(row.due_at)}
    return f"{channel}: {row.get_state_display()}"


@dataclass
class Phone:
    """A person's telephone as the demonstration shows it, its messages newest first."""

    contact: Contact
    told: list[Told]


def reached(contact_ids: Iterable[UUID] | None = None) -> QuerySet[Contact]:
    """Contacts that were told anything, whoever was told last first."""
    contacts = Contact.objects.annotate(told_at=Max("messages__created_at")).filter(told_at__isnull=False)
    if contact_ids is not None:
        contacts = contacts.filter(pk__in=list(contact_ids))
    return contacts.order_by("-told_at", "pk")


def phones(contacts: Iterable[Contact], *, each: int = 8) -> list[Phone]:
    """The telephones of these contacts with their newest `each` things told; one query."""
    order = [F("created_at").desc(), F("key").asc()]
    place = Window(RowNumber(), partition_by=[F("contact_id")], order_by=order)
    rows = Message.objects.filter(contact__in=list(contacts)).annotate(place=place)
    # A thing told has a row for each channel, so as many rows as channels may be needed.
    newest: dict[UUID, list[Message]] = {}
    for message in rows.filter(place__lte=each * len(Channel)).order_by(*order):
        newest.setdefault(message.contact_id, []).append(message)
    return [Phone(contact, _once(newest.get(contact.pk, []))[:each]) for contact in contacts]


def _once(messages: Iterable[Message]) -> list[Told]:
    told: dict[str, Told] = {}
    for message in messages:
        told.setdefault(message.key.rpartition(":")[0], Told([])).rows.append(message)
    return list(told.values())
