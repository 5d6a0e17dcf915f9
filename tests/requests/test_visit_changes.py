"""Visits that were arranged: moved, given back, missed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.errors import DomainError, Gone, IllegalMove, Invalid
from notifications.models import DeskTask, Message
from requests.models import Offer, Visit, VisitSeat
from requests.services import answers, visit_changes, visits
from requests.services.actors import BEAT, RESIDENT
from requests.states import NextStep, OfferState, RequestState, Urgency, VisitState
from tests import factories as make
from tests.requests.hands import begun, fresh, request_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def pair(now=make.NOW, start=None) -> Visit:
    people = make.volunteer(), make.volunteer("Петър", "Колев")
    return make.visit(make.help_request(team=2, now=now), *people, now=now, start=start)


class TestMove:
    def test_another_hour_is_told_to_both_and_must_be_confirmed_anew(self) -> None:
        visit = make.visit()
        visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
        later = visit.start + timedelta(days=1)
        visit_changes.move(visit_id=visit.pk, start=later, actor=BEAT, now=make.NOW)
        row, seat = request_of(visit), VisitSeat.objects.select_related("offer").get(visit=visit)
        assert (fresh(visit).start, visit.sequence, visit.state) == (later, 1, VisitState.SCHEDULED)
        assert (seat.start, seat.end, seat.offer.start) == (later, visit.end, later)
        assert row.state == RequestState.SCHEDULED and row.next_step_at == later + timedelta(minutes=30)
        assert Message.objects.filter(kind__in=["visit_moved", "visitor_moved"]).count() == 2

    def test_moved_twice_is_told_twice(self) -> None:
        visit = make.visit()
        for days in (1, 2):
            visit_changes.move(visit_id=visit.pk, start=visit.start + timedelta(days=days), actor=BEAT, now=make.NOW)
        assert Message.objects.filter(kind__in=["visit_moved", "visitor_moved"]).count() == 4

    def test_not_into_another_visit_of_the_same_volunteer(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        other = make.visit(make.help_request(make.resident("Стоян")), ivanka, start=visit.start + 5 * HOUR)
        with pytest.raises(Gone) as told:
            visit_changes.move(visit_id=visit.pk, start=other.start - HOUR / 2, actor=BEAT, now=make.NOW)
        assert told.value.code == "clash" and fresh(visit).sequence == 0

    def test_not_into_the_past_and_not_once_begun(self) -> None:
        visit = make.visit()
        with pytest.raises(Invalid):
            visit_changes.move(visit_id=visit.pk, start=make.NOW, actor=BEAT, now=make.NOW)
        begun(visit)
        with pytest.raises(DomainError) as told:
            visit_changes.move(visit_id=visit.pk, start=visit.start + HOUR, actor=BEAT, now=visit.start)
        assert told.value.code == "illegal_move"

    def test_half_a_pair_moves_and_the_second_is_sought_for_the_new_hour(self) -> None:
        row = make.help_request(team=2)
        first, second = make.offer(row, make.volunteer(), make.volunteer("Петър", "Колев"), seats=True)
        answers.accept(offer_id=first.pk, actor=BEAT, now=make.NOW)
        visit = Visit.objects.get()
        visit_changes.move(visit_id=visit.pk, start=visit.start + HOUR, actor=BEAT, now=make.NOW)
        assert fresh(second).state == OfferState.WITHDRAWN
        assert fresh(row).state == RequestState.PARTLY_STAFFED and row.next_step == NextStep.SECOND_PERSON
        told = Message.objects.get(contact=second.volunteer.contact, kind="offer_not_needed")
        assert "Друг ще отиде" not in told.body

    def test_asking_for_another_time_brings_it_to_the_desk_and_moving_settles_it(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        visit_changes.ask_another_time(
            visit_id=visit.pk, volunteer=ivanka, note="след обяд", actor=make.by_volunteer(ivanka), now=make.NOW
        )
        task = DeskTask.objects.open().get(kind="move_asked")
        assert (task.subject_id, task.note) == (visit.help_request_id, "след обяд")
        visit_changes.move(visit_id=visit.pk, start=visit.start + 3 * HOUR, actor=BEAT, now=make.NOW)
        assert fresh(task).done_at is not None and task.result == "moved"

    def test_the_wish_for_another_time_holds_no_personal_number(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        with pytest.raises(ValidationError):
            visit_changes.ask_another_time(
                visit_id=visit.pk, volunteer=ivanka, note="7523169263", actor=BEAT, now=make.NOW
            )
        assert not DeskTask.objects.exists()


class TestGiveBack:
    def test_alone_the_search_begins_again_and_the_person_is_told(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        for _twice in range(2):
            visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=make.NOW)
        row = request_of(visit)
        assert fresh(visit).state == VisitState.CANCELLED and row.state == RequestState.OPEN
        assert row.next_step == NextStep.PLAN and row.urgency == Urgency.THREE_DAYS
        assert Offer.objects.get().state == OfferState.RELEASED
        assert not VisitSeat.objects.filter(live=True).exists()
        assert Message.objects.filter(contact=row.resident.contact, kind="visit_lost").count() == 1
        assert DeskTask.objects.open().get().kind == "cannot_come"

    def test_a_day_before_it_is_urgent_at_once(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        late = visit.start - 3 * HOUR
        visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=BEAT, now=late)
        row = request_of(visit)
        assert row.urgency == Urgency.TODAY
        assert row.next_step_at is not None and row.next_step_at <= late + HOUR

    @pytest.mark.parametrize("was_confirmed", [False, True])
    def test_of_a_pair_one_stays_and_a_second_is_sought(self, was_confirmed: bool) -> None:
        visit = pair()
        if was_confirmed:
            visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
        first, second = visit.seats.select_related("volunteer")
        visit_changes.give_back(visit_id=visit.pk, volunteer=first.volunteer, actor=BEAT, now=make.NOW)
        row = request_of(visit)
        assert row.state == RequestState.PARTLY_STAFFED and row.next_step == NextStep.SECOND_PERSON
        assert fresh(visit).state == VisitState.SCHEDULED
        assert list(visit.seats.filter(live=True)) == [second]
        replacement = make.volunteer("Гергана", "Илиева")
        (offer,) = make.offer(row, replacement, start=visit.start)
        answers.accept(offer_id=offer.pk, actor=BEAT, now=make.NOW)
        visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
        assert request_of(visit).state == RequestState.CONFIRMED and fresh(visit).state == VisitState.CONFIRMED

    def test_when_both_of_a_pair_give_back_nothing_is_left_standing(self) -> None:
        visit = pair()
        for seat in visit.seats.select_related("volunteer"):
            visit_changes.give_back(visit_id=visit.pk, volunteer=seat.volunteer, actor=BEAT, now=make.NOW)
        assert fresh(visit).state == VisitState.CANCELLED
        assert request_of(visit).state == RequestState.OPEN
        assert set(Offer.objects.values_list("state", flat=True)) == {OfferState.RELEASED}

    def test_not_once_begun(self) -> None:
        ivanka = make.volunteer()
        visit = begun(make.visit(None, ivanka))
        with pytest.raises(DomainError) as told:
            visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=BEAT, now=visit.start)
        assert told.value.code == "illegal_move" and VisitSeat.objects.get().live

    def test_somebody_without_a_seat_gives_nothing_back(self) -> None:
        visit = make.visit()
        visit_changes.give_back(visit_id=visit.pk, volunteer=make.volunteer("Чужд"), actor=BEAT, now=make.NOW)
        assert fresh(visit).state == VisitState.SCHEDULED


class TestMissed:
    def test_the_person_is_told_and_the_search_begins_again(self) -> None:
        visit = make.visit()
        for _twice in range(2):
            visit_changes.missed(visit_id=visit.pk, actor=BEAT, now=visit.end)
        row = request_of(visit)
        assert fresh(visit).state == VisitState.NO_SHOW and row.state == RequestState.OPEN
        assert Offer.objects.get().state == OfferState.RELEASED
        assert Message.objects.filter(contact=row.resident.contact, kind="visit_lost").count() == 1

    def test_not_before_its_time(self) -> None:
        visit = make.visit()
        with pytest.raises(DomainError) as told:
            visit_changes.missed(visit_id=visit.pk, actor=BEAT, now=visit.start - HOUR)
        assert told.value.code == "too_early" and VisitSeat.objects.get().live

    def test_not_once_begun(self) -> None:
        visit = begun(make.visit())
        with pytest.raises(IllegalMove):
            visit_changes.missed(visit_id=visit.pk, actor=BEAT, now=visit.end)
        assert VisitSeat.objects.get().live and Offer.objects.get().state == OfferState.ACCEPTED
