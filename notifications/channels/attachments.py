"""What is enclosed with a letter. It is made at the moment of sending, by the room above, and kept nowhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from notifications.models import Message
from notifications.states import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    """`content_type` as in a header: `text/calendar; charset=utf-8; method=PUBLISH`."""

    name: str
    content_type: str
    text: str


Maker = Callable[[Message], Attachment | None]
# Kind of message → who makes what is enclosed. The rooms above say it when they start.
MAKERS: dict[str, Maker] = {}


def enclosed(message: Message) -> tuple[Attachment, ...]:
    """What goes along with this message, by e-mail only. A letter goes without rather than not at all."""
    maker = MAKERS.get(message.kind) if message.channel == Channel.EMAIL else None
    if maker is None:
        return ()
    try:
        made = maker(message)
    except Exception as error:
        logger.error("Nothing could be enclosed with %s: %s", message.pk, type(error).__name__)
        return ()
    return () if made is None else (made,)
