"""Which way a message takes, and which one next: the contact's own order, in the end a person who calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from notifications.channels import address, is_open
from notifications.models import Contact
from notifications.states import BY_HAND, CARRIED, Channel, MessageClass

# What goes by a way the person stopped: who expects a guest must learn that nobody comes.
ALWAYS = (MessageClass.SAFETY, MessageClass.CANCELLATION)


def ways(
    contact: Contact,
    message_class: str,
    *,
    must_arrive: bool,
    or_call: bool = False,
    chosen: Sequence[str] | None = None,
) -> list[Channel]:
    """The channels for a message, in order, without the app's own inbox.

    Who said stop is sent nothing but codes; what must be told is told by a person then.
    """
    wanted = [Channel(code) for code in (contact.channels if chosen is None else chosen)]
    if contact.stopped_at is not None and message_class != MessageClass.SAFETY:
        wanted = [channel for channel in wanted if channel in BY_HAND]
    if message_class not in ALWAYS:
        wanted = [channel for channel in wanted if channel not in contact.stopped_channels]
    carried = [channel for channel in wanted if channel in CARRIED and _leads(contact, channel)]
    if not must_arrive and (carried or not or_call):
        return list(dict.fromkeys(carried))
    by_hand = [channel for channel in (*wanted, Channel.VOICE) if channel not in CARRIED and _leads(contact, channel)]
    return [one for one in dict.fromkeys(sorted((*carried, *by_hand), key=_order(wanted))) if one != Channel.IN_APP]


def _leads(contact: Contact, channel: str) -> bool:
    return is_open(channel) and bool(address(contact, channel))


def _order(wanted: Sequence[str]) -> Callable[[str], int]:
    return lambda channel: wanted.index(channel) if channel in wanted else len(wanted)


def next_way(ways: Sequence[str], tried: Sequence[str]) -> Channel | None:
    """The first way not yet taken."""
    return next((Channel(way) for way in ways if way not in tried), None)
