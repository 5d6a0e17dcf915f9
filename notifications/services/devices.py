"""Switching notifications on and off, one browser at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.crypto import lookup_hash
from core.errors import Invalid
from notifications.models import Contact, PushSubscription
from notifications.push import hosts
from notifications.push.encryption import are_keys, unb64
from notifications.states import Channel

# More telephones than this nobody reads; the oldest goes.
MOST_DEVICES = 5
LONGEST_ENDPOINT = 1000


@transaction.atomic
def switch_on(*, contacts: Sequence[Contact], endpoint: str, p256dh: str, auth: str) -> list[PushSubscription]:
    """This browser is theirs from now on, and nobody else's; push comes first of their ways. Raises Invalid."""
    _check(endpoint, p256dh, auth)
    name = endpoint_hash(endpoint)
    mine = [contact.pk for contact in contacts]
    for other in Contact.objects.filter(push_subscriptions__endpoint_hash=name).exclude(pk__in=mine):
        _forget(other, endpoint_hash=name)
    made = []
    for contact in contacts:
        contact.push_subscriptions.filter(endpoint_hash=name).delete()
        row = PushSubscription(contact=contact, endpoint=endpoint, endpoint_hash=name, p256dh=p256dh, auth=auth)
        row.save(force_insert=True)
        too_many = contact.push_subscriptions.order_by("-created_at", "pk").values_list("pk", flat=True)[MOST_DEVICES:]
        contact.push_subscriptions.filter(pk__in=list(too_many)).delete()
        made.append(row)
        _put_first(contact)
    return made


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        fits = are_keys(unb64(p256dh), unb64(auth))
    except ValueError:
        fits = False
    if not fits or len(endpoint) > LONGEST_ENDPOINT or not hosts.is_known(endpoint):
        raise Invalid(_("Този браузър не може да получава известия от нас."), code="push_subscription")


def _put_first(contact: Contact) -> None:
    if Channel.PUSH in contact.channels:
        return
    in_app = [code for code in contact.channels if code == Channel.IN_APP]
    contact.channels = [*in_app, Channel.PUSH, *(code for code in contact.channels if code != Channel.IN_APP)]
    contact.save(update_fields=["channels", "updated_at"])


@transaction.atomic
def switch_off(*, contacts: Sequence[Contact], subscription_id: UUID) -> bool:
    """No more notifications on this browser of theirs. False where there is no such one."""
    mine = PushSubscription.objects.filter(contact__in=[one.pk for one in contacts])
    row = mine.filter(pk=subscription_id).first()
    if row is None:
        return False
    for contact in contacts:
        _forget(contact, endpoint_hash=row.endpoint_hash)
    return True


@transaction.atomic
def replace(*, old_endpoint: str, endpoint: str, p256dh: str, auth: str) -> int:
    """The browser changed its address by itself; whoever knows the old one is that browser. Answers how many rows."""
    rows = PushSubscription.objects.filter(endpoint_hash=endpoint_hash(old_endpoint)).select_related("contact")
    contacts = [row.contact for row in rows]
    if not contacts:
        return 0
    switch_on(contacts=contacts, endpoint=endpoint, p256dh=p256dh, auth=auth)
    if endpoint != old_endpoint:
        rows.delete()
    return len(contacts)


@transaction.atomic
def drop(gone: Collection[UUID]) -> None:
    """Browsers their push service does not know any more."""
    for row in PushSubscription.objects.filter(pk__in=gone).select_related("contact"):
        _forget(row.contact, pk=row.pk)


def _forget(contact: Contact, **which: object) -> None:
    """Take it away; with the last one push is no way to this person any more."""
    contact.push_subscriptions.filter(**which).delete()
    if Channel.PUSH in contact.channels and not contact.push_subscriptions.exists():
        contact.channels = [code for code in contact.channels if code != Channel.PUSH]
        contact.save(update_fields=["channels", "updated_at"])


def endpoint_hash(endpoint: str) -> str:
    return lookup_hash(endpoint, purpose="push-endpoint")
