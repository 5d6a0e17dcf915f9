"""How one person is reached: made and changed here, so that hash and channels always fit the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from core.phones import phone_hash
from notifications.channels import address
from notifications.models import Contact
from notifications.states import BY_HAND, Channel
from places.models import Municipality

# The ways that come with an address, the best known first. Who has a landline is called, who has nothing gets paper.
BY_ITSELF = (Channel.SMS, Channel.EMAIL)


def make_contact(
    *,
    municipality: Municipality,
    phone: str = "",
    email: str = "",
    channels: Sequence[str] | None = None,
    in_app: bool = False,
    language: str = "bg",
) -> Contact:
    """A new contact. `phone` is E.164 or empty.

    Without `channels`: e-mail and telephone, whichever is there. `in_app` for a person who signs in.
    """
    contact = Contact(municipality=municipality, language=language)
    _set_addresses(contact, phone, email)
    chosen = list(channels) if channels is not None else []
    if in_app and Channel.IN_APP not in chosen:
        chosen.insert(0, Channel.IN_APP)
    contact.channels = chosen if channels is not None else fitting(contact, chosen)
    contact.save()
    return contact


def change_contact(
    contact: Contact,
    *,
    phone: str | None = None,
    email: str | None = None,
    channels: Sequence[str] | None = None,
    in_app: bool | None = None,
    language: str | None = None,
) -> Contact:
    """Change what is given and leave the rest (None).

    A channel whose address is gone is dropped, one whose address is new is added at the end.
    """
    had = (bool(contact.email), bool(contact.phone))
    _set_addresses(contact, contact.phone if phone is None else phone, contact.email if email is None else email)
    if channels is not None:
        contact.channels = list(channels)
    elif (bool(contact.email), bool(contact.phone)) != had:
        contact.channels = fitting(contact, contact.channels)
    if in_app is not None:
        rest = [code for code in contact.channels if code != Channel.IN_APP]
        contact.channels = [Channel.IN_APP, *rest] if in_app else rest
    if language is not None:
        contact.language = language
    contact.save()
    return contact


def fitting(contact: Contact, channels: Sequence[str]) -> list[str]:
    """The channels in their order without those that have no address now, then those that were not there.

    Paper alone gives way to an address that is new; where there is none at all, paper is left.
    """
    kept = [Channel(code) for code in channels if code == Channel.IN_APP or address(contact, code)]
    new = [code for code in BY_ITSELF if code not in kept and address(contact, code)]
    if not kept and not new and not contact.phone:
        return [Channel.PAPER]
    return [*new, *kept] if kept == [Channel.PAPER] else [*kept, *new]


def prefer(contact: Contact, channel: str) -> Contact:
    """The person wishes to be told this way: alone where a person at the desk tells it, else before the others."""
    in_app = [Channel.IN_APP] if Channel.IN_APP in contact.channels else []
    first = Channel(channel)
    contact.channels = [*in_app, first] if first in BY_HAND else [*in_app, *fitting(contact, [first])]
    contact.save(update_fields=["channels", "updated_at"])
    return contact


@transaction.atomic
def set_wishes(
    contact: Contact,
    *,
    latin: bool,
    quiet_from: time,
    quiet_until: time,
    on_free_days: bool,
    urgent_any_time: bool,
    daily_cap: int,
    channels: Sequence[str] | None = None,
    stopped: Sequence[str] | None = None,
    language: str | None = None,
) -> Contact:
    """How the person wishes to be told things. `channels` in their order of preference, or None to leave it.

    `stopped` are single ways by which only codes and cancellations may go.
    """
    contact.latin, contact.on_free_days, contact.urgent_any_time = latin, on_free_days, urgent_any_time
    contact.quiet_from, contact.quiet_until, contact.daily_cap = quiet_from, quiet_until, daily_cap
    if channels is not None:
        in_app = [Channel.IN_APP] if Channel.IN_APP in contact.channels else []
        contact.channels = [*in_app, *(Channel(code) for code in channels if code != Channel.IN_APP)]
    if stopped is not None:
        contact.stopped_channels = [Channel(code) for code in stopped]
    contact.language = language or contact.language
    contact.save()
    return contact


@transaction.atomic
def stop_way(contact: Contact, channel: str) -> None:
    """Nothing more by this one way, codes and cancellations aside."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    locked.stopped_channels = sorted({*locked.stopped_channels, Channel(channel)})
    locked.save(update_fields=["stopped_channels", "updated_at"])


@transaction.atomic
def use_way_again(contact: Contact, channel: str) -> None:
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    locked.stopped_channels = [code for code in locked.stopped_channels if code != channel]
    locked.save(update_fields=["stopped_channels", "updated_at"])


def stop(contact: Contact, *, now: datetime) -> None:
    """The person wants no more messages: from now on somebody calls where they must be told something."""
    Contact.objects.filter(pk=contact.pk, stopped_at=None).update(stopped_at=now)
    contact.refresh_from_db(fields=["stopped_at"])


def start_again(contact: Contact) -> None:
    """The person wants messages again."""
    Contact.objects.filter(pk=contact.pk).update(stopped_at=None)
    contact.refresh_from_db(fields=["stopped_at"])


def _set_addresses(contact: Contact, phone: str, email: str) -> None:
    contact.phone = phone
    contact.phone_hash = phone_hash(phone) if phone else ""
    contact.email = email
