"""On PostgreSQL the database itself forbids what the services forbid: raw rows, past every service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from requests.models import Offer, Visit, VisitSeat
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
HOUR = timedelta(hours=1)
START = make.NOW + timedelta(days=2)


def insert(table: str, **values: object) -> None:
    """A row written by hand, with nothing of ours between it and the database."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))


def offer(row, who, *, seat: int = 1, state: str = "accepted", start: datetime = START, attempt: int = 1) -> uuid.UUID:
    pk = uuid.uuid4()
    insert(
        "requests_offer", id=pk, help_request_id=row.pk, attempt=attempt, seat=seat, volunteer_id=who.pk, state=state,
        rung=1, start=start, end=start + HOUR, travel_minutes=0, km=0, why="[]", made_at=make.NOW, expires_at=start,
        answer_channel="", said_by="", decline_reason="", created_at=make.NOW, updated_at=make.NOW,
    )  # fmt: skip
    return pk


def visit(row, *, state: str = "scheduled", start: datetime = START, attempt: int = 1) -> uuid.UUID:
    pk = uuid.uuid4()
    insert(
        "requests_visit", id=pk, help_request_id=row.pk, attempt=attempt, start=start, end=start + HOUR, state=state,
        outcome="", note="", helped="", said="", sequence=0, created_at=make.NOW, updated_at=make.NOW,
    )  # fmt: skip
    return pk


def seat(visit_id, offer_id, who, *, number: int = 1, start: datetime = START, minutes: int = 60, live: bool = True):
    insert(
        "requests_visitseat", visit_id=visit_id, seat=number, volunteer_id=who.pk, offer_id=offer_id, start=start,
        end=start + timedelta(minutes=minutes), live=live,
    )  # fmt: skip


def forbidden_by(name: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def seated(who, *, start: datetime = START, live: bool = True) -> None:
    """A visit of its own with this volunteer in it."""
    row = make.help_request(make.resident())
    seat(visit(row, start=start), offer(row, who, start=start), who, start=start, live=live)


@pytest.mark.parametrize("shift", [timedelta(), HOUR / 2, -HOUR / 2, timedelta(minutes=59), timedelta(minutes=-59)])
def test_a_volunteer_sits_in_one_place_at_a_time(shift: timedelta) -> None:
    ivanka = make.volunteer()
    seated(ivanka)
    forbidden_by("no_overlapping_seats", lambda: seated(ivanka, start=START + shift))
    assert VisitSeat.objects.count() == 1


def test_back_to_back_is_well_and_another_volunteer_too() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    for who, start in ((ivanka, START), (ivanka, START + HOUR), (ivanka, START - HOUR), (petar, START)):
        seated(who, start=start)
    assert VisitSeat.objects.filter(live=True).count() == 4


def test_a_seat_given_back_takes_no_time() -> None:
    ivanka = make.volunteer()
    seated(ivanka, live=False)
    seated(ivanka)
    forbidden_by("no_overlapping_seats", lambda: VisitSeat.objects.filter(live=False).update(live=True))


def test_a_seat_cannot_be_moved_into_another() -> None:
    ivanka = make.volunteer()
    seated(ivanka)
    seated(ivanka, start=START + 3 * HOUR)
    later = VisitSeat.objects.filter(start=START + 3 * HOUR)
    forbidden_by("no_overlapping_seats", lambda: later.update(start=START + HOUR / 2))


def test_one_offer_is_accepted_for_a_seat() -> None:
    row, ivanka, petar = make.help_request(team=2), make.volunteer(), make.volunteer("Петър", "Колев")
    offer(row, ivanka)
    forbidden_by("one_accepted_offer_per_seat", lambda: offer(row, petar))
    second = offer(row, petar, state="made")
    forbidden_by("one_accepted_offer_per_seat", lambda: Offer.objects.filter(pk=second).update(state="accepted"))
    # the other seat, another attempt, and an offer that was given back are well
    offer(row, petar, seat=2)
    offer(row, petar, attempt=2)
    offer(row, make.volunteer("Гергана"), state="released")


def test_nobody_is_asked_twice_at_once_for_one_attempt() -> None:
    row, ivanka = make.help_request(team=2), make.volunteer()
    offer(row, ivanka, state="made")
    forbidden_by("one_live_offer_per_volunteer", lambda: offer(row, ivanka, seat=2, state="made"))
    offer(row, ivanka, state="declined")


def test_a_seat_of_a_visit_has_one_person_and_a_person_one_seat() -> None:
    row, ivanka, petar = make.help_request(team=2), make.volunteer(), make.volunteer("Петър", "Колев")
    at = visit(row)
    seat(at, offer(row, ivanka), ivanka)
    other = offer(row, petar, state="made")
    forbidden_by("one_live_person_per_seat", lambda: seat(at, other, petar))
    again = offer(row, ivanka, seat=2)
    forbidden_by("one_live_seat_per_person", lambda: seat(at, again, ivanka, number=2, start=START + 5 * HOUR))
    forbidden_by("seat_is_one_or_two", lambda: seat(at, other, petar, number=3))


def test_an_attempt_has_one_live_visit() -> None:
    row = make.help_request()
    visit(row)
    for state in ("scheduled", "confirmed", "checked_in"):
        forbidden_by("one_live_visit_per_attempt", lambda state=state: visit(row, state=state, start=START + 5 * HOUR))
    visit(row, state="cancelled")
    visit(row, attempt=2)


def test_what_is_done_or_closed_says_how_it_ended() -> None:
    row = make.help_request()
    forbidden_by("done_has_an_outcome", lambda: visit(row, state="done"))
    assert not Visit.objects.exists()
