"""Status, certifications, hours and limits: what may be done, and that planning hears of it."""

from __future__ import annotations

import itertools
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership
from accounts.roles import Role
from core.errors import IllegalMove, Invalid
from volunteers.models import Certification, Volunteer
from volunteers.selectors import certified_groups, free_times, free_times_of
from volunteers.services import availability, certifications, profile, status
from volunteers.states import VOLUNTEER_MOVES, VolunteerStatus

TODAY = date(2026, 10, 14)  # a Wednesday
LATER = timedelta(hours=5)
LIMITS = {
    "weekly_limit": 3,
    "weekly_wish": 2,
    "longest_leg": 40,
    "transport": "bus",
    "languages": ["tr", "bg"],
}


def mark(volunteer: Volunteer):
    """What planning looks at."""
    return Volunteer.objects.get(pk=volunteer.pk).updated_at


@pytest.mark.parametrize("source", VolunteerStatus.values)
@pytest.mark.parametrize("target", VolunteerStatus.values)
def test_only_steps_of_the_table_are_taken(source, target, ivanka, now):
    Volunteer.objects.filter(pk=ivanka.pk).update(status=source)
    if source in VOLUNTEER_MOVES[target]:
        status.move(volunteer=ivanka, to=VolunteerStatus(target), now=now + LATER)
        kept = Volunteer.objects.get(pk=ivanka.pk)
        assert (kept.status, kept.status_since, kept.updated_at) == (target, now + LATER, now + LATER)
    else:
        with pytest.raises(IllegalMove):
            status.move(volunteer=ivanka, to=VolunteerStatus(target), now=now + LATER)
        assert Volunteer.objects.get(pk=ivanka.pk).status == source


def test_a_rest_ends_where_the_certifications_say(ivanka, kamen, heating, now):
    status.pause(volunteer=ivanka, now=now)
    assert status.resume(volunteer=ivanka, now=now).status == VolunteerStatus.TRAINING
    until = TODAY + timedelta(days=30)
    certifications.grant(volunteer=ivanka, service_group=heating, granted_by=kamen.user, valid_until=until, now=now)
    status.pause(volunteer=ivanka, now=now)
    assert status.resume(volunteer=ivanka, now=now).status == VolunteerStatus.ACTIVE


def test_leaving_closes_the_way_in(ivanka, kamen, now):
    status.leave(volunteer=ivanka, actor=kamen.user, now=now)
    assert not Membership.objects.get(user=ivanka.user, role=Role.VOLUNTEER).active


def grant(volunteer, group, by, until, now) -> Certification:
    return certifications.grant(
        volunteer=volunteer, service_group=group, granted_by=by.user, valid_until=until, now=now
    )


def test_matching_reads_certifications_and_never_the_volunteer_s_own_ticks(ivanka, kamen, heating, health, now):
    Volunteer.objects.filter(pk=ivanka.pk).update(says_can_help=["HEALTH"])
    grant(ivanka, heating, kamen, date(2026, 12, 31), now)
    assert certified_groups([ivanka], TODAY) == {ivanka.pk: {"BENEFITS"}}


def test_a_certification_counts_on_its_last_day_and_not_after(ivanka, kamen, heating, now):
    grant(ivanka, heating, kamen, TODAY, now)
    assert certified_groups([ivanka], TODAY)[ivanka.pk] == {"BENEFITS"}
    assert certified_groups([ivanka], TODAY + timedelta(days=1))[ivanka.pk] == set()
    assert certified_groups([ivanka], TODAY - timedelta(days=1))[ivanka.pk] == set()


def test_renewing_keeps_the_old_dates_readable_and_one_live(ivanka, kamen, heating, now):
    first = grant(ivanka, heating, kamen, TODAY + timedelta(days=30), now)
    until = TODAY + timedelta(days=300)
    renewed = certifications.renew(certification=first, granted_by=kamen.user, valid_until=until, now=now + LATER)
    assert renewed.valid_until == until
    first.refresh_from_db()
    assert first.revoked_at == now + LATER
    assert mark(ivanka) == now + LATER
    with pytest.raises(IllegalMove):
        certifications.renew(certification=first, granted_by=kamen.user, valid_until=until + timedelta(days=1), now=now)


def test_renewing_to_an_earlier_day_is_refused(ivanka, kamen, heating, now):
    first = grant(ivanka, heating, kamen, TODAY + timedelta(days=30), now)
    with pytest.raises(Invalid):
        certifications.renew(certification=first, granted_by=kamen.user, valid_until=first.valid_until, now=now)


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), TODAY + timedelta(days=4 * 366)])
def test_a_certification_ends_between_today_and_three_years(until, ivanka, kamen, heating, now):
    with pytest.raises(Invalid):
        grant(ivanka, heating, kamen, until, now)
    assert not Certification.objects.exists()


def test_a_revoked_certification_is_over_at_once_and_revoking_twice_is_quiet(ivanka, kamen, heating, now):
    row = grant(ivanka, heating, kamen, TODAY + timedelta(days=30), now)
    certifications.revoke(certification=row, now=now + LATER)
    assert certified_groups([ivanka], TODAY)[ivanka.pk] == set()
    certifications.revoke(certification=row, now=now + 2 * LATER)
    assert mark(ivanka) == now + LATER


def test_a_week_is_replaced_and_planning_hears_of_it(ivanka, now):
    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(12))], now=now)
    availability.set_weekly_hours(volunteer=ivanka, spans=[(2, time(9), time(12))], now=now + LATER)
    assert [(row.weekday, row.start, row.end) for row in ivanka.weekly_hours.all()] == [(2, time(9), time(12))]
    assert mark(ivanka) == now + LATER
    (free,) = free_times(ivanka, TODAY, 7)
    assert free.day == TODAY


def test_added_hours_join_what_they_touch(ivanka, now):
    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(12))], now=now)
    added = {"weekdays": [0, 1], "start": time(11), "end": time(14)}
    assert availability.add_weekly_hours(volunteer=ivanka, now=now, **added) == [
        (0, time(9), time(14)),
        (1, time(11), time(14)),
    ]


def test_hours_that_run_backwards_are_refused_and_nothing_is_lost(ivanka, now):
    availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(9), time(12))], now=now)
    with pytest.raises(Invalid) as refused:
        availability.set_weekly_hours(volunteer=ivanka, spans=[(0, time(12), time(9))], now=now)
    assert refused.value.field == "end"
    assert ivanka.weekly_hours.count() == 1


SPANS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 21).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, 23))),
    ),
    max_size=12,
)


@given(spans=SPANS)
def test_merging_keeps_every_free_hour_and_leaves_none_twice(spans):
    given_hours = {(day, hour) for day, (start, end) in spans for hour in range(start, end)}
    try:
        merged = availability.merged([(day, time(start), time(end)) for day, (start, end) in spans])
    except Invalid:
        assert len(spans) > availability.SPANS_A_DAY
        return
    kept = [(day, hour) for day, start, end in merged for hour in range(start.hour, end.hour)]
    assert len(kept) == len(set(kept)) and set(kept) == given_hours
    for one, other in itertools.pairwise(merged):
        assert one[0] < other[0] or one[2] < other[1]


def test_an_absence_ends_other_hours_of_that_day_and_hours_end_an_absence(ivanka, now):
    day = TODAY + timedelta(days=2)
    availability.add_exception(volunteer=ivanka, day=day, start=time(9), end=time(11), now=now)
    availability.add_exception(volunteer=ivanka, day=day, start=time(15), end=time(16), now=now)
    assert ivanka.exceptions.count() == 2
    availability.add_absence(volunteer=ivanka, first=day, last=day + timedelta(days=2), now=now + LATER)
    assert [row.start for row in ivanka.exceptions.all()] == [None, None, None]
    assert mark(ivanka) == now + LATER
    availability.add_exception(volunteer=ivanka, day=day, start=time(9), end=time(11), now=now)
    assert [row.start for row in ivanka.exceptions.filter(day=day)] == [time(9)]


def test_an_exception_is_taken_back_only_from_its_own_volunteer(ivanka, boris, now):
    row = availability.add_exception(volunteer=boris, day=TODAY, start=None, end=None, now=now)
    availability.remove_exception(volunteer=ivanka, exception_ids=[row.pk], now=now + LATER)
    assert boris.exceptions.count() == 1 and mark(ivanka) != now + LATER
    availability.remove_exception(volunteer=boris, exception_ids=[row.pk], now=now + LATER)
    assert boris.exceptions.count() == 0 and mark(boris) == now + LATER


@pytest.mark.parametrize("first, last", [(-1, 3), (3, 1), (0, 200), (400, 401)])
def test_absences_are_ahead_in_order_and_not_endless(first, last, ivanka, now):
    with pytest.raises(Invalid):
        availability.add_absence(
            volunteer=ivanka, first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last), now=now
        )
    assert ivanka.exceptions.count() == 0


def test_limits_are_kept_and_planning_hears_of_them(ivanka, drugan, now):
    profile.set_limits(volunteer=ivanka, home=drugan, now=now + LATER, **LIMITS)
    kept = Volunteer.objects.get(pk=ivanka.pk)
    assert (kept.weekly_limit, kept.weekly_wish, kept.longest_leg, kept.home) == (3, 2, 40, drugan)
    assert (kept.transport, kept.languages, kept.updated_at) == ("bus", ["bg", "tr"], now + LATER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_limit": 0},
        {"weekly_limit": 21},
        {"weekly_wish": 4},
        {"longest_leg": 241},
        {"transport": "horse"},
        {"languages": []},
        {"languages": ["xx"]},
    ],
)
def test_limits_out_of_reason_are_refused(wrong, ivanka, drugan, now):
    with pytest.raises(Invalid) as refused:
        profile.set_limits(volunteer=ivanka, home=drugan, now=now, **LIMITS | wrong)
    assert refused.value.field in wrong
    assert Volunteer.objects.get(pk=ivanka.pk).transport == "car"


def test_a_home_elsewhere_is_refused(ivanka, elsewhere, now):
    with pytest.raises(Invalid):
        profile.set_limits(volunteer=ivanka, home=elsewhere, now=now, **LIMITS)


def test_partners_are_of_the_same_municipality_and_not_oneself(ivanka, boris, apply, elsewhere, now):
    profile.prefer_partner(volunteer=ivanka, partner=boris, now=now + LATER)
    assert list(ivanka.preferred_partners.all()) == [boris]
    assert mark(ivanka) == now + LATER
    assert list(boris.preferred_partners.all()) == []
    for wrong in (ivanka, apply(home=elsewhere)):
        with pytest.raises(Invalid):
            profile.prefer_partner(volunteer=ivanka, partner=wrong, now=now)
    profile.forget_partner(volunteer=ivanka, partner=boris, now=now + 2 * LATER)
    assert list(ivanka.preferred_partners.all()) == [] and mark(ivanka) == now + 2 * LATER


def test_free_times_of_many_take_two_queries(ivanka, boris, now, django_assert_num_queries):
    for volunteer in (ivanka, boris):
        availability.set_weekly_hours(volunteer=volunteer, spans=[(2, time(9), time(12))], now=now)
    availability.add_absence(volunteer=boris, first=TODAY, last=TODAY, now=now)
    with django_assert_num_queries(2):
        found = free_times_of([ivanka, boris], TODAY, 14)
    assert [free.day.day for free in found[ivanka.pk]] == [14, 21]
    assert [free.day.day for free in found[boris.pk]] == [21]
