"""The report's figures against small towns counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from reports.period import Period, last_weeks
from reports.selectors import SERVICE, SETTLEMENT, UNKNOWN_SERVICE, VOLUNTEER, WEEK, Asked, Figures, assignment_report
from requests.models import HelpRequest, VisitSeat
from requests.states import OfferState, Outcome, RequestState, VisitState
from tests import factories
from tests.reports.conftest import Town, moment

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def people(town: Town) -> dict[str, object]:
    return {"ivanka": factories.volunteer(), "boris": factories.volunteer("Борис", "Радев")}


def told(row: Figures) -> tuple[object, ...]:
    """requests, answered, offers, yes, no, visits, minutes, waits in days"""
    waits = sorted(round(wait, 2) for wait in row.waits)
    return row.requests, row.answered, row.offers, row.said_yes, row.said_no, row.visits, row.minutes, waits


@pytest.fixture
def october(town: Town, people) -> Town:
    """Извор: two requests, one visited by both. Друган: one, declined once, then visited in vain. Unknown service."""
    izvor, drugan = factories.resident(), factories.resident("Стоян", "Илиев", home="Друган")
    first = town.request(izvor, opened=moment(5))
    # 2 days and 6 hours later, by two people: each has an offer, the visit is one
    pair = town.visit(
        first, people["ivanka"], people["boris"], start=moment(7, "16:00"), minutes=40,
        before=["NO_DEVICE", "JARGON"], after=["JARGON"],
    )  # fmt: skip
    town.request(izvor, opened=moment(12), service=None)
    vain = town.request(drugan, opened=moment(13), service="NOI")
    town.offer(vain, people["boris"], OfferState.DECLINED, made=moment(13, "12:00"))
    town.offer(vain, people["boris"], OfferState.WITHDRAWN, made=moment(13, "13:00"))
    town.visit(
        vain, people["ivanka"], start=moment(15), outcome=Outcome.NOBODY_HOME, minutes=10, before=["NO_DEVICE"]
    )  # fmt: skip
    # Boris gave his seat back before a third person took it: the seat that is not live counts nowhere.
    gone = factories.volunteer("Петър", "Колев")
    offer = town.offer(first, gone, OfferState.RELEASED, seat=2)
    VisitSeat.objects.create(
        visit=pair, seat=2, volunteer=gone, offer=offer, start=pair.start, end=pair.end, live=False
    )
    return town


def report(town: Town, group: str = SETTLEMENT, period: Period = OCTOBER, **narrowed):
    return assignment_report(Asked(town.municipality, period, group=group, **narrowed))


# requests, answered, offers, yes, no, visits, minutes, waits
TOTAL = (3, 1, 6, 4, 1, 2, 50, [2.25])


@pytest.mark.parametrize("group", [SETTLEMENT, SERVICE, VOLUNTEER, WEEK])
def test_the_whole_is_the_same_however_the_rows_are_told(october, group):
    found = report(october, group)
    assert told(found.total) == TOTAL
    assert found.total.outcomes == {"submitted": 1, "nobody_home": 1}
    assert found.total.acceptance == 0.8


def test_by_settlement_of_the_person(october):
    rows = report(october).rows
    assert {key: told(row) for key, row in rows.items()} == {
        factories.village("Извор").pk: (2, 1, 3, 3, 0, 1, 40, [2.25]),
        factories.village("Друган").pk: (1, 0, 3, 1, 1, 1, 10, []),
    }


def test_by_service_also_the_unknown_one(october):
    rows = report(october, SERVICE).rows
    assert {key: told(row) for key, row in rows.items()} == {
        "ASP_HEAT": (1, 1, 3, 3, 0, 1, 40, [2.25]),
        None: (1, 0, 0, 0, 0, 0, 0, []),
        "NOI": (1, 0, 3, 1, 1, 1, 10, []),
    }


def test_by_volunteer_a_visit_of_two_counts_for_each_and_once_in_the_whole(october, people):
    found = report(october, VOLUNTEER)
    rows = {key: told(row) for key, row in found.rows.items()}
    assert rows.pop(people["ivanka"].pk) == (2, 1, 2, 2, 0, 2, 50, [2.25])
    assert rows.pop(people["boris"].pk) == (2, 1, 3, 1, 1, 1, 40, [2.25])
    assert list(rows.values()) == [(1, 0, 1, 1, 0, 0, 0, [])]
    assert sum(row.visits for row in found.weeks.values()) == 2


def test_by_week_every_week_of_the_period_has_a_row(october):
    rows = report(october, WEEK).rows
    assert {key: told(row) for key, row in rows.items()} == {
        date(2026, 9, 28): (0, 0, 0, 0, 0, 0, 0, []),
        date(2026, 10, 5): (1, 1, 4, 4, 0, 1, 40, [2.25]),
        date(2026, 10, 12): (2, 0, 2, 0, 1, 1, 10, []),
        date(2026, 10, 19): (0, 0, 0, 0, 0, 0, 0, []),
        date(2026, 10, 26): (0, 0, 0, 0, 0, 0, 0, []),
    }


def test_narrowed_to_a_place_a_service_or_a_volunteer(october, people):
    assert told(report(october, settlement=factories.village("Друган").pk).total) == (1, 0, 3, 1, 1, 1, 10, [])
    assert told(report(october, service="NOI").total) == (1, 0, 3, 1, 1, 1, 10, [])
    assert told(report(october, service=UNKNOWN_SERVICE).total) == (1, 0, 0, 0, 0, 0, 0, [])
    for group in (SETTLEMENT, VOLUNTEER):
        boris = report(october, group, volunteer=people["boris"].pk)
        assert told(boris.total) == (2, 1, 3, 1, 1, 1, 40, [2.25])
        assert [told(row) for row in boris.rows.values() if row.visits] == [told(boris.total)] or group == SETTLEMENT
    assert [row.code for row in report(october, volunteer=people["boris"].pk).difficulties] == ["JARGON", "NO_DEVICE"]


def test_what_stops_people_before_and_after(october):
    found = [(row.code, row.before, row.after, row.solved) for row in report(october).difficulties]
    assert found == [("NO_DEVICE", 2, 0, 2), ("JARGON", 1, 1, 0)]


def test_a_request_from_the_web_waits_for_a_call_and_is_not_counted_yet(town):
    row = town.request(state=RequestState.UNVERIFIED, opened_at=None)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=moment(9))
    found = report(town)
    assert (found.total.requests, found.unverified) == (0, 1)
    assert report(town, period=Period(date(2026, 11, 1), date(2026, 11, 30))).unverified == 0


def test_a_visit_that_did_not_take_place_counts_nowhere(town, people):
    row = town.request()
    town.visit(row, people["ivanka"], start=moment(7), state=VisitState.CANCELLED)
    assert told(report(town).total) == (1, 0, 1, 1, 0, 0, 0, [])


def test_a_request_taken_up_again_is_not_answered_by_the_visit_before(town, people):
    row = town.request(opened=moment(5))
    town.visit(row, people["ivanka"], start=moment(7), minutes=20)
    HelpRequest.objects.filter(pk=row.pk).update(attempt=2, opened_at=moment(20))
    assert told(report(town).total) == (1, 0, 1, 1, 0, 1, 20, [])
    row.refresh_from_db()
    town.visit(row, people["ivanka"], start=moment(21), minutes=20)
    assert told(report(town).total) == (1, 1, 2, 2, 0, 2, 40, [1.0])


@pytest.mark.parametrize(
    ("opened", "inside"),
    [
        (moment(30, "23:59", month=9), False),
        (moment(1, "00:00"), True),
        (moment(31, "23:59"), True),
        (moment(1, "00:00", month=11), False),
    ],
)
def test_a_period_is_whole_local_days_across_the_clock_change(town, people, opened, inside):
    """25 October 2026 has 25 hours: summer time at one end of the period, winter time at the other."""
    row = town.request(opened=opened)
    town.visit(row, people["ivanka"], start=opened, minutes=5)
    found = report(town)
    assert (found.total.requests, found.total.visits) == (int(inside), int(inside))


def test_a_late_sunday_evening_belongs_to_its_own_week_on_both_sides_of_the_clock_change(town, people):
    for opened in (moment(25, "23:30"), moment(26, "00:30")):
        town.visit(town.request(opened=opened), people["ivanka"], start=opened, minutes=5)
    rows = report(town, WEEK).rows
    assert [rows[monday].requests for monday in (date(2026, 10, 19), date(2026, 10, 26))] == [1, 1]
    assert [rows[monday].visits for monday in (date(2026, 10, 19), date(2026, 10, 26))] == [1, 1]


@pytest.mark.parametrize("group", [SETTLEMENT, SERVICE, VOLUNTEER, WEEK])
def test_another_municipality_is_never_counted(october, group):
    """The same villages, services and days elsewhere would change every figure (and do, once they are ours)."""
    before = report(october, group)
    pernik = factories.municipality("PER32", "Перник")
    neighbour = factories.volunteer("Петя", "Илиева", of=pernik, home="Перник село")
    guest = factories.resident("Ана", "Колева", of=pernik, home="Перник село")
    row = october.request(guest)
    october.visit(row, neighbour, start=moment(8), before=["NO_DEVICE"])
    web = october.request(guest, state=RequestState.UNVERIFIED, opened_at=None)
    HelpRequest.objects.filter(pk=web.pk).update(created_at=moment(9))
    after = report(october, group)
    assert (told(after.total), after.rows, after.weeks) == (told(before.total), before.rows, before.weeks)
    assert (after.difficulties, after.unverified) == (before.difficulties, before.unverified)
    # the control: moved into our municipality, the very same rows change the figures
    HelpRequest.objects.filter(pk=row.pk).update(municipality=october.municipality, number=900)
    HelpRequest.objects.filter(pk=web.pk).update(municipality=october.municipality, number=901)
    ours = report(october, group)
    assert told(ours.total) != told(before.total)
    assert ours.unverified == before.unverified + 1
    assert ours.difficulties != before.difficulties


def test_no_figure_without_rows(town):
    found = report(town)
    assert told(found.total) == (0, 0, 0, 0, 0, 0, 0, []) and not found.rows
    assert found.total.acceptance is None and found.total.wait_median is None


def test_eight_weeks_end_today_and_begin_on_a_monday():
    period = last_weeks(date(2026, 10, 30))
    assert period == Period(date(2026, 9, 7), date(2026, 10, 30))
    assert len(period.weeks) == 8
    assert period.whole(date(2026, 10, 19), date(2026, 10, 30))
    assert not period.whole(date(2026, 10, 26), date(2026, 10, 30))
