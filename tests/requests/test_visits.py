"""The day of a visit: confirmed, begun, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.errors import DomainError, Gone, IllegalMove, Invalid
from notifications.models import DeskTask, Message
from requests.models import JournalEntry, Visit, VisitDifficulty, VisitSeat
from requests.services import answers, visit_changes, visits
from requests.services.actors import BEAT, RESIDENT
from requests.states import NextStep, RequestState, VisitState
from tests import factories as make
from tests.requests.hands import begun, fresh, request_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def ended(visit: Visit, outcome: str = "submitted", **more) -> Visit:
    now = visit.start + HOUR
    return visits.check_out(visit_id=visit.pk, outcome=outcome, minutes=45, actor=BEAT, now=now, **more)


class TestConfirm:
    def test_the_person_says_they_will_be_there(self) -> None:
        visit = make.visit()
        for _twice in range(2):
            visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
        assert fresh(visit).state == VisitState.CONFIRMED
        assert request_of(visit).state == RequestState.CONFIRMED
        assert JournalEntry.objects.filter(verb="confirmed", subject_type="visit").count() == 1

    def test_half_a_pair_cannot_be_confirmed(self) -> None:
        row = make.help_request(team=2)
        first, _second = make.offer(row, make.volunteer(), make.volunteer("Петър", "Колев"), seats=True)
        answers.accept(offer_id=first.pk, actor=BEAT, now=make.NOW)
        visit = Visit.objects.get()
        with pytest.raises(DomainError) as told:
            visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=make.NOW)
        assert told.value.code == "not_staffed" and fresh(visit).state == VisitState.SCHEDULED


class TestCheckIn:
    def test_begins_the_visit_once(self) -> None:
        visit = make.visit()
        for _twice in range(2):
            begun(visit)
        row = request_of(visit)
        assert fresh(visit).state == VisitState.CHECKED_IN and visit.checked_in_at == visit.start
        assert row.state == RequestState.IN_PROGRESS and row.next_step == NextStep.CHECK_OUT
        assert row.next_step_at is not None and row.next_step_at > visit.end

    def test_a_little_early_is_well_and_a_day_early_is_a_slip(self) -> None:
        visit = make.visit()
        with pytest.raises(DomainError) as told:
            visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start - timedelta(days=1))
        assert told.value.code == "too_early"
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start - HOUR)

    def test_nobody_goes_alone_where_two_are_asked_for(self) -> None:
        row = make.help_request(team=2)
        first, _second = make.offer(row, make.volunteer(), make.volunteer("Петър", "Колев"), seats=True)
        answers.accept(offer_id=first.pk, actor=BEAT, now=make.NOW)
        with pytest.raises(DomainError) as told:
            begun(Visit.objects.get())
        assert told.value.code == "not_staffed"

    def test_a_cancelled_visit_cannot_begin(self) -> None:
        ivanka = make.volunteer()
        visit = make.visit(None, ivanka)
        visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=BEAT, now=make.NOW)
        with pytest.raises(IllegalMove):
            begun(visit)


class TestCheckOut:
    def test_closes_the_request_with_outcome_minutes_and_difficulties(self) -> None:
        visit, no_device = make.visit(), make.difficulty()
        begun(visit)
        for _twice in range(2):
            ended(visit, before=[no_device.pk], after=[no_device.pk], note="беше лесно")
        row = request_of(visit)
        assert (row.state, row.outcome, row.next_step, row.next_step_at) == ("closed", "submitted", "", None)
        assert (fresh(visit).minutes, visit.outcome, visit.note) == (45, "submitted", "беше лесно")
        assert sorted(VisitDifficulty.objects.values_list("phase", flat=True)) == ["after", "before"]
        assert VisitSeat.objects.get(visit=visit).live

    def test_minutes_left_empty_are_counted_from_the_door(self) -> None:
        visit = begun(make.visit())
        now = visit.start + timedelta(minutes=38)
        visits.check_out(visit_id=visit.pk, outcome="self_done", minutes=None, actor=BEAT, now=now)
        assert fresh(visit).minutes == 38

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"outcome": "done"}, "outcome"),
            ({"minutes": 0}, "minutes"),
            ({"minutes": 601}, "minutes"),
            ({"before": ["NO_SUCH"]}, "difficulty"),
        ],
    )
    def test_what_is_not_on_the_lists_is_refused(self, given, code) -> None:
        visit = begun(make.visit())
        words = {"outcome": "submitted", "minutes": 30, **given}
        with pytest.raises(Invalid) as told:
            visits.check_out(visit_id=visit.pk, actor=BEAT, now=visit.end, **words)
        assert told.value.code == code and fresh(visit).state == VisitState.CHECKED_IN

    def test_a_note_never_holds_a_personal_number(self) -> None:
        visit = begun(make.visit())
        with pytest.raises(ValidationError):
            ended(visit, note="ЕГН 75-23-16-92-63")
        assert fresh(visit).state == VisitState.CHECKED_IN and visit.note == ""

    def test_not_before_a_check_in(self) -> None:
        with pytest.raises(IllegalMove):
            ended(make.visit())

    def test_nobody_at_home_is_the_desks_to_follow_up(self) -> None:
        visit = begun(make.visit())
        ended(visit, "nobody_home")
        assert DeskTask.objects.open().get(kind="nobody_home").subject_id == visit.help_request_id
        assert not Message.objects.filter(kind="visit_done").exists()

    def test_what_was_overdue_is_settled(self) -> None:
        visit = begun(make.visit())
        visits.need_help(visit_id=visit.pk, actor=BEAT, now=visit.start)
        assert DeskTask.objects.open().filter(kind="help_needed").exists()
        ended(visit)
        assert not DeskTask.objects.open().exists()


def test_a_visit_that_is_no_more_is_told_kindly() -> None:
    visit = make.visit()
    with pytest.raises(Gone):
        visits.confirm(visit_id=visit.help_request_id, actor=RESIDENT, now=make.NOW)
