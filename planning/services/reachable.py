"""From when a volunteer may be asked: nobody is planned for an hour before which they cannot be told of it."""

from __future__ import annotations

from datetime import datetime

from core.clock import local_date
from notifications.hours import FreeDays, first_minute
from notifications.states import MessageClass
from planning.selectors.rows import Rows
from requests.services import asking
from requests.states import RequestState, Urgency
from volunteers.models import Volunteer


class Reachable:
    """One query for all volunteers, and the holidays once."""

    def __init__(self, rows: Rows, now: datetime) -> None:
        self.rows, self.now = rows, now
        self.days = FreeDays(rows.municipality.pk)
        urgent = any(row.urgency == Urgency.TODAY and row.state == RequestState.OPEN for row in rows.requests)
        self.message_class = MessageClass.URGENT if urgent else MessageClass.ORDINARY
        self.first = {
            row.pk: first_minute(row.contact, self.message_class, now, self.days) for row in rows.volunteers
        }  # fmt: skip
        self.asked = {
            day: asking.asked_on(day, self.first) for day in {local_date(first) for first in self.first.values()}
        }

    def later_than_now(self, row: Volunteer) -> datetime | None:
        """The first minute at which they may be asked, where it is still to come; tomorrow, where they were enough."""
        first = self.first[row.pk]
        count = self.asked[local_date(first)].get(row.pk, 0)
        if count >= asking.most_a_day(row, self.rows.rules):
            return asking.may_be_asked_at(row, self.message_class, asked_enough=True, now=self.now, days=self.days)
        return first if first > self.now else None
