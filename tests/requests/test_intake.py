"""Intake: what is asked, by whom, for whom."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.errors import Invalid
from notifications.models import DeskTask, Message
from places.models import MunicipalityRules
from planning.selectors.rows import read
from requests.models import FreeTime, HelpRequest, JournalEntry, Resident
from requests.services import intake, visits
from requests.services.actors import BEAT
from requests.states import Mode, NextStep, RequestState
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
DAY = timedelta(days=1)


def from_web(who: Resident | None = None, **wanted) -> HelpRequest:
    wanted.setdefault("service", make.service())
    return intake.submit_from_web(resident=who or make.resident(), wanted=intake.Wanted(**wanted), now=make.NOW)


class TestTwoWaysIn:
    def test_a_clerks_request_is_open_at_once(self) -> None:
        clerk = make.user("clerk")
        row = make.help_request(by=clerk)
        assert (row.state, row.next_step, row.opened_at) == (RequestState.OPEN, NextStep.PLAN, make.NOW)
        assert JournalEntry.objects.get().actor == f"user:{clerk.pk}"
        assert not DeskTask.objects.exists()

    def test_one_from_the_web_waits_for_a_call(self) -> None:
        row = from_web()
        assert (row.state, row.next_step, row.opened_at) == (RequestState.UNVERIFIED, NextStep.PHONE_PERSON, None)
        assert DeskTask.objects.open().get(kind="verify_web").subject_id == row.pk
        assert row not in read(row.municipality, make.TODAY).requests

    def test_after_the_call_it_is_open_and_the_task_done(self) -> None:
        row = from_web()
        for _twice in range(2):
            intake.verify(help_request=row, actor=BEAT, now=make.NOW + DAY)
        row.refresh_from_db()
        assert (row.state, row.opened_at) == (RequestState.OPEN, make.NOW + DAY)
        assert not DeskTask.objects.open().exists()
        assert JournalEntry.objects.filter(verb="verified").count() == 1

    def test_the_person_is_told_number_and_code(self) -> None:
        row = make.help_request()
        told = Message.objects.get(contact=row.resident.contact)
        assert str(row.number) in told.body and f"{row.tracking_code[:4]} {row.tracking_code[4:]}" in told.body

    def test_numbers_count_up_within_a_municipality(self) -> None:
        first, second = make.help_request(), make.help_request(make.resident("Стоян"))
        elsewhere = make.municipality("PER32", "Перник")
        third = make.help_request(make.resident("Гена", of=elsewhere))
        assert second.number == first.number + 1 and third.number == first.number


class TestWhatIsAsked:
    def test_not_knowing_which_service_is_an_answer(self) -> None:
        row = make.help_request(service=None)
        assert (row.service, row.minutes) == (None, 60)

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            ({"mode": "TELEPATHY"}, "mode"),
            ({"urgency": "now"}, "urgency"),
            ({"asked_by": "somebody"}, "asked_by"),
            ({"urgency": "in_time", "urgency_reason": "boredom"}, "urgency_reason"),
            ({"urgency": "today"}, "urgency_reason"),
            ({"mode": "HELP_POINT"}, "help_point"),
            ({"mode": "ESCORT"}, "escort_to"),
            ({"deadline": make.TODAY - DAY}, "deadline"),
            ({"deadline": make.TODAY, "not_before": make.TODAY + DAY}, "not_before"),
            ({"minutes": 5000}, "minutes"),
            ({"minutes": -5}, "minutes"),
            ({"free": [intake.Free(weekday=1, start=time(12), end=time(9))]}, "free_times"),
            ({"free": [intake.Free(start=time(9), end=time(12))]}, "free_times"),
            ({"free": [intake.Free(weekday=7, start=time(9), end=time(12))]}, "free_times"),
            ({"asker_phone": "12"}, "phone"),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_nothing_is_kept(self, wanted, code) -> None:
        who = make.resident()
        with pytest.raises(Invalid) as told:
            make.help_request(who, **wanted)
        assert told.value.code == code and not HelpRequest.objects.exists()

    def test_urgency_means_a_deadline(self) -> None:
        urgent = make.help_request(urgency="today", urgency_reason="no_heat")
        soon = make.help_request(make.resident("Стоян"), urgency="three_days")
        assert (urgent.deadline, soon.deadline) == (make.TODAY, make.TODAY + 3 * DAY)

    def test_free_times_are_kept(self) -> None:
        free = [
            intake.Free(weekday=3, start=time(9), end=time(12)),
            intake.Free(day=date(2026, 10, 9), start=time(14), end=time(16)),
        ]
        row = make.help_request(free=free)
        assert set(row.free_times.values_list("weekday", "day")) == {(3, None), (None, date(2026, 10, 9))}

    def test_rows_of_another_municipality_are_refused(self) -> None:
        elsewhere = make.municipality("PER32", "Перник")
        theirs = make.help_request(make.resident("Гена", of=elsewhere))
        with pytest.raises(Invalid) as told:
            make.help_request(follows=theirs)
        assert told.value.code == "other_municipality"

    def test_a_second_request_for_the_same_is_probably_the_same(self) -> None:
        row = make.help_request()
        assert intake.probable_duplicate(row.resident, row.service) == row
        assert intake.probable_duplicate(row.resident, None) is None
        assert intake.probable_duplicate(make.resident("Стоян"), row.service) is None


class TestFollows:
    def test_is_planned_only_after_the_first_has_an_outcome(self) -> None:
        ivanka, first = make.volunteer(), make.help_request()
        second = make.help_request(first.resident, service=make.service("ASP_OTHER"), follows=first)
        assert second.next_step == NextStep.WAIT
        planned = {row.pk for row in read(first.municipality, make.TODAY).requests}
        assert planned == {first.pk}
        visit = make.visit(first, ivanka)
        assert second.pk not in {row.pk for row in read(first.municipality, make.TODAY).requests}
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
        visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=30, actor=BEAT, now=visit.end)
        assert {row.pk for row in read(first.municipality, make.TODAY).requests} == {second.pk}


class TestFirstVisitByTwo:
    def visited(self, row: HelpRequest, outcome: str) -> None:
        people = [make.volunteer(), make.volunteer("Петър", "Колев")][: row.team]
        visit = make.visit(row, *people)
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
        visits.check_out(visit_id=visit.pk, outcome=outcome, minutes=30, actor=BEAT, now=visit.end)

    def test_the_first_time_at_home_two_come_and_then_one(self) -> None:
        row = make.help_request(team=None)
        assert row.team == 2
        self.visited(row, "submitted")
        assert make.help_request(row.resident, team=None).team == 1

    def test_where_nobody_was_at_home_it_is_still_the_first_time(self) -> None:
        row = make.help_request(team=None)
        self.visited(row, "nobody_home")
        assert make.help_request(row.resident, team=None).team == 2

    def test_a_meeting_in_the_kmetstvo_needs_one_and_does_not_count(self) -> None:
        row = make.help_request(mode=Mode.HELP_POINT, help_point=make.help_point(), team=None)
        assert row.team == 1
        self.visited(row, "submitted")
        assert make.help_request(row.resident, team=None).team == 2

    def test_by_telephone_one_is_enough(self) -> None:
        assert make.help_request(mode=Mode.PHONE_HELP, team=None).team == 1

    def test_a_municipality_may_decide_otherwise(self) -> None:
        rules, _made = MunicipalityRules.objects.get_or_create(municipality=make.municipality())
        rules.first_visit_by_two = False
        rules.save()
        assert make.help_request(team=None).team == 1


class TestTheDatabaseAgrees:
    @pytest.mark.parametrize(
        "broken",
        [
            {"next_step": "", "next_step_at": None},
            {"next_step_at": None},
            {"next_step": ""},
            {"state": "closed"},
            {"state": "closed", "next_step": "", "next_step_at": None},
            {"team": 3},
            {"mode": "HELP_POINT"},
        ],
    )
    def test_that_this_cannot_be(self, broken) -> None:
        row = make.help_request()
        with pytest.raises(IntegrityError), transaction.atomic():
            HelpRequest.objects.filter(pk=row.pk).update(**broken)

    def test_that_nothing_follows_itself(self) -> None:
        row = make.help_request()
        with pytest.raises(IntegrityError), transaction.atomic():
            HelpRequest.objects.filter(pk=row.pk).update(follows=row.pk)

    def test_that_a_free_time_is_a_weekday_or_a_day(self) -> None:
        row = make.help_request()
        with pytest.raises(IntegrityError), transaction.atomic():
            FreeTime.objects.create(help_request=row, start=time(9), end=time(10))


def test_nothing_is_taken_when_the_web_request_is_broken_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    who = make.resident()

    def fails(**_words) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake.desk_tasks, "ask", fails)
    with pytest.raises(RuntimeError):
        from_web(who)
    assert not HelpRequest.objects.exists() and not JournalEntry.objects.exists()
