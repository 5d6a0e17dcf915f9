"""A town on a working day: a request at each step of the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from notifications.services import contacts
from notifications.states import Channel
from requests.models import HelpRequest, Offer
from requests.services import answers
from tests import factories as make
from volunteers.models import Volunteer


class Town:
    """Requests at each step of the way, as they stand on a working day."""

    def __init__(self, now: datetime, number: int) -> None:
        self.now = now
        self.volunteers = [self._volunteer(place) for place in range(number + 2)]
        first = now + timedelta(days=3)
        # one to be planned, alone and by two
        self.to_plan = [self._request(team=1 + place % 2) for place in range(number)]
        # one whose offer nobody answered in time, one whose second person was not found
        self.unanswered = self._request(now=now - timedelta(days=2))
        self._ask(self.unanswered, self.volunteers[:1], first, now - timedelta(days=2))
        self.half = self._request(team=2, now=now - timedelta(days=2))
        pair = self._ask(self.half, self.volunteers[1:3], first, now - timedelta(days=2))
        self._accept(pair[0], now - timedelta(days=2))
        # one that is scheduled and stays so
        self.scheduled = self._request()
        self._accept(self._ask(self.scheduled, self.volunteers[:1], first + timedelta(days=1), now)[0], now)
        # one from yesterday that nobody could place, and one nobody checked in to
        self.forgotten = self._request(now=now - timedelta(days=2), service=make.service("RARE", group_code="RARE"))
        self.missed = self._request(now=now - timedelta(days=2))
        late = self._ask(self.missed, self.volunteers[2:3], now - timedelta(hours=2), now - timedelta(days=2))
        self._accept(late[0], now - timedelta(days=2))

    def _volunteer(self, place: int) -> Volunteer:
        row = make.volunteer(f"Човек{place}", hours=tuple((weekday, 9, 18) for weekday in range(7)))
        contacts.change_contact(
            row.contact, email=f"volunteer{place}@example.org", channels=[Channel.IN_APP, Channel.EMAIL]
        )
        return row

    def _request(self, *, now: datetime | None = None, **wanted: Any) -> HelpRequest:
        return make.help_request(make.resident(), now=now or self.now, **wanted)

    def _ask(self, row: HelpRequest, people: list[Volunteer], start: datetime, now: datetime) -> list[Offer]:
        made = make.offer(row, *people, start=start, now=now, seats=True)
        assert made
        return made

    def _accept(self, offer: Offer, now: datetime) -> None:
        answers.accept(offer_id=offer.pk, actor=make.by_volunteer(offer.volunteer), now=now)
