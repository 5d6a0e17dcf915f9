"""A month of a small municipality, told by its services with the time moved from one thing that happens to the next.

People ask, are visited, have visits moved and cancelled, by day and by night; each has quiet hours, a cap and wishes of
their own. Whoever judges afterwards knows the wishes and the rows, and nothing of how they came about.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from core.clock import at, local_date
from core.errors import DomainError
from notifications.models import Contact, Message
from notifications.services import sending, watch
from notifications.states import CARRIED, MessageState
from places.models import Holiday
from requests.models import Visit
from requests.services import changes, visit_changes, visits
from requests.services.actors import BEAT, RESIDENT
from tests import factories as make
from volunteers.models import Volunteer

# A Wednesday: nobody is told ordinary things on it.
HOLIDAY = date(2026, 10, 14)
Event = Callable[[datetime], None]


class Month:
    """`Month(residents, days, seed).run()`; `starts` then holds when each visit was, by its key and its sequence."""

    def __init__(self, residents: int, days: int, seed: int) -> None:
        self.dice, self.days = random.Random(seed), days
        self.starts: dict[tuple[UUID, int], datetime] = {}
        self._queue: list[tuple[datetime, int, Event]] = []
        self._numbers = count()
        Holiday.objects.create(date=HOLIDAY, name_bg="Празник", name_en="A holiday")
        self.people = [make.resident(f"Мария{number}") for number in range(residents)]
        self.volunteers = [
            make.volunteer(f"Иванка{number}", signs_in=False) for number in range(max(4, residents // 6))
        ]
        for one in (*self.people, *self.volunteers):
            self._wishes(one.contact)
        for resident in self.people:
            for _visit in range(self.dice.choice((1, 1, 2))):
                self._at(self._any_moment(make.NOW, days - 3), lambda now, who=resident: self._ask(who, now))  # type: ignore[misc]

    def run(self) -> None:
        end = make.NOW + timedelta(days=self.days)
        while self._queue:
            now, _number, event = heapq.heappop(self._queue)
            self._send_until(now)
            event(now)
            watch.run(now=now)
            sending.send_due(now=now)
        self._send_until(end)

    def _send_until(self, moment: datetime) -> None:
        """What falls due between two events is sent when it falls due."""
        while True:
            due = Message.objects.filter(state=MessageState.QUEUED, channel__in=CARRIED, due_at__lte=moment)
            first = due.order_by("due_at").values_list("due_at", flat=True).first()
            if first is None:
                return
            # A beat later, so that what falls due together goes together.
            sending.send_due(now=min(first + timedelta(seconds=5), max(moment, first)))

    def _wishes(self, contact: Contact) -> None:
        dice = self.dice
        contact.quiet_from, contact.quiet_until = time(dice.choice((18, 19, 20, 21, 22))), time(dice.choice((7, 8, 9)))
        if dice.random() < 0.2:
            # Sleeps in the afternoon as well as anybody.
            contact.quiet_from, contact.quiet_until = time(13), time(16)
        contact.on_free_days, contact.urgent_any_time = dice.random() < 0.3, dice.random() < 0.5
        contact.daily_cap = dice.choice((1, 1, 2, 3, 6))
        contact.save()

    def _ask(self, resident: object, now: datetime) -> None:
        row = make.help_request(resident, now=now)  # type: ignore[arg-type]
        day = local_date(now) + timedelta(days=self.dice.randint(1, 8))
        while day.weekday() == 6 or day == HOLIDAY:
            day += timedelta(days=1)
        start = at(day, time(self.dice.randint(9, 16), self.dice.choice((0, 30))))
        for volunteer in self._shuffled():
            try:
                visit = make.visit(row, volunteer, now=now, start=start)
            except (AssertionError, DomainError):
                continue
            self._know(visit)
            return self._go_on(visit, now)

    def _shuffled(self) -> list[Volunteer]:
        return self.dice.sample(self.volunteers, len(self.volunteers))

    def _go_on(self, visit: Visit, now: datetime) -> None:
        fate = self.dice.random()
        if fate < 0.25:
            self._at(self._between(now, visit.start), lambda then: self._move(visit, then))
        elif fate < 0.45:
            self._at(self._between(now, visit.start), lambda then: self._withdraw(visit, then))
        else:
            self._at(visit.start - timedelta(minutes=30), lambda then: self._set_out(visit, then))

    def _move(self, visit: Visit, now: datetime) -> None:
        start = visit.start + timedelta(days=self.dice.randint(1, 2), hours=self.dice.choice((-1, 0, 1)))
        try:
            visit_changes.move(visit_id=visit.pk, start=start, actor=BEAT, now=now)
        except DomainError:
            return
        visit.refresh_from_db()
        self._know(visit)

    def _withdraw(self, visit: Visit, now: datetime) -> None:
        visit.help_request.refresh_from_db()
        try:
            changes.withdraw(help_request=visit.help_request, actor=RESIDENT, now=now)
        except DomainError:
            return

    def _set_out(self, visit: Visit, now: datetime) -> None:
        visits.set_out(visit_id=visit.pk, minutes=25, actor=BEAT, now=now)

    def _know(self, visit: Visit) -> None:
        self.starts[visit.pk, visit.sequence] = visit.start

    def _at(self, moment: datetime, event: Event) -> None:
        heapq.heappush(self._queue, (moment, next(self._numbers), event))

    def _any_moment(self, since: datetime, days: int) -> datetime:
        return since + timedelta(minutes=self.dice.randint(1, days * 24 * 60))

    def _between(self, since: datetime, until: datetime) -> datetime:
        return since + (until - since) * self.dice.uniform(0.05, 0.95)
