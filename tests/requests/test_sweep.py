"""No request dies silently: whatever is due is looked at, and twice changes nothing."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from notifications.models import DeskTask, Message
from requests.models import HelpRequest, JournalEntry, Offer, Visit
from requests.services import answers, changes, intake, sweep, visits
from requests.services.actors import BEAT
from requests.states import LIVE, NextStep, OfferState, RequestState
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(row):
    row.refresh_from_db()
    return row


def asked(kind: str) -> DeskTask:
    return DeskTask.objects.open().get(kind=kind)


def test_nothing_due_is_nothing_done() -> None:
    make.help_request()
    before = JournalEntry.objects.count()
    assert sweep.run(now=make.NOW + HOUR) == 0
    assert JournalEntry.objects.count() == before and not DeskTask.objects.exists()


def test_what_the_plan_could_not_place_in_a_day_comes_to_the_desk() -> None:
    row = make.help_request()
    for _twice in range(2):
        sweep.run(now=make.NOW + DAY)
    assert asked("no_volunteer").subject_id == row.pk
    assert fresh(row).next_step == NextStep.PLAN and row.next_step_at == make.NOW + 2 * DAY


def test_what_is_urgent_comes_to_the_desk_within_half_an_hour() -> None:
    row = make.help_request(urgency="today", urgency_reason="no_heat")
    sweep.run(now=make.NOW + HOUR / 2)
    assert asked("deadline_near").subject_id == row.pk


def test_a_deadline_that_comes_near_is_said_in_time() -> None:
    row = make.help_request(deadline=make.TODAY + 4 * DAY)
    now = make.NOW
    while not DeskTask.objects.filter(kind="deadline_near").exists():
        sweep.run(now=now)
        now += HOUR
        assert fresh(row).state == RequestState.OPEN, "it ended before anybody was told"
    assert now <= make.NOW + 3 * DAY


def test_a_deadline_that_passed_ends_it_with_a_word_to_the_person() -> None:
    row = make.help_request(deadline=make.TODAY + DAY)
    now = make.NOW
    for _hour in range(45):
        sweep.run(now=now)
        now += HOUR
    assert fresh(row).state == RequestState.EXPIRED
    assert Message.objects.filter(contact=row.resident.contact, kind="request_expired").count() == 1
    assert not DeskTask.objects.open().exists()


def test_a_deadline_put_right_in_the_meantime_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make.help_request(deadline=make.TODAY)
    late = make.NOW + 3 * DAY
    plain = sweep._expire

    def somebody_was_faster(*words) -> None:
        HelpRequest.objects.filter(pk=row.pk).update(deadline=make.TODAY + 9 * DAY)
        plain(*words)

    monkeypatch.setattr(sweep, "_expire", somebody_was_faster)
    sweep.run(now=late)
    assert fresh(row).state == RequestState.OPEN


def test_a_web_request_nobody_phoned_is_asked_for_and_after_a_fortnight_put_away() -> None:
    wanted = intake.Wanted(service=None)
    row = intake.submit_from_web(resident=make.resident(), wanted=wanted, now=make.NOW)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=make.NOW)
    sweep.run(now=make.NOW + 5 * HOUR)
    assert asked("verify_web").subject_id == row.pk and fresh(row).state == RequestState.UNVERIFIED
    sweep.run(now=make.NOW + 15 * DAY)
    assert fresh(row).state == RequestState.EXPIRED and not DeskTask.objects.open().exists()


def test_waiting_for_its_day_ends_with_the_day() -> None:
    row = make.help_request(not_before=make.TODAY + 3 * DAY)
    assert row.next_step == NextStep.WAIT
    sweep.run(now=make.NOW + 2 * DAY)
    assert fresh(row).next_step == NextStep.WAIT
    sweep.run(now=make.NOW + 3 * DAY)
    assert fresh(row).next_step == NextStep.PLAN


def test_waiting_for_another_request_ends_with_its_outcome() -> None:
    first = make.help_request()
    second = make.help_request(first.resident, service=None, follows=first)
    sweep.run(now=make.NOW + DAY)
    assert fresh(second).next_step == NextStep.WAIT and second.next_step_at > make.NOW + DAY
    changes.withdraw(help_request=first, actor=BEAT, now=make.NOW + DAY)
    sweep.run(now=make.NOW + 2 * DAY)
    assert fresh(second).next_step == NextStep.PLAN


def test_an_offer_nobody_answered_expires_once_and_the_next_is_asked() -> None:
    row = make.help_request()
    (offer,) = make.offer(row, make.volunteer())
    for _twice in range(2):
        sweep.run(now=offer.expires_at)
    assert fresh(offer).state == OfferState.EXPIRED and fresh(row).state == RequestState.OPEN
    assert Message.objects.filter(kind="offer_expired").count() == 1


def test_an_answer_that_is_still_awaited_is_awaited() -> None:
    row = make.help_request()
    (first,) = make.offer(row, make.volunteer())
    Offer.objects.filter(pk=first.pk).update(expires_at=first.expires_at + 3 * HOUR)
    sweep.run(now=first.expires_at)
    assert fresh(row).state == RequestState.OFFERED and row.next_step_at == first.expires_at + 3 * HOUR


def test_the_second_person_is_sought_until_the_deadline_and_not_a_minute_less() -> None:
    row = make.help_request(team=2)
    first, _second = make.offer(row, make.volunteer(), make.volunteer("Петър", "Колев"), seats=True)
    answers.accept(offer_id=first.pk, actor=BEAT, now=make.NOW)
    until = fresh(row).next_step_at
    Offer.objects.live().update(expires_at=until + HOUR)
    sweep.run(now=until - timedelta(minutes=1))
    assert fresh(row).state == RequestState.PARTLY_STAFFED
    for _twice in range(2):
        sweep.run(now=until)
    assert fresh(row).state == RequestState.OPEN and row.next_step == NextStep.PLAN
    assert fresh(first).state == OfferState.RELEASED and asked("half_staffed").subject_id == row.pk
    thanks = Message.objects.get(contact=first.volunteer.contact, kind="offer_released")
    assert "Благодарим" in thanks.body
    assert not Visit.objects.live().exists() and not Offer.objects.live().exists()


def test_a_visit_nobody_came_to_is_the_coordinators_to_ask_about() -> None:
    visit = make.visit()
    sweep.run(now=visit.start + HOUR / 2)
    assert asked("no_show").subject_id == visit.pk
    row = HelpRequest.objects.get()
    assert row.next_step == NextStep.VISIT and row.next_step_at == visit.start + HOUR * 1.5
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start + HOUR)
    assert not DeskTask.objects.open().exists()


def test_a_visit_nobody_ended_is_the_coordinators_to_ask_about() -> None:
    visit = make.visit()
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
    due = HelpRequest.objects.get().next_step_at
    assert due is not None
    for _twice in range(2):
        sweep.run(now=due)
    assert asked("checkout_overdue").subject_id == visit.pk
    assert HelpRequest.objects.get().next_step_at == due + HOUR


def test_one_broken_row_does_not_keep_the_others_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = make.help_request(), make.help_request(make.resident("Стоян"))
    plain = sweep._look

    def look(pk, now) -> None:
        if pk == broken.pk:
            raise RuntimeError("Мария Петрова")
        plain(pk, now)

    monkeypatch.setattr(sweep, "_look", look)
    with caplog.at_level(logging.DEBUG):
        sweep.run(now=make.NOW + DAY)
    assert asked("no_volunteer").subject_id == sound.pk
    assert "RuntimeError" in caplog.text and "Петрова" not in caplog.text


def test_every_open_request_always_has_a_time_when_somebody_looks() -> None:
    make.help_request()
    make.offer(make.help_request(make.resident("Стоян")), make.volunteer())
    make.visit(make.help_request(make.resident("Гена")), make.volunteer("Петър", "Колев"))
    now = make.NOW
    for _day in range(20):
        sweep.run(now=now)
        live = HelpRequest.objects.filter(state__in=LIVE)
        assert not live.filter(next_step="").exists() and not live.filter(next_step_at__lte=now).exists()
        now += DAY
