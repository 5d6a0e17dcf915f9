"""Changing one's mind: corrected, another time, no longer needed, cancelled, begun again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError

from core.errors import DomainError, Gone, Invalid
from notifications.models import DeskTask, Message
from requests.models import HelpRequest, JournalEntry, Offer, Visit, VisitSeat
from requests.services import answers, changes, intake, sweep, visits
from requests.services.actors import BEAT, RESIDENT
from requests.states import ENDED, NextStep, OfferState, RequestState
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FRIDAY = [intake.Free(weekday=4, start=time(9), end=time(12))]


def fresh(row):
    row.refresh_from_db()
    return row


def unverified() -> HelpRequest:
    wanted = intake.Wanted(service=make.service())
    return intake.submit_from_web(resident=make.resident(), wanted=wanted, now=make.NOW)


def offered() -> HelpRequest:
    row = make.help_request()
    make.offer(row, make.volunteer())
    return fresh(row)


def half_staffed() -> HelpRequest:
    row = make.help_request(team=2)
    first, _second = make.offer(row, make.volunteer(), make.volunteer("Петър", "Колев"), seats=True)
    answers.accept(offer_id=first.pk, actor=BEAT, now=make.NOW)
    return fresh(row)


def scheduled() -> HelpRequest:
    return HelpRequest.objects.get(pk=make.visit().help_request_id)


def confirmed() -> HelpRequest:
    visit = make.visit()
    visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
    return HelpRequest.objects.get(pk=visit.help_request_id)


def begun() -> HelpRequest:
    visit = make.visit()
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
    return HelpRequest.objects.get(pk=visit.help_request_id)


BEFORE_CHECK_IN = [unverified, make.help_request, offered, half_staffed, scheduled, confirmed]
states = pytest.mark.parametrize("standing", BEFORE_CHECK_IN, ids=lambda made: made.__name__)


def nothing_stands(row: HelpRequest) -> bool:
    live_visits = Visit.objects.live().filter(help_request=row)
    seats = VisitSeat.objects.filter(visit__help_request=row, live=True)
    waiting = Offer.objects.filter(help_request=row, state__in=[OfferState.MADE, OfferState.ACCEPTED])
    return not (live_visits.exists() or seats.exists() or waiting.exists())


class TestBothSidesMayEndItBeforeTheVisit:
    @states
    @pytest.mark.parametrize(
        ("end", "state"),
        [(changes.withdraw, RequestState.WITHDRAWN), (changes.cancel, RequestState.CANCELLED)],
        ids=["the person", "the office"],
    )
    def test_in_every_state(self, standing: Callable[[], HelpRequest], end, state) -> None:
        row = standing()
        had_a_seat = list(VisitSeat.objects.filter(visit__help_request=row, live=True).select_related("volunteer"))
        for _twice in range(2):
            end(help_request=row, actor=RESIDENT, now=make.NOW)
        assert (fresh(row).state, row.next_step, row.next_step_at) == (state, "", None)
        assert row.ended_at == make.NOW and nothing_stands(row)
        assert not DeskTask.objects.open().filter(subject_id=row.pk).exists()
        for seat in had_a_seat:
            assert Message.objects.filter(contact=seat.volunteer.contact, kind="offer_visit_cancelled").count() == 1

    @pytest.mark.parametrize("end", [changes.withdraw, changes.cancel])
    def test_not_once_the_visit_runs(self, end) -> None:
        row = begun()
        with pytest.raises(DomainError) as told:
            end(help_request=row, actor=RESIDENT, now=make.NOW)
        assert told.value.code == "too_late" and fresh(row).state == RequestState.IN_PROGRESS

    def test_an_offer_for_what_is_no_longer_needed_is_refused_kindly(self) -> None:
        row = offered()
        changes.withdraw(help_request=row, actor=RESIDENT, now=make.NOW)
        with pytest.raises(Gone, match="Благодарим") as told:
            answers.accept(offer_id=Offer.objects.get().pk, actor=BEAT, now=make.NOW)
        assert told.value.code == "withdrawn"


class TestAnotherTime:
    @states
    def test_in_every_state_before_the_visit(self, standing: Callable[[], HelpRequest]) -> None:
        row = standing()
        was = row.state
        changes.another_time(help_request=row, free=FRIDAY, actor=RESIDENT, now=make.NOW)
        after = RequestState.UNVERIFIED if was == RequestState.UNVERIFIED else RequestState.OPEN
        assert fresh(row).state == after and nothing_stands(row)
        assert row.free_times.get().weekday == 4 and row.next_step_at is not None
        assert JournalEntry.objects.filter(help_request_id=row.pk, verb="another_time").exists()

    def test_not_once_the_visit_runs(self) -> None:
        row = begun()
        with pytest.raises(DomainError):
            changes.another_time(help_request=row, free=FRIDAY, actor=RESIDENT, now=make.NOW)
        assert not row.free_times.exists()

    def test_a_request_that_ended_at_the_desk_is_planned_again(self) -> None:
        row = make.help_request()
        for number in range(3):
            (offer,) = make.offer(row, make.volunteer(f"Човек{number}"))
            answers.decline(offer_id=offer.pk, actor=BEAT, now=make.NOW)
            fresh(row)
        assert row.next_step == NextStep.DESK
        changes.another_time(help_request=row, free=FRIDAY, actor=RESIDENT, now=make.NOW)
        assert fresh(row).next_step == NextStep.PLAN
        assert not DeskTask.objects.open().filter(kind="ladder_ended").exists()


class TestCorrect:
    @states
    def test_in_every_state_before_the_visit(self, standing: Callable[[], HelpRequest]) -> None:
        row = standing()
        was = row.state
        changes.correct(help_request=row, changes={"note": "звънецът е горе"}, actor=RESIDENT, now=make.NOW)
        row = HelpRequest.objects.get(pk=row.pk)
        assert (row.note, row.state) == ("звънецът е горе", was)
        entry = JournalEntry.objects.get(verb="corrected")
        assert entry.facts == {"fields": ["note"]}

    def test_not_once_the_visit_runs(self) -> None:
        with pytest.raises(DomainError):
            changes.correct(help_request=begun(), changes={"note": "късно"}, actor=RESIDENT, now=make.NOW)

    def test_never_the_state(self) -> None:
        with pytest.raises(ValueError, match="state"):
            changes.correct(help_request=make.help_request(), changes={"state": "closed"}, actor=BEAT, now=make.NOW)

    @pytest.mark.parametrize("field", ["note", "safe_word"])
    def test_never_with_a_personal_number(self, field: str) -> None:
        row = make.help_request()
        with pytest.raises(ValidationError):
            changes.correct(help_request=row, changes={field: "7523169263"}, actor=RESIDENT, now=make.NOW)
        assert getattr(HelpRequest.objects.get(), field) != "7523169263"

    @pytest.mark.parametrize(
        ("mended", "code"),
        [
            ({"deadline": make.TODAY - DAY}, "deadline"),
            ({"deadline": make.TODAY, "not_before": make.TODAY + DAY}, "not_before"),
            ({"urgency": "whenever"}, "urgency"),
            ({"minutes": 9999}, "minutes"),
        ],
    )
    def test_never_into_nonsense(self, mended, code: str) -> None:
        row = make.help_request()
        with pytest.raises(Invalid) as told:
            changes.correct(help_request=row, changes=mended, actor=BEAT, now=make.NOW)
        assert told.value.code == code

    def test_a_meeting_in_a_help_point_keeps_one_of_ours(self) -> None:
        row = make.help_request(mode="HELP_POINT", help_point=make.help_point())
        with pytest.raises(Invalid) as told:
            changes.correct(help_request=row, changes={"help_point": None}, actor=BEAT, now=make.NOW)
        assert told.value.code == "help_point"

    def test_what_becomes_urgent_is_looked_at_sooner(self) -> None:
        row = make.help_request()
        mended = {"urgency": "today", "urgency_reason": "no_heat"}
        changes.correct(help_request=row, changes=mended, actor=BEAT, now=make.NOW)
        assert fresh(row).next_step_at <= make.NOW + timedelta(minutes=30)

    def test_not_before_a_later_day_waits_for_it(self) -> None:
        row = make.help_request()
        changes.correct(help_request=row, changes={"not_before": make.TODAY + 5 * DAY}, actor=BEAT, now=make.NOW)
        assert fresh(row).next_step == NextStep.WAIT


class TestReopen:
    @pytest.mark.parametrize("end", [changes.withdraw, changes.cancel])
    def test_an_ended_request_is_the_next_attempt(self, end) -> None:
        row = scheduled()
        end(help_request=row, actor=BEAT, now=make.NOW)
        changes.reopen(help_request=row, actor=BEAT, now=make.NOW + DAY)
        assert (fresh(row).state, row.attempt, row.ended_at) == (RequestState.OPEN, 2, None)
        assert row.next_step == NextStep.PLAN
        assert JournalEntry.objects.get(verb="reopened").facts == {"attempt": 2}

    @pytest.mark.parametrize("end", ["withdraw", "cancel", "expire"])
    def test_who_was_never_phoned_is_phoned_first(self, end: str) -> None:
        row, later = unverified(), make.NOW + 20 * DAY
        HelpRequest.objects.update(created_at=make.NOW)
        if end == "expire":
            sweep.run(now=later)
        else:
            getattr(changes, end)(help_request=row, actor=BEAT, now=make.NOW)
        assert fresh(row).state in ENDED
        changes.reopen(help_request=row, actor=BEAT, now=later)
        assert (fresh(row).state, row.next_step, row.attempt) == (RequestState.UNVERIFIED, NextStep.PHONE_PERSON, 2)
        (task,) = DeskTask.objects.open().filter(subject_id=row.pk)
        assert task.kind == "verify_web"
        # The days of the first attempt do not end the second.
        sweep.run(now=later + DAY)
        assert fresh(row).state == RequestState.UNVERIFIED
        intake.verify(help_request=row, actor=BEAT, now=later + DAY)
        assert (fresh(row).state, row.opened_at) == (RequestState.OPEN, later + DAY)
        assert not DeskTask.objects.open().filter(subject_id=row.pk).exists()

    def test_after_a_visit_the_outcome_belongs_to_the_first_attempt(self) -> None:
        row = begun()
        visit = Visit.objects.get(help_request=row)
        visits.check_out(visit_id=visit.pk, outcome="blocked_document", minutes=20, actor=BEAT, now=visit.end)
        later = visit.end + DAY
        changes.reopen(help_request=row, actor=BEAT, now=later)
        assert (fresh(row).outcome, row.attempt, fresh(visit).outcome) == ("", 2, "blocked_document")
        again = make.visit(row, make.volunteer("Нов"), now=later)
        assert (again.attempt, visit.attempt) == (2, 1)

    def test_the_same_people_may_be_asked_in_the_next_attempt(self) -> None:
        ivanka, row = make.volunteer(), make.help_request()
        make.offer(row, ivanka)
        changes.cancel(help_request=row, actor=BEAT, now=make.NOW)
        changes.reopen(help_request=row, actor=BEAT, now=make.NOW)
        (offer,) = make.offer(fresh(row), ivanka)
        assert offer.attempt == 2

    def test_an_offer_of_the_first_attempt_stays_closed(self) -> None:
        row = offered()
        old = Offer.objects.get()
        changes.cancel(help_request=row, actor=BEAT, now=make.NOW)
        changes.reopen(help_request=row, actor=BEAT, now=make.NOW)
        with pytest.raises(Gone):
            answers.accept(offer_id=old.pk, actor=BEAT, now=make.NOW)

    @states
    def test_what_still_runs_is_not_reopened(self, standing: Callable[[], HelpRequest]) -> None:
        with pytest.raises(DomainError) as told:
            changes.reopen(help_request=standing(), actor=BEAT, now=make.NOW)
        assert told.value.code == "not_ended"

    def test_a_deadline_that_passed_does_not_end_it_again(self) -> None:
        row = make.help_request(deadline=make.TODAY)
        changes.expire(help_request=row, now=make.NOW + 2 * DAY)
        assert fresh(row).state == RequestState.EXPIRED and row.state in ENDED
        changes.reopen(help_request=row, actor=BEAT, now=make.NOW + 2 * DAY)
        assert fresh(row).deadline is None
        sweep.run(now=make.NOW + 2 * DAY)
        assert fresh(row).state == RequestState.OPEN


class TestSearchAgain:
    def test_after_the_last_rung_those_who_declined_may_be_asked_again(self) -> None:
        row, ivanka = make.help_request(), make.volunteer()
        for person in (ivanka, make.volunteer("Втори"), make.volunteer("Трети")):
            (offer,) = make.offer(row, person)
            answers.decline(offer_id=offer.pk, actor=BEAT, now=make.NOW)
            fresh(row)
        changes.search_again(help_request=row, actor=BEAT, now=make.NOW)
        assert (fresh(row).next_step, row.attempt) == (NextStep.PLAN, 2)
        assert not DeskTask.objects.open().exists()
        assert make.offer(row, ivanka)

    def test_only_for_what_waits(self) -> None:
        with pytest.raises(DomainError) as told:
            changes.search_again(help_request=scheduled(), actor=BEAT, now=make.NOW)
        assert told.value.code == "not_open"


def test_when_the_office_calls_a_visit_off_the_person_is_told() -> None:
    visit = make.visit()
    row = visit.help_request
    changes.cancel(help_request=row, actor=BEAT, now=make.NOW)
    told = Message.objects.get(contact=row.resident.contact, kind="visit_called_off")
    assert "Няма да дойдем" in told.body


def test_the_person_who_stops_it_is_not_told_what_they_know() -> None:
    visit = make.visit()
    changes.withdraw(help_request=visit.help_request, actor=BEAT, now=make.NOW)
    assert not Message.objects.filter(kind="visit_called_off").exists()
