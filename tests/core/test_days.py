"""Days at the ends of time are refused with a sentence, wherever a day is typed; no page breaks on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.serializers import ValidationError as ApiError

from accounts.roles import Role
from core.api_fields import DayField as ApiDay
from core.clock import EARLIEST, LATEST, day_bounds, written
from core.forms import DayField, MomentField
from tests import factories as make

ENDS = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize("typed", [*ENDS, "1999-12-31", "2101-01-01"])
def test_a_day_that_is_not_of_our_time_is_refused_by_every_field(typed: str) -> None:
    with pytest.raises(ValidationError, match="Напишете деня"):
        DayField().clean(typed)
    with pytest.raises(ValidationError):
        MomentField(input_formats=["%Y-%m-%dT%H:%M"]).clean(f"{typed}T10:00")
    with pytest.raises(ApiError):
        ApiDay().run_validation(typed)
    assert written(typed) is None


@pytest.mark.parametrize("day", [EARLIEST, date(2026, 10, 25), LATEST])
def test_every_day_of_our_time_is_taken_and_has_its_bounds(day: date) -> None:
    assert DayField().clean(day.isoformat()) == ApiDay().run_validation(day.isoformat()) == written(str(day)) == day
    first, last = day_bounds(day)
    assert first < last


@pytest.mark.parametrize("text", ["", "утре", "2026-02-30", "2026-10-15T10:00", "20261015x", "\x00"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert written(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize("day", [*ENDS, "2026-02-30"])
def test_no_page_breaks_on_the_ends_of_time(day: str) -> None:
    village = make.resident().settlement_id
    asked: dict[Role, list[tuple[str, dict[str, Any]]]] = {
        Role.VOLUNTEER: [(reverse("requests:my_week"), {"ot": day})],
        Role.AUDITOR: [(reverse("requests:journal"), {"first": day}), (reverse("requests:journal"), {"last": day})],
        Role.COORDINATOR: [
            (reverse("reports:assignments"), {"from": day}), (reverse("reports:assignments"), {"to": day}),
            (reverse("reports:assignments_file"), {"from": day, "to": day}), (reverse("planning:board"), {"ot": day}),
            (reverse("requests:paper_run", args=[village, day]), {}), (reverse("requests:operators"), {"from": day}),
        ],
    }  # fmt: skip
    for role, pages in asked.items():
        client = Client()
        client.force_login(make.volunteer().user if role == Role.VOLUNTEER else make.user(role))  # type: ignore[arg-type]
        for page, query in pages:
            assert client.get(page, query).status_code < 500, (page, query)
