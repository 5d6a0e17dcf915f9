"""Offers: one seat, one winner, a kind word for the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Gone
from notifications.models import DeskTask, Message
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.services import offers, sweep
from requests.states import NextStep, OfferState, RequestState, VisitState
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(row):
    row.refresh_from_db()
    return row


def test_an_offer_tells_the_volunteer_the_village_and_never_the_address() -> None:
    ivanka = make.volunteer()
    row = make.help_request()
    (offer,) = make.offer(row, ivanka)
    told = Message.objects.get(contact=ivanka.contact)
    assert "Извор" in told.body
    assert "Петрова" not in told.body and "чешмата" not in told.body and "люляк" not in told.body
    assert fresh(row).state == RequestState.OFFERED
    assert row.next_step == NextStep.ANSWER and row.next_step_at == offer.expires_at


def test_a_sentence_that_ends_with_an_hour_has_one_full_stop() -> None:
    ivanka = make.volunteer()
    make.offer(make.help_request(), ivanka)
    body = Message.objects.get(contact=ivanka.contact).body
    assert body.endswith("ч.") and ".." not in body


def test_accepting_schedules_the_visit_and_tells_both() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    offers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    visit = Visit.objects.get(help_request=row)
    assert fresh(row).state == RequestState.SCHEDULED and visit.state == VisitState.SCHEDULED
    assert VisitSeat.objects.get(visit=visit).volunteer == ivanka
    assert "Иванка Делева" in Message.objects.get(contact=row.resident.contact, kind="visit_scheduled").body


def test_accepting_twice_gives_the_same_answer_and_one_seat() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    for _again in range(2):
        accepted = offers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
        assert accepted.state == OfferState.ACCEPTED
    assert VisitSeat.objects.filter(visit__help_request=row).count() == 1


def test_of_two_asked_for_one_seat_the_second_is_told_kindly() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request()
    first, second = make.offer(row, ivanka, petar)
    offers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(second).state == OfferState.WITHDRAWN
    with pytest.raises(Gone, match="Благодарим"):
        offers.accept(offer_id=second.pk, actor=make.by_volunteer(petar), now=make.NOW)


def test_an_answer_after_the_time_is_late_and_the_next_in_line_is_sought() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    late = offer.expires_at + timedelta(seconds=1)
    with pytest.raises(Gone) as told:
        offers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=late)
    assert told.value.code == "late"
    sweep.run(now=late)
    assert fresh(offer).state == OfferState.EXPIRED
    assert fresh(row).state == RequestState.OPEN and row.next_step == NextStep.PLAN


def test_accepting_withdraws_the_same_volunteers_clashing_offers() -> None:
    ivanka = make.volunteer()
    one, other, later = (
        make.help_request(),
        make.help_request(make.resident("Стоян")),
        make.help_request(make.resident("Гена")),
    )
    start = make.NOW + timedelta(days=2)
    (chosen,) = make.offer(one, ivanka, start=start)
    (clashing,) = make.offer(other, ivanka, start=start + timedelta(minutes=30))
    (free,) = make.offer(later, ivanka, start=start + timedelta(hours=3))
    offers.accept(offer_id=chosen.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(clashing).state == OfferState.WITHDRAWN and fresh(other).state == RequestState.OPEN
    assert fresh(free).state == OfferState.MADE and fresh(later).state == RequestState.OFFERED


def test_after_three_rungs_the_coordinator_is_asked() -> None:
    row = make.help_request()
    for number in range(3):
        person = make.volunteer(f"Човек{number}")
        (offer,) = make.offer(row, person)
        offers.decline(offer_id=offer.pk, actor=make.by_volunteer(person), now=make.NOW, reason="busy")
        fresh(row)
    task = DeskTask.objects.get(kind="ladder_ended")
    assert task.subject_id == row.pk and row.next_step == NextStep.DESK


def test_half_of_a_pair_is_released_with_thanks_when_the_second_is_not_found() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request(team=2)
    first, second = make.offer(row, ivanka, petar, seats=True)
    offers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(row).state == RequestState.PARTLY_STAFFED and row.next_step == NextStep.SECOND_PERSON
    offers.decline(offer_id=second.pk, actor=make.by_volunteer(petar), now=make.NOW)
    sweep.run(now=row.next_step_at)
    assert fresh(first).state == OfferState.RELEASED
    assert fresh(row).state == RequestState.OPEN
    assert Visit.objects.get(help_request=row).state == VisitState.CANCELLED
    assert Message.objects.filter(contact=ivanka.contact, kind="offer_released").exists()


def test_a_pair_is_scheduled_when_both_say_yes() -> None:
    visit = make.visit(make.help_request(team=2), make.volunteer(), make.volunteer("Петър", "Колев"))
    assert HelpRequest.objects.get(pk=visit.help_request_id).state == RequestState.SCHEDULED
    assert visit.seats.filter(live=True).count() == 2


def test_an_answer_by_phone_names_who_said_it_and_when() -> None:
    ivanka, row, clerk = make.volunteer(), make.help_request(), make.user("clerk")
    (offer,) = make.offer(row, ivanka)
    said = offers.SaidByPhone(said_by="Иванка", said_at=make.NOW, recorded_by=clerk)
    offers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW, by_phone=said)
    offer = Offer.objects.get(pk=offer.pk)
    assert (offer.said_by, offer.said_at, offer.recorded_by, offer.answer_channel) == (
        "Иванка",
        make.NOW,
        clerk,
        "phone",
    )


def test_a_proposal_that_no_longer_fits_makes_nothing() -> None:
    ivanka = make.volunteer()
    make.visit(make.help_request(), ivanka, start=make.NOW + timedelta(days=2))
    row = make.help_request(make.resident("Стоян"))
    assert make.offer(row, ivanka, start=make.NOW + timedelta(days=2, minutes=30)) == []
    assert fresh(row).state == RequestState.OPEN
