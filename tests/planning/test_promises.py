"""What stands: agreed visits and waiting offers hold their people, wherever their hours went since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.services import snapshot
from requests.models import Offer, Visit
from requests.services import answers
from requests.states import OfferState, RequestState
from tests import factories as make
from volunteers.models import HoursException, WeeklyHours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


def seat_shift(problem, volunteer, request_id):
    (promise,) = [one for one in problem["promises"].values() if one["request"] == str(request_id)]
    key = promise["shifts"][promise["volunteers"].index(str(volunteer.pk))]
    (shift,) = [one for one in problem["volunteers"][str(volunteer.pk)]["shifts"] if one["id"] == key]
    return shift, promise


def test_a_promise_inside_the_hours_lies_in_an_ordinary_shift(taken) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    shift, promise = seat_shift(taken(), ivanka, visit.help_request_id)
    assert "closed" not in shift and shift["start"] < promise["start"] < shift["end"]


def test_a_promise_outside_the_present_hours_gets_a_closed_shift_wide_enough_for_the_way(taken) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    WeeklyHours.objects.filter(volunteer=ivanka).delete()
    shift, promise = seat_shift(taken(), ivanka, visit.help_request_id)
    assert shift["closed"] is True
    # Radomir to Izvor by car is 27 minutes each way.
    assert promise["start"] - shift["start"] >= 27 and shift["end"] - promise["start"] >= 60 + 27


def test_hours_that_end_within_the_visit_are_split_into_an_open_and_a_closed_shift(taken) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    WeeklyHours.objects.filter(volunteer=ivanka, weekday=2).update(end="11:30")
    problem = taken()
    shift, _promise = seat_shift(problem, ivanka, visit.help_request_id)
    wednesday = [one for one in problem["volunteers"][str(ivanka.pk)]["shifts"] if one["day"] == 2]
    assert [one.get("closed", False) for one in wednesday] == [False, True] and shift == wednesday[1]
    assert wednesday[0]["end"] == shift["start"]


def test_two_promises_outside_the_hours_that_lie_close_share_a_closed_shift(taken, plan) -> None:
    ivanka = make.volunteer()
    start = make.NOW + timedelta(days=1, hours=2)
    first = make.visit(make.help_request(make.resident()), ivanka, start=start)
    second = make.visit(make.help_request(make.resident()), ivanka, start=start + timedelta(minutes=70))
    HoursException.objects.create(volunteer=ivanka, day=(make.TODAY + timedelta(days=1)))
    problem = taken()
    assert (
        seat_shift(problem, ivanka, first.help_request_id)[0] == seat_shift(problem, ivanka, second.help_request_id)[0]
    )
    assert plan().plan["promise_conflicts"] == []


def test_a_pair_is_one_promise_of_two(taken) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    visit = make.visit(make.help_request(team=2), ivanka, petar)
    promise = taken()["promises"][str(visit.help_request_id)]
    assert promise["volunteers"] == [str(ivanka.pk), str(petar.pk)] and len(set(promise["shifts"])) == 2


def test_one_who_said_yes_and_one_who_is_asked_are_a_promise_of_two(taken) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request(team=2)
    first, _second = make.offer(row, ivanka, petar, seats=True)
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert len(taken()["promises"][str(row.pk)]["volunteers"]) == 2


def test_a_second_person_asked_for_the_same_seat_keeps_the_time_free(taken) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request()
    first, second = make.offer(row, ivanka, petar)
    problem = taken()
    (promised,) = problem["promises"][str(row.pk)]["volunteers"]
    other = str(
        {ivanka.pk: petar, petar.pk: ivanka}[
            first.volunteer_id if promised == str(ivanka.pk) else second.volunteer_id
        ].pk
    )
    start = problem["promises"][str(row.pk)]["start"]
    assert not [
        one for one in problem["volunteers"][other]["shifts"] if one["start"] < start + 60 and start < one["end"]
    ]


def test_the_persons_other_requests_keep_off_the_promised_hour(taken) -> None:
    who, ivanka = make.resident(), make.volunteer()
    visit = make.visit(make.help_request(who), ivanka)
    other = make.help_request(who, service=make.service("OTHER"))
    problem = taken()
    start = problem["promises"][str(visit.help_request_id)]["start"]
    assert all(end <= start or start + 60 <= begin for begin, end in problem["requests"][str(other.pk)]["windows"])


def test_half_a_team_is_completed_at_the_same_hour(plan) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request(team=2)
    first, second = make.offer(row, ivanka, petar, seats=True)
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    answers.decline(offer_id=second.pk, actor=make.by_volunteer(petar), now=make.NOW)
    elena = make.volunteer("Елена", "Тасева")
    plan(make.NOW)
    made = Offer.objects.get(help_request=row, state=OfferState.MADE)
    assert (made.volunteer, made.seat, made.start) == (elena, 2, first.start)
    answers.accept(offer_id=made.pk, actor=make.by_volunteer(elena), now=make.NOW)
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED and Visit.objects.get().seats.filter(live=True).count() == 2


def test_who_goes_along_is_asked_at_once_also_beyond_the_offer_horizon(plan) -> None:
    ivanka = make.volunteer()
    row = make.help_request(team=2)
    (first,) = make.offer(row, ivanka, start=make.NOW + timedelta(days=10, hours=2))
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    petar = make.volunteer("Петър", "Колев")
    plan()
    assert Offer.objects.get(help_request=row, state=OfferState.MADE).volunteer == petar


def test_the_digest_follows_the_promises() -> None:
    ivanka, row = make.volunteer(), make.help_request()
    before = snapshot.take(make.municipality(), now=make.NOW).digest
    make.offer(row, ivanka)
    assert snapshot.take(make.municipality(), now=make.NOW).digest != before
