"""Offers: made by the plan or by hand, and only while they fit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import DomainError
from notifications.models import Message
from requests.models import Visit
from requests.services import offers
from requests.services.actors import BEAT
from requests.states import NextStep, RequestState, VisitState
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(row):
    row.refresh_from_db()
    return row


def test_an_offer_tells_the_volunteer_the_village_and_never_the_address() -> None:
    ivanka = make.volunteer()
    row = make.help_request()
    (offer,) = make.offer(row, ivanka)
    told = Message.objects.get(contact=ivanka.contact, kind="offer_made")
    assert "Извор" in told.body
    assert "Петрова" not in told.body and "чешмата" not in told.body and "люляк" not in told.body
    assert fresh(row).state == RequestState.OFFERED
    assert row.next_step == NextStep.ANSWER and row.next_step_at == offer.expires_at


def test_a_sentence_that_ends_with_an_hour_has_one_full_stop() -> None:
    ivanka = make.volunteer()
    make.offer(make.help_request(), ivanka)
    body = Message.objects.get(contact=ivanka.contact, kind="offer_made").body
    assert body.endswith("ч.") and ".." not in body


def test_an_answer_is_never_awaited_beyond_the_visit() -> None:
    row = make.help_request()
    (offer,) = make.offer(row, make.volunteer(), start=make.NOW + timedelta(minutes=10))
    assert offer.expires_at <= offer.start


def test_a_proposal_that_no_longer_fits_makes_nothing() -> None:
    ivanka = make.volunteer()
    make.visit(make.help_request(), ivanka, start=make.NOW + timedelta(days=2))
    row = make.help_request(make.resident("Стоян"))
    assert make.offer(row, ivanka, start=make.NOW + timedelta(days=2, minutes=30)) == []
    assert fresh(row).state == RequestState.OPEN


def test_a_choice_by_hand_that_makes_no_sense_is_refused() -> None:
    ivanka, row = make.volunteer(), make.help_request(team=2)
    start = make.NOW + timedelta(days=1)
    twice = [offers.SeatProposal(seat=seat, volunteer_id=ivanka.pk) for seat in (1, 2)]
    no_seat = [offers.SeatProposal(seat=0, volunteer_id=ivanka.pk)]
    one = [offers.SeatProposal(seat=1, volunteer_id=ivanka.pk)]
    for proposals, end in (
        (twice, start + timedelta(days=1) / 24),
        (no_seat, start + timedelta(days=1) / 24),
        (one, start),
    ):
        with pytest.raises(DomainError) as told:
            offers.assign(
                help_request_id=row.pk, start=start, end=end, seats_for=proposals, agreed=False,
                actor=BEAT, now=make.NOW,
            )  # fmt: skip
        assert told.value.code == "does_not_fit"


def test_those_who_agreed_on_the_phone_are_seated_at_once() -> None:
    row, start = make.help_request(team=2), make.NOW + timedelta(days=1)
    people = make.volunteer(), make.volunteer("Петър", "Колев")
    seats = [offers.SeatProposal(seat=seat, volunteer_id=who.pk) for seat, who in enumerate(people, start=1)]
    offers.assign(
        help_request_id=row.pk, start=start, end=start + timedelta(days=1) / 24, seats_for=seats, agreed=True,
        actor=make.by_volunteer(people[0]), now=make.NOW,
    )  # fmt: skip
    assert fresh(row).state == RequestState.SCHEDULED
    assert Visit.objects.get().state == VisitState.SCHEDULED
