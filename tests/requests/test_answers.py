"""Answers: one seat, one winner, a kind word for the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Gone
from notifications.models import Message
from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.services import answers, residents, sweep
from requests.services.actors import BEAT
from requests.states import NextStep, OfferState, RequestState, RuleKind, VisitState
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(row):
    row.refresh_from_db()
    return row


def test_accepting_schedules_the_visit_and_tells_both() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    visit = Visit.objects.get(help_request=row)
    assert fresh(row).state == RequestState.SCHEDULED and visit.state == VisitState.SCHEDULED
    assert VisitSeat.objects.get(visit=visit).volunteer == ivanka
    assert "Иванка Делева" in Message.objects.get(contact=row.resident.contact, kind="visit_scheduled").body


def test_accepting_twice_gives_the_same_answer_and_one_seat() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    for _again in range(2):
        accepted = answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
        assert accepted.state == OfferState.ACCEPTED
    assert VisitSeat.objects.filter(visit__help_request=row).count() == 1


def test_of_two_asked_for_one_seat_the_second_is_told_kindly() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request()
    first, second = make.offer(row, ivanka, petar)
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(second).state == OfferState.WITHDRAWN
    with pytest.raises(Gone, match="Благодарим"):
        answers.accept(offer_id=second.pk, actor=make.by_volunteer(petar), now=make.NOW)


def test_an_answer_after_the_time_is_late_and_the_next_in_line_is_sought() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    late = offer.expires_at + timedelta(seconds=1)
    with pytest.raises(Gone) as told:
        answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=late)
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
    answers.accept(offer_id=chosen.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(clashing).state == OfferState.WITHDRAWN and fresh(other).state == RequestState.OPEN
    assert fresh(free).state == OfferState.MADE and fresh(later).state == RequestState.OFFERED


def test_a_pair_is_scheduled_when_both_say_yes() -> None:
    visit = make.visit(make.help_request(team=2), make.volunteer(), make.volunteer("Петър", "Колев"))
    assert HelpRequest.objects.get(pk=visit.help_request_id).state == RequestState.SCHEDULED
    assert visit.seats.filter(live=True).count() == 2


def test_an_answer_by_phone_names_who_said_it_and_when() -> None:
    ivanka, row, clerk = make.volunteer(), make.help_request(), make.user("clerk")
    (offer,) = make.offer(row, ivanka)
    said = answers.SaidByPhone(said_by="Иванка", said_at=make.NOW, recorded_by=clerk)
    answers.accept(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW, by_phone=said)
    offer = Offer.objects.get(pk=offer.pk)
    assert (offer.said_by, offer.said_at, offer.recorded_by, offer.answer_channel) == (
        "Иванка",
        make.NOW,
        clerk,
        "phone",
    )


def test_who_was_blocked_in_the_meantime_does_not_come() -> None:
    row, ivanka = make.help_request(), make.volunteer()
    (offer,) = make.offer(row, ivanka)
    residents.set_rule(resident=row.resident, volunteer=ivanka, kind=RuleKind.BLOCKED, now=make.NOW)
    with pytest.raises(Gone) as told:
        answers.accept(offer_id=offer.pk, actor=BEAT, now=make.NOW)
    assert told.value.code == "withdrawn" and not Visit.objects.exists()


def test_nor_does_who_left() -> None:
    ivanka = make.volunteer()
    (offer,) = make.offer(make.help_request(), ivanka)
    ivanka.status = "left"
    ivanka.save()
    with pytest.raises(Gone):
        answers.accept(offer_id=offer.pk, actor=BEAT, now=make.NOW)
