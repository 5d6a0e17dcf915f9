"""What went back and forth by SMS with one telephone, as a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.models import InboundMessage, Message
from notifications.sms.writing import sms_text
from notifications.states import Channel, MessageState
from places.models import Municipality

# More than this nobody reads while the receiver is at the ear.
MOST = 20
# How the name of a voicemail of a hidden number begins: its text is where it can be heard.
VOICEMAIL = "tel:"


@dataclass(frozen=True)
class Line:
    """`ours` was sent by us, `state` says how it stands where it has not arrived; `masked` names what was hidden."""

    text: str
    at: datetime
    ours: bool
    state: str = ""
    masked: str = ""
    reply_code: str = ""
    is_recording: bool = False


def conversation(municipality: Municipality, phone_hash: str) -> list[Line]:
    """The last lines with this telephone in this municipality, the oldest first."""
    sent = Message.objects.filter(municipality=municipality, contact__phone_hash=phone_hash, channel=Channel.SMS)
    came = InboundMessage.objects.filter(municipality=municipality, sender_hash=phone_hash)
    sent = sent.exclude(state__in=[MessageState.QUEUED, MessageState.EXPIRED])
    lines = [_ours(row) for row in sent.select_related("contact").order_by("-created_at")[:MOST]]
    lines += [_theirs(row) for row in came.order_by("-received_at")[:MOST]]
    return sorted(lines, key=lambda line: line.at)[-MOST:]


def _ours(row: Message) -> Line:
    text = sms_text(row.short or row.body, in_latin=row.contact.latin)
    state = "" if row.went_out else str(row.get_state_display())
    return Line(text, row.told_at, True, state, reply_code=row.reply_code)


def _theirs(row: InboundMessage) -> Line:
    is_recording = row.reference.startswith(VOICEMAIL)
    return Line(row.text, row.received_at, False, masked=row.masked, is_recording=is_recording)
