"""A month in Радомир told by hand, so that every figure of a report can be counted on the fingers.

`town.request(…)`, `town.offer(…)` and `town.visit(…)` write the rows as they stand afterwards; the services that
lead there have tests of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.roles import Role
from core.clock import at
from requests.models import HelpRequest, Offer, Resident, Visit, VisitDifficulty, VisitSeat
from requests.states import OfferState, Outcome, Phase, RequestState, VisitState
from tests import factories
from volunteers.models import Volunteer


def moment(day: int, clock: str = "10:00", month: int = 10) -> datetime:
    """Local time of 2026."""
    return at(date(2026, month, day), time.fromisoformat(clock))


class Town:
    def __init__(self) -> None:
        self.municipality = factories.municipality()

    def request(
        self, who: Resident | None = None, *, opened: datetime | None = None, service: Any = "ASP_HEAT", **more: Any
    ) -> HelpRequest:
        row = factories.help_request(
            who or factories.resident(), service=factories.service(service) if service else None
        )
        changes = {"state": RequestState.OPEN, "opened_at": opened or moment(5), **more}
        HelpRequest.objects.filter(pk=row.pk).update(**changes)
        row.refresh_from_db()
        return row

    def offer(
        self, row: HelpRequest, who: Volunteer, state: str = OfferState.ACCEPTED, *,
        made: datetime | None = None, start: datetime | None = None, seat: int = 1,
    ) -> Offer:  # fmt: skip
        made = made or moment(5, "12:00")
        start = start or made + timedelta(days=2)
        return Offer.objects.create(
            help_request=row, attempt=row.attempt, seat=seat, volunteer=who, state=state, start=start,
            end=start + timedelta(hours=1), made_at=made, expires_at=made + timedelta(hours=24),
        )  # fmt: skip

    def visit(
        self, row: HelpRequest, *people: Volunteer, start: datetime, outcome: str = Outcome.SUBMITTED,
        minutes: int = 30, before: Sequence[str] = (), after: Sequence[str] = (), state: str = VisitState.DONE,
    ) -> Visit:  # fmt: skip
        """Everybody was asked at noon of Monday, 5 October, and came."""
        end = start + timedelta(hours=1)
        visit = Visit.objects.create(
            help_request=row, attempt=row.attempt, start=start, end=end, state=state,
            outcome=outcome if state == VisitState.DONE else "",
            minutes=minutes if state == VisitState.DONE else None,
        )  # fmt: skip
        for seat, who in enumerate(people, start=1):
            offer = self.offer(row, who, start=start, seat=seat)
            VisitSeat.objects.create(visit=visit, seat=seat, volunteer=who, offer=offer, start=start, end=end)
        for codes, phase in ((before, Phase.BEFORE), (after, Phase.AFTER)):
            for code in codes:
                VisitDifficulty.objects.create(visit=visit, difficulty=factories.difficulty(code), phase=phase)
        return visit


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def coordinator(town: Town) -> Membership:
    return factories.member(Role.COORDINATOR)


@pytest.fixture
def desk(client: Client, coordinator: Membership) -> Client:
    client.force_login(coordinator.user)
    return client


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday, 30 October 2026, noon in Sofia."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 10, 30, 10, tzinfo=UTC))
