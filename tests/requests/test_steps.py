"""How long an answer is awaited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from places.models import MunicipalityRules
from requests.models import HelpRequest
from requests.services.steps import offer_until

RULES = MunicipalityRules()
EVENING = datetime(2026, 10, 5, 20, 44, tzinfo=UTC)  # 23:44 in Sofia


def test_nobody_has_to_answer_at_night() -> None:
    until = offer_until(HelpRequest(), EVENING + timedelta(days=5), RULES, EVENING)
    assert until == datetime(2026, 10, 7, 6, 0, tzinfo=UTC)  # 9:00, not 23:44


def test_by_day_the_hours_of_the_rules_count() -> None:
    noon = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    assert offer_until(HelpRequest(), noon + timedelta(days=5), RULES, noon) == noon + timedelta(hours=24)


@pytest.mark.parametrize("hours", [3, 10])
def test_an_answer_is_never_awaited_up_to_the_visit_itself(hours: int) -> None:
    start = EVENING + timedelta(hours=hours)
    assert offer_until(HelpRequest(), start, RULES, EVENING) <= EVENING + (start - EVENING) / 2


def test_an_urgent_one_waits_for_no_morning() -> None:
    urgent = HelpRequest(urgency="today")
    assert offer_until(urgent, EVENING + timedelta(days=2), RULES, EVENING) == EVENING + timedelta(hours=2)
