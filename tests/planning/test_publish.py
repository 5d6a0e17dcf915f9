"""From a plan to offers: the right person, in time, once; what is left open says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from core.clock import at
from notifications.models import DeskTask
from notifications.services import desk_tasks
from places import osrm
from planning.models import PlanRound
from planning.services import publish, rounds, snapshot, solver
from requests.models import HelpRequest, Offer, PersonRule, Visit, VisitSeat
from requests.services import answers, visits
from requests.services.intake import Free
from requests.states import OfferState, RequestState, RuleKind
from tests import factories as make
from volunteers.models import HoursException, Volunteer
from volunteers.states import VolunteerStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


def offered(row: HelpRequest) -> set[str]:
    return {offer.volunteer.first_name for offer in Offer.objects.live().filter(help_request=row)}


def reason(row: HelpRequest) -> str:
    row.refresh_from_db()
    return row.unserved_reason


def test_the_certified_volunteer_nearby_is_asked(plan) -> None:
    make.volunteer("Близка", home="Извор")
    make.volunteer("Далечен", home="Дрен")
    make.volunteer("Съседка", home="Извор", groups=("HEALTH",))
    row = make.help_request()
    made = plan()
    offer = Offer.objects.get(help_request=row)
    assert offered(row) == {"Близка"} and made.offers_made == 1
    assert (offer.travel_minutes, offer.round_id) == (5, made.pk)
    assert {"code": "skilled", "volunteer": str(offer.volunteer_id), "count": 2} in offer.why
    row.refresh_from_db()
    assert row.state == RequestState.OFFERED and row.unserved_reason == ""


def test_nobody_without_a_certification_is_ever_asked(plan) -> None:
    make.volunteer(groups=("HEALTH",), says_can_help=["SOCIAL"])
    row = make.help_request()
    plan()
    assert offered(row) == set() and reason(row) == "nobody_certified"


def test_a_request_without_a_known_service_can_go_to_anyone_certified(plan) -> None:
    make.volunteer(groups=("HEALTH",))
    row = make.help_request(service=None)
    plan()
    assert offered(row) == {"Иванка"}


def test_the_language_is_spoken(plan) -> None:
    make.volunteer("Иван")
    row = make.help_request(language="tr")
    plan()
    assert offered(row) == set() and reason(row) == "nobody_speaks"
    speaker = make.volunteer("Айше", home="Дрен")
    speaker.languages = ["bg", "tr"]
    speaker.save()
    plan()
    assert offered(row) == {"Айше"} and reason(row) == ""


def test_a_blocked_pair_never_meets_and_a_preferred_one_does(plan) -> None:
    near, far = make.volunteer("Близка", home="Извор"), make.volunteer("Предпочетен")
    who = make.resident()
    PersonRule.objects.create(resident=who, volunteer=near, kind=RuleKind.BLOCKED)
    row = make.help_request(who)
    plan()
    assert offered(row) == {far.first_name}


def test_the_weekly_limit_counts_what_was_done(plan) -> None:
    ivanka = make.volunteer(weekly_limit=1, hours=tuple((day, 9, 18) for day in range(5)))
    start = make.NOW + timedelta(hours=1)
    begun = make.visit(make.help_request(make.resident()), ivanka, start=start)
    visits.check_in(visit_id=begun.pk, actor=make.by_volunteer(ivanka), now=start)
    visits.check_out(visit_id=begun.pk, outcome="submitted", minutes=60, actor=make.by_volunteer(ivanka), now=start)
    this_week = make.help_request(make.resident(), deadline=make.TODAY + timedelta(days=5), now=start)
    plan(start)
    assert offered(this_week) == set() and reason(this_week) == "limits_reached"
    next_week = make.help_request(make.resident(), now=start)
    plan(start)
    assert Offer.objects.get(help_request=next_week).start >= at(make.TODAY + timedelta(days=7), datetime.min.time())


def test_a_first_home_visit_is_offered_to_two_at_one_hour(plan) -> None:
    make.volunteer("Първи")
    make.volunteer("Втори")
    row = make.help_request(team=None)
    assert row.team == 2
    plan()
    made = list(Offer.objects.filter(help_request=row).order_by("seat"))
    assert [offer.seat for offer in made] == [1, 2] and len({offer.start for offer in made}) == 1


def test_live_offers_are_fixed_until_they_are_answered(plan) -> None:
    ivanka, row = make.volunteer(), make.help_request()
    plan()
    offer = Offer.objects.get(help_request=row)
    make.volunteer("По-близка", home="Извор")
    plan()
    assert list(Offer.objects.filter(help_request=row)) == [offer]
    answers.decline(offer_id=offer.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    plan()
    assert offered(row) == {"По-близка"}


def test_offers_go_out_a_week_ahead_and_urgent_ones_at_once(plan) -> None:
    make.volunteer()
    on = make.TODAY + timedelta(days=9)
    free = [Free(datetime.min.time().replace(hour=10), datetime.min.time().replace(hour=14), day=on)]
    later = make.help_request(make.resident(), free=free)
    plan()
    assert offered(later) == set() and reason(later) == publish.PLANNED_LATER
    later.refresh_from_db()
    assert later.unserved_with == [at(on, datetime.min.time().replace(hour=10)).isoformat()]
    HelpRequest.objects.filter(pk=later.pk).update(urgency="today")
    plan()
    assert offered(later) == {"Иванка"}


def test_of_two_equal_requests_the_older_is_served(plan) -> None:
    make.volunteer(hours=((3, 9, 12),), weekly_limit=1)
    by = make.TODAY + timedelta(days=5)
    younger = make.help_request(make.resident(), deadline=by, now=make.NOW - timedelta(hours=1))
    older = make.help_request(make.resident("Пена"), deadline=by, now=make.NOW - timedelta(hours=2))
    middle = make.help_request(make.resident("Гена"), deadline=by, now=make.NOW - timedelta(minutes=90))
    HelpRequest.objects.filter(pk=older.pk).update(number=9999)
    plan()
    assert offered(older) == {"Иванка"} and offered(younger) == set() == offered(middle)
    assert reason(younger) in ("taken_by_others", "limits_reached")


def test_a_legal_visit_is_never_left_out_because_it_costs_much(plan) -> None:
    """Far away, on the last day, beyond the wish, with the whole week full but for one."""
    make.volunteer(home="Дрен", weekly_limit=30, weekly_wish=0, longest_leg=240, transport="foot", hours=((4, 0, 23),))
    rules = make.municipality()
    from places.models import MunicipalityRules

    MunicipalityRules.objects.create(municipality=rules, max_travel_per_shift=600)
    rows = [make.help_request(make.resident(home="Стефаново")) for _one in range(4)]
    made = plan()
    assert made.plan["unserved"] == [] and len(made.plan["visits"]) == len(rows)


def test_a_proposal_that_is_stale_makes_nothing(plan) -> None:
    make.volunteer()
    first, second = make.help_request(make.resident()), make.help_request(make.resident())
    town = make.municipality()
    taken = snapshot.take(town, now=make.NOW)
    made = PlanRound.objects.create(
        municipality=town, started_at=make.NOW, origin=taken.origin, snapshot_hash=taken.digest,
        problem=taken.problem, plan=solver.solve(taken.problem, seconds=2, seed=1),
    )  # fmt: skip
    HelpRequest.objects.filter(pk=first.pk).update(attempt=2)
    petar = make.volunteer("Петър")
    make.offer(second, petar)
    answers.accept(offer_id=Offer.objects.get(help_request=second).pk, actor=make.by_volunteer(petar), now=make.NOW)
    done = publish.publish(made, now=make.NOW)
    assert offered(second) == set() and done.stale >= 1
    # Published twice, nothing is asked twice.
    assert publish.publish(made, now=make.NOW).made == 0


def test_a_plan_that_comes_too_late_asks_nobody(plan) -> None:
    make.volunteer(hours=((1, 9, 12),))
    row = make.help_request()
    town = make.municipality()
    taken = snapshot.take(town, now=make.NOW)
    made = PlanRound.objects.create(
        municipality=town, started_at=make.NOW, origin=taken.origin, snapshot_hash=taken.digest,
        problem=taken.problem, plan=solver.solve(taken.problem, seconds=2, seed=1),
    )  # fmt: skip
    done = publish.publish(made, now=make.NOW + timedelta(days=1, hours=5))
    assert (done.made, done.stale) == (0, 1) and offered(row) == set()


def too_far_apart(person: Volunteer, *after: int) -> list[Visit]:
    """Agreed visits in Извор and Дрен in turn, 35 minutes of road between them, so many minutes one after another."""
    start = make.NOW + timedelta(days=1, hours=2)
    homes = ["Извор", "Дрен", "Извор"]
    return [
        make.visit(make.help_request(make.resident(home=home)), person, start=start + timedelta(minutes=minutes))
        for home, minutes in zip(homes, after, strict=False)
    ]


def broken() -> dict[UUID, dict]:
    return {task.subject_id: task.facts for task in DeskTask.objects.open().filter(kind="promise_broken")}


def test_of_two_visits_the_road_does_not_join_the_later_becomes_one_task_with_the_figures(plan) -> None:
    ivanka = make.volunteer(home="Дрен")
    _first, second = too_far_apart(ivanka, 0, 65)
    assert plan().plan["promise_conflicts"]
    facts = broken()
    assert set(facts) == {second.help_request_id}, "said once, of the later one"
    said = facts[second.help_request_id]
    assert (said["why"], said["volunteers"], said["have"]) == ("way", [str(ivanka.pk)], 5)
    assert said["place"] == make.village("Извор").pk and said["minutes"] > 5


def test_what_is_mended_is_no_task_any_more(plan) -> None:
    _first, second = too_far_apart(make.volunteer(home="Дрен"), 0, 65)
    plan()
    later = second.start + timedelta(hours=3)
    VisitSeat.objects.filter(visit=second).update(start=later, end=later + timedelta(hours=1))
    Visit.objects.filter(pk=second.pk).update(start=later, end=later + timedelta(hours=1))
    plan(make.NOW + timedelta(hours=1))
    assert broken() == {} and DeskTask.objects.get(kind="promise_broken").result == "arranged"


def test_an_offer_that_may_still_be_declined_breaks_nothing(plan) -> None:
    ivanka = make.volunteer(home="Дрен")
    (first,) = too_far_apart(ivanka, 0)
    make.offer(make.help_request(make.resident(home="Дрен")), ivanka, start=first.start + timedelta(minutes=65))
    assert plan().plan["promise_conflicts"] and broken() == {}


def test_three_in_a_row_are_two_tasks(plan) -> None:
    _first, second, third = too_far_apart(make.volunteer(home="Дрен"), 0, 65, 130)
    plan()
    assert set(broken()) == {second.help_request_id, third.help_request_id}


def test_two_who_go_together_are_one_task_about_the_one_who_lacks_most(plan) -> None:
    ivanka, petar = make.volunteer(home="Дрен"), make.volunteer("Петър", home="Дрен", transport="bus")
    start = make.NOW + timedelta(days=2, hours=2)
    rows = [make.help_request(make.resident(home=home), team=2) for home in ("Извор", "Дрен")]
    pair = [make.visit(row, ivanka, petar, start=start + timedelta(minutes=65 * n)) for n, row in enumerate(rows)]
    plan()
    assert {key: facts["volunteers"] for key, facts in broken().items()} == {pair[1].help_request_id: [str(petar.pk)]}


def test_a_wide_road_by_the_road_server_is_no_conflict(plan, settings, monkeypatch) -> None:
    """The shift around a promise is as wide as the way that the problem itself reckons with."""
    settings.OSRM_URL = "http://roads"
    monkeypatch.setattr(osrm, "matrix", lambda points, mode: [[0 if a == b else 55 for b in points] for a in points])
    make.visit(make.help_request(make.resident(home="Извор")), make.volunteer(home="Дрен"))
    assert plan().plan["promise_conflicts"] == [] and broken() == {}


def test_who_left_or_is_away_becomes_a_task_once_until_it_is_settled(plan) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    first = make.visit(make.help_request(make.resident()), ivanka)
    second = make.visit(make.help_request(make.resident()), petar)
    ivanka.status = VolunteerStatus.LEFT
    ivanka.save()
    HoursException.objects.create(volunteer=petar, day=make.TODAY + timedelta(days=2))
    plan()
    tasks = {task.subject_id: task for task in DeskTask.objects.filter(kind="promise_broken")}
    assert tasks[first.help_request_id].facts == {"why": "left", "volunteers": [str(ivanka.pk)]}
    assert tasks[second.help_request_id].facts == {"why": "away", "volunteers": [str(petar.pk)]}
    desk_tasks.finish(tasks[second.help_request_id], by=None, result="stands", now=make.NOW)
    plan(make.NOW + timedelta(hours=1))
    assert DeskTask.objects.filter(kind="promise_broken").count() == 2


def test_nobody_is_booked_twice_however_often_it_is_planned(plan) -> None:
    people = [make.volunteer(f"Човек{number}", hours=((1, 9, 13),), weekly_limit=9) for number in range(2)]
    for number in range(5):
        make.help_request(make.resident(), team=1 + number % 2)
    for turn in range(3):
        now = make.NOW + timedelta(minutes=31 * turn)
        rounds.run(municipality=make.municipality(), now=now)
        for offer in Offer.objects.live():
            answers.accept(offer_id=offer.pk, actor=make.by_volunteer(offer.volunteer), now=now)
    for person in people:
        spans = sorted(VisitSeat.objects.filter(volunteer=person, live=True).values_list("start", "end"))
        assert spans and all(before[1] <= after[0] for before, after in pairwise(spans))
    assert not Offer.objects.filter(state=OfferState.MADE).exists()
