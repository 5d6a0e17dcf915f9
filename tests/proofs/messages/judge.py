"""Judges what was sent in a month by the people's wishes and the rows alone; it shares nothing with the sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications.models import Contact, Message
from notifications.states import CARRIED

SOFIA = ZoneInfo("Europe/Sofia")
REMINDERS = ("visit_tomorrow", "visit_soon", "visitor_tomorrow")


class Judge:
    def __init__(self, holidays: set[date], starts: Mapping[tuple[UUID, int], datetime]) -> None:
        self.holidays, self.starts = holidays, starts
        rows = Message.objects.filter(channel__in=CARRIED, sent_at__isnull=False).select_related("contact")
        self.sent = [(row, row.sent_at.astimezone(SOFIA)) for row in rows if row.sent_at]

    def quiet_hours(self) -> int:
        """Nobody was told anything in hours or on days they may not be; answers how many messages were looked at."""
        for row, when in self.sent:
            if row.message_class == "safety" or (row.message_class == "urgent" and row.contact.urgent_any_time):
                continue
            assert self._is_awake(row.contact, when.time()), (row.key, when)
            if self._is_free(when.date()) and row.message_class != "urgent" and not row.contact.on_free_days:
                assert row.message_class == "cancellation" and self._would_be_late(row, when), (row.key, when)
        return len(self.sent)

    def caps(self) -> int:
        """Nobody was told more on a day than they allow; answers on how many days somebody was told all they allow."""
        days = Counter(
            (row.contact_id, when.date())
            for row, when in self.sent
            if row.message_class not in ("safety", "cancellation")
        )
        caps = {row.contact_id: row.contact.daily_cap for row, _when in self.sent}
        for (contact, day), told in days.items():
            assert told <= caps[contact], (contact, day, told, caps[contact])
        return sum(told == caps[contact] for (contact, _day), told in days.items())

    def reminders(self) -> Counter[str]:
        """Each came before its visit, at the time the visit then had; answers how many of each kind went out."""
        found: Counter[str] = Counter()
        for row, when in self.sent:
            if row.kind in REMINDERS:
                _visit, key, _reminder, sequence, *_rest = row.key.split(":")
                assert when < self.starts[UUID(key), int(sequence)], (row.key, when)
                found[row.kind] += 1
        return found

    def _is_free(self, day: date) -> bool:
        return day.weekday() == 6 or day in self.holidays

    @staticmethod
    def _is_awake(contact: Contact, moment: time) -> bool:
        begins, ends = contact.quiet_until, contact.quiet_from
        if begins <= ends:
            return begins <= moment < ends
        return moment >= begins or moment < ends

    def _would_be_late(self, row: Message, when: datetime) -> bool:
        """Whether it would have come after its time on the next day the person may be told."""
        day = when.date() + timedelta(days=1)
        while self._is_free(day):
            day += timedelta(days=1)
        opens = row.contact.quiet_until if row.contact.quiet_until < row.contact.quiet_from else time()
        return row.expires_at is not None and datetime.combine(day, opens, SOFIA) >= row.expires_at
