"""From rows to the problem: who, when, where, what stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from places.models import Holiday, MunicipalityRules
from requests.models import FreeTime, HelpRequest, PersonRule
from requests.services import answers, residents, visit_changes, visits, withdrawals
from requests.services.intake import Free
from requests.states import Mode, OfferState, RequestState, RuleKind
from tests import factories as make
from volunteers.models import HoursException, WeeklyHours
from volunteers.states import VolunteerStatus

pytestmark = pytest.mark.django_db
DAY = 24 * 60


def hour(day: int, clock: float) -> int:
    """Minute of the problem: day 0 is Monday, 5 October 2026."""
    return int(day * DAY + clock * 60)


def always(*hours: tuple[int, int]) -> list[Free]:
    return [Free(time(start), time(end), weekday=day) for day in range(7) for start, end in hours]


def test_a_request_and_a_volunteer_become_minutes_from_midnight(taken) -> None:
    ivanka = make.volunteer(hours=((1, 9, 12),))
    row = make.help_request(free=always((10, 14)))
    problem = taken()
    person, asked = problem["volunteers"][str(ivanka.pk)], problem["requests"][str(row.pk)]
    assert [(shift["start"], shift["end"], shift["week"], shift["day"]) for shift in person["shifts"]] == [
        (hour(1, 9), hour(1, 12), 0, 1),
        (hour(8, 9), hour(8, 12), 1, 8),
    ]
    assert person["skills"] == ["SOCIAL"] == asked["skills"]
    # Today from 10:30 on: an hour and a half from nine o'clock; Sunday nobody visits.
    assert asked["windows"][:2] == [[hour(0, 10.5), hour(0, 14)], [hour(1, 10), hour(1, 14)]]
    assert [window[0] // DAY for window in asked["windows"]] == [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]


def test_places_of_one_village_are_different_places(taken) -> None:
    ivanka = make.volunteer(home="Извор")
    first, second = make.help_request(make.resident()), make.help_request(make.resident("Пена"))
    problem = taken()
    indices = {problem["requests"][str(row.pk)]["place"] for row in (first, second)}
    assert len(indices | {problem["volunteers"][str(ivanka.pk)]["home"]}) == 3
    points = problem["places"]["lat_lon"]
    assert len({tuple(point) for point in points}) == 1


def test_what_the_volunteer_ticked_counts_for_nothing(taken) -> None:
    make.volunteer(groups=(), says_can_help=["SOCIAL"])
    assert taken()["volunteers"] == {}


def test_a_certification_that_is_revoked_or_over_counts_no_more(taken) -> None:
    revoked, over = make.volunteer(groups=()), make.volunteer(groups=())
    row = make.certify(revoked)
    row.revoked_at = make.NOW
    row.save()
    make.certify(over, until=make.TODAY - timedelta(days=1))
    assert taken()["volunteers"] == {}


def test_nobody_is_planned_beyond_the_certification(taken) -> None:
    ivanka = make.volunteer(groups=())
    make.certify(ivanka, until=make.TODAY + timedelta(days=2))
    days = {shift["day"] for shift in taken()["volunteers"][str(ivanka.pk)]["shifts"]}
    assert days == {0, 1, 2}


def test_one_certification_that_ends_tomorrow_does_not_end_the_others(taken) -> None:
    ivanka = make.volunteer(groups=("SOCIAL",))
    make.certify(ivanka, "HEALTH", until=make.TODAY + timedelta(days=1))
    person = taken()["volunteers"][str(ivanka.pk)]
    assert person["skills"] == ["SOCIAL"] and max(shift["day"] for shift in person["shifts"]) == 12


def test_who_pauses_is_not_planned_but_what_they_promised_stands(taken) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    ivanka.status = VolunteerStatus.PAUSED
    ivanka.save()
    problem = taken()
    person = problem["volunteers"][str(ivanka.pk)]
    assert person["skills"] == [] and [shift["closed"] for shift in person["shifts"]] == [True]
    assert problem["promises"][str(visit.help_request_id)]["volunteers"] == [str(ivanka.pk)]


def test_a_day_away_has_no_hours_and_a_different_day_has_its_own(taken) -> None:
    ivanka = make.volunteer(hours=((1, 9, 12), (2, 9, 12)))
    HoursException.objects.create(volunteer=ivanka, day=date(2026, 10, 6))
    HoursException.objects.create(volunteer=ivanka, day=date(2026, 10, 8), start=time(14), end=time(16))
    shifts = taken()["volunteers"][str(ivanka.pk)]["shifts"]
    assert [(shift["start"], shift["end"]) for shift in shifts[:2]] == [
        (hour(2, 9), hour(2, 12)),
        (hour(3, 14), hour(3, 16)),
    ]


def test_holidays_have_no_visits_unless_the_municipality_says_so(taken) -> None:
    Holiday.objects.create(date=date(2026, 10, 6), name_bg="Празник", name_en="Holiday")
    ivanka, row = make.volunteer(), make.help_request()

    def days() -> tuple[bool, bool]:
        problem = taken()
        windows = problem["requests"][str(row.pk)]["windows"]
        shifts = problem["volunteers"][str(ivanka.pk)]["shifts"]
        return 1 in {start // DAY for start, _end in windows}, 1 in {shift["day"] for shift in shifts}

    assert days() == (False, False)
    MunicipalityRules.objects.create(municipality=make.municipality(), visits_on_holidays=True)
    assert days() == (True, True)


def test_sunday_only_where_the_rules_say_so(taken) -> None:
    row = make.help_request()
    assert 6 not in {start // DAY for start, _end in taken()["requests"][str(row.pk)]["windows"]}
    MunicipalityRules.objects.create(municipality=make.municipality(), visits_on_sunday=True)
    assert 6 in {start // DAY for start, _end in taken()["requests"][str(row.pk)]["windows"]}


def test_visiting_hours_bound_every_window(taken) -> None:
    MunicipalityRules.objects.create(municipality=make.municipality(), visiting_from=time(11), visiting_to=time(15))
    row = make.help_request(free=always((8, 20)))
    windows = taken()["requests"][str(row.pk)]["windows"]
    assert {(start % DAY, end % DAY) for start, end in windows} == {(11 * 60, 15 * 60)}


def test_a_help_point_is_visited_while_it_is_open(taken) -> None:
    point = make.help_point()
    row = make.help_request(mode=Mode.HELP_POINT, help_point=point, free=always((14, 18)))
    asked = taken()["requests"][str(row.pk)]
    assert asked["kind"] == "HELP_POINT" and asked["team"] == 1
    assert {(start % DAY, end % DAY) for start, end in asked["windows"]} == {(14 * 60, 16 * 60)}
    # Weekdays only: the point is closed on Saturday.
    assert {start // DAY % 7 for start, _end in asked["windows"]} == {0, 1, 2, 3, 4}


def test_deadline_and_not_before_bound_the_days(taken) -> None:
    row = make.help_request(not_before=date(2026, 10, 7), deadline=date(2026, 10, 9))
    asked = taken()["requests"][str(row.pk)]
    assert {start // DAY for start, _end in asked["windows"]} == {2, 3, 4}
    assert asked["released_day"] == 2


def test_a_request_waits_for_the_outcome_of_the_one_it_follows(taken) -> None:
    who = make.resident()
    first = make.help_request(who)
    second = make.help_request(who, follows=first, service=make.service("OTHER"))
    assert set(taken()["requests"]) == {str(first.pk)}
    HelpRequest.objects.filter(pk=first.pk).update(
        state=RequestState.CLOSED, outcome="submitted", next_step="", next_step_at=None
    )
    assert set(taken()["requests"]) == {str(second.pk)}


def test_what_the_coordinator_decides_waits_outside_unless_asked_for(taken) -> None:
    row = make.help_request()
    HelpRequest.objects.filter(pk=row.pk).update(next_step="desk")
    assert taken()["requests"] == {}
    assert set(taken(also=row.pk)["requests"]) == {str(row.pk)}


def test_a_person_without_any_fitting_hour_is_still_asked_of_the_solver(taken, plan) -> None:
    make.volunteer()
    row = make.help_request(free=[Free(time(20), time(22), weekday=1)])
    (window,) = taken()["requests"][str(row.pk)]["windows"]
    assert window[1] - window[0] == 60 and window[1] < 0
    (entry,) = plan().plan["unserved"]
    assert (entry["request"], entry["reason"]) == (str(row.pk), "no_common_hours")
    row.refresh_from_db()
    assert row.unserved_reason == "no_common_hours"


def test_rules_between_people_and_who_said_no(taken) -> None:
    people = [make.volunteer() for _one in range(4)]
    blocked, liked, declined, let_go = people
    who = make.resident()
    row = make.help_request(who, team=2)
    residents.set_rule(resident=who, volunteer=blocked, kind=RuleKind.BLOCKED, now=make.NOW)
    PersonRule.objects.create(resident=who, volunteer=liked, kind=RuleKind.PREFERRED)
    (asked,) = make.offer(row, declined)
    answers.decline(offer_id=asked.pk, actor=make.by_volunteer(declined), now=make.NOW)
    # One of two said yes, nobody was found to go along, and was released with thanks: may be asked again.
    first = make.offer(row, let_go)[0]
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(let_go), now=make.NOW)
    row.refresh_from_db()
    assert withdrawals.release_half_staffed(help_request_id=row.pk, now=row.next_step_at)
    problem = taken()["requests"][str(row.pk)]
    assert problem["blocked"] == sorted([str(blocked.pk), str(declined.pk)])
    assert problem["preferred"] == [str(liked.pk)]


def test_who_gave_a_visit_back_is_not_asked_again(taken) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert taken()["requests"][str(visit.help_request_id)]["blocked"] == [str(ivanka.pk)]


def test_the_older_of_two_has_the_higher_prize_and_urgency_counts_more(taken) -> None:
    old = make.help_request(make.resident(), now=make.NOW - timedelta(days=3))
    new = make.help_request(make.resident())
    three = make.help_request(make.resident(), urgency="three_days")
    prizes = {key: row["prize"] for key, row in taken()["requests"].items()}
    assert prizes[str(new.pk)] < prizes[str(old.pk)] < prizes[str(three.pk)]
    # More than a day waited costs, for each day.
    assert prizes[str(old.pk)] - prizes[str(new.pk)] > 3 * 4


def test_two_requests_of_one_person_never_share_an_hour(taken) -> None:
    who = make.resident()
    rows = [make.help_request(who, service=make.service(code)) for code in ("ONE", "TWO", "THREE")]
    spans = sorted(tuple(span) for row in rows for span in taken()["requests"][str(row.pk)]["windows"])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(taken()["requests"][str(row.pk)]["windows"] for row in rows)


def test_one_free_afternoon_is_shared_between_two_requests(taken) -> None:
    who = make.resident()
    free = [Free(time(14), time(18), day=date(2026, 10, 8))]
    rows = [make.help_request(who, service=make.service(code), free=free) for code in ("ONE", "TWO")]
    windows = [taken()["requests"][str(row.pk)]["windows"] for row in rows]
    assert windows == [[[hour(3, 14), hour(3, 16)]], [[hour(3, 16), hour(3, 18)]]]


def test_what_nobody_can_serve_does_not_keep_the_only_hour_from_the_other(taken) -> None:
    who = make.resident()
    free = [Free(time(14), time(15), day=date(2026, 10, 8))]
    hopeless, other = (
        make.help_request(who, service=make.service(code, group_code=group), free=free)
        for code, group in (("ONE", "NOBODY"), ("TWO", "SOCIAL"))
    )
    only = [[hour(3, 14), hour(3, 15)]]
    assert taken()["requests"][str(hopeless.pk)]["windows"] == only
    HelpRequest.objects.filter(pk=hopeless.pk).update(unserved_reason="nobody_certified")
    assert taken()["requests"][str(other.pk)]["windows"] == only


@pytest.mark.parametrize(
    ("now", "sunday"),
    [
        (datetime(2026, 3, 25, 6, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 22, 6, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_hours_keep_their_clock_across_both_clock_changes(now, sunday, taken) -> None:
    from core.clock import at, day_bounds, local_date

    MunicipalityRules.objects.create(municipality=make.municipality(), visits_on_sunday=True)
    ivanka = make.volunteer(hours=tuple((day, 9, 12) for day in range(7)))
    ivanka.certifications.update(valid_from=date(2026, 1, 1))
    row = make.help_request(free=always((9, 12)), now=now)
    problem = taken(now=now)
    origin = day_bounds(local_date(now))[0]
    for day in (sunday - timedelta(days=1), sunday, sunday + timedelta(days=1)):
        offset = (day - local_date(now)).days
        (shift,) = [one for one in problem["volunteers"][str(ivanka.pk)]["shifts"] if one["day"] == offset]
        assert origin + timedelta(minutes=shift["start"]) == at(day, time(9))
        assert shift["end"] - shift["start"] == 180
        starts = [origin + timedelta(minutes=start) for start, _end in problem["requests"][str(row.pk)]["windows"]]
        assert at(day, time(9)) in starts


def test_done_visits_count_in_their_week_and_promised_ones_do_not(taken) -> None:
    ivanka = make.volunteer()
    begun = make.visit(make.help_request(make.resident()), ivanka, start=make.NOW + timedelta(hours=1))
    later = make.NOW + timedelta(hours=3)
    visits.check_in(visit_id=begun.pk, actor=make.by_volunteer(ivanka), now=make.NOW + timedelta(hours=1))
    visits.check_out(visit_id=begun.pk, outcome="submitted", minutes=50, actor=make.by_volunteer(ivanka), now=later)
    make.visit(make.help_request(make.resident(), now=later), ivanka, now=later)
    assert taken(now=later)["volunteers"][str(ivanka.pk)]["done"] == {"0": 1}


def test_nobody_is_sent_off_in_the_middle_of_a_visit(taken) -> None:
    ivanka = make.volunteer()
    begun = make.visit(make.help_request(minutes=240), ivanka, start=make.NOW + timedelta(hours=1))
    now = make.NOW + timedelta(hours=1)
    visits.check_in(visit_id=begun.pk, actor=make.by_volunteer(ivanka), now=now)
    shifts = taken(now=now)["volunteers"][str(ivanka.pk)]["shifts"]
    assert shifts[0]["start"] >= hour(0, 14)


def test_a_matrix_where_a_routing_server_is_configured(taken, settings, monkeypatch) -> None:
    asked = []

    def table(points, mode):
        asked.append(len(points))
        return [[0 if i == j else 17 for j in range(len(points))] for i in range(len(points))]

    settings.OSRM_URL = "http://osrm.example"
    monkeypatch.setattr("planning.services.snapshot.osrm.matrix", table)
    ivanka = make.volunteer(home="Радомир")
    one, two = make.help_request(make.resident()), make.help_request(make.resident())
    problem = taken()
    car = problem["travel"]["matrix"]["car"]
    home = problem["volunteers"][str(ivanka.pk)]["home"]
    first, second = (problem["requests"][str(row.pk)]["place"] for row in (one, two))
    assert (car[home][first], car[first][second], car[home][home]) == (17, 5, 0)
    assert set(asked) == {2}, "people of one village are asked about once"


def test_an_escort_ends_elsewhere_and_a_phone_call_is_nowhere(taken) -> None:
    escort = make.help_request(make.resident(), mode=Mode.ESCORT, escort_to=make.village("Радомир"))
    call = make.help_request(make.resident(), mode=Mode.PHONE_HELP)
    requests = taken()["requests"]
    assert requests[str(escort.pk)]["end_place"] != requests[str(escort.pk)]["place"]
    assert "place" not in requests[str(call.pk)] and requests[str(call.pk)]["team"] == 1


def test_the_snapshot_is_the_same_a_minute_later_and_another_after_a_change(taken) -> None:
    from planning.services import snapshot

    ivanka = make.volunteer()
    row = make.help_request()
    town = make.municipality()
    first = snapshot.take(town, now=make.NOW + timedelta(minutes=1)).digest
    assert snapshot.take(town, now=make.NOW + timedelta(minutes=2)).digest == first
    WeeklyHours.objects.filter(volunteer=ivanka, weekday=3).delete()
    second = snapshot.take(town, now=make.NOW + timedelta(minutes=2)).digest
    assert second != first
    FreeTime.objects.create(help_request=row, weekday=1, start=time(9), end=time(12))
    assert snapshot.take(town, now=make.NOW + timedelta(minutes=2)).digest not in (first, second)


def test_another_municipality_stays_out(taken) -> None:
    other = make.municipality("PER32", "Перник")
    make.volunteer(of=other, home="Перник село")
    make.help_request(make.resident(of=other, home="Перник село"))
    problem = taken()
    assert problem["volunteers"] == {} == problem["requests"]


def test_reading_takes_the_same_number_of_queries_for_one_and_for_thirty(taken, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from planning.services import snapshot

    def town(number: int) -> None:
        for one in range(number):
            person = make.volunteer()
            make.help_request(make.resident(), free=always((9, 12)), team=2)
            if one % 2:
                make.visit(make.help_request(make.resident()), person)
            else:
                make.offer(make.help_request(make.resident()), person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            snapshot.take(make.municipality(), now=make.NOW)
        return len(seen)

    make.offer(make.help_request(mode=Mode.HELP_POINT, help_point=make.help_point()), make.volunteer())
    town(2)
    few = queries()
    town(12)
    assert queries() == few


def test_offers_that_wait_are_promises(taken) -> None:
    ivanka, row = make.volunteer(), make.help_request()
    (offer,) = make.offer(row, ivanka)
    assert offer.state == OfferState.MADE
    promise = taken()["promises"][str(row.pk)]
    assert promise["volunteers"] == [str(ivanka.pk)] and promise["start"] == hour(2, 11)
