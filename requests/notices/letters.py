"""What is enclosed with letters to volunteers: their visit for their calendar, written when the letter is sent."""

from __future__ import annotations

import re
from uuid import UUID

from notifications.channels.attachments import Attachment
from notifications.models import Message
from requests import messages
from requests.calendar.writer import CONTENT_TYPE
from requests.selectors import calendars
from volunteers.models import Volunteer

FILE_NAME = "poseshtenie.ics"
# The keys these messages are told under: of an offer, or of a visit for one volunteer.
OF_OFFER = re.compile(r"^offer:(?P<offer>[0-9a-f-]{36}):")
OF_VISIT = re.compile(r"^visit:(?P<visit>[0-9a-f-]{36}):moved:\d+:[0-9a-f-]{36}")
WITH_CALENDAR = (
    messages.OFFER_ACCEPTED, messages.OFFER_RELEASED, messages.VISITOR_MOVED, messages.VISITOR_CANCELLED,
    messages.VISITOR_ANOTHER_TIME,
)  # fmt: skip


def calendar_of(message: Message) -> Attachment | None:
    """The visit this message is about, as it stands now; None where there is none."""
    about = OF_OFFER.match(message.key) or OF_VISIT.match(message.key)
    volunteer = Volunteer.objects.filter(contact=message.contact_id).select_related("contact").first()
    if about is None or volunteer is None:
        return None
    named = {name: UUID(key) for name, key in about.groupdict().items()}
    text = calendars.one(volunteer, **named)
    return Attachment(FILE_NAME, f"{CONTENT_TYPE}; method=PUBLISH", text) if text else None
