"""The ladder in planning: the best few at once where it is urgent, the next in line, and nobody too often."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from core.clock import at
from notifications.models import DeskTask, Message
from notifications.states import TaskKind
from places.models import MunicipalityRules
from planning.models import PlanningDesk
from planning.services import ladder, rounds
from requests.models import HelpRequest, Offer
from requests.services import answers, sweep, visit_changes
from requests.services.actors import BEAT
from requests.states import OfferState, RequestState, Urgency
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
URGENT = {"urgency": Urgency.TODAY, "urgency_reason": "no_heat"}
SOON = make.NOW + timedelta(minutes=1)


def asked(row: HelpRequest) -> list[Offer]:
    return list(Offer.objects.live().filter(help_request=row).select_related("volunteer").order_by("made_at", "pk"))


def names(row: HelpRequest) -> set[str]:
    return {offer.volunteer.first_name for offer in asked(row)}


def five() -> None:
    for name, home in (("А", "Извор"), ("Б", "Кленовик"), ("В", "Радомир"), ("Г", "Стефаново"), ("Д", "Дрен")):
        make.volunteer(name, home=home)


def test_what_is_not_urgent_asks_one(plan) -> None:
    five()
    row = make.help_request()
    plan()
    assert len(asked(row)) == 1


def test_urgent_asks_the_best_three_at_once_and_tells_them_so(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    assert names(row) == {"А", "Б", "В"}
    assert {offer.seat for offer in asked(row)} == {1}
    told = Message.objects.filter(kind="offer_urgent")
    assert told.count() == 3 and {message.message_class for message in told} == {"urgent"}


def test_the_first_yes_wins_and_the_others_are_thanked(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    first, *others = asked(row)
    answers.accept(offer_id=first.pk, actor=BEAT, now=SOON)
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED and not asked(row)
    thanked = Message.objects.filter(kind="offer_withdrawn", contact__in=[one.volunteer.contact for one in others])
    assert thanked.count() == 2 and all("Благодарим" in message.body for message in thanked)


def test_after_one_no_of_three_a_fourth_is_asked(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    answers.decline(offer_id=asked(row)[0].pk, actor=BEAT, now=SOON)
    plan(SOON + timedelta(minutes=1))
    assert len(asked(row)) == 3 and "Г" in names(row)


def test_an_urgent_pair_asks_three_for_each_seat_at_one_hour_so_that_one_knows_it(plan) -> None:
    for number in range(3):
        make.volunteer(f"Знае{number}")
        make.volunteer(f"Идва{number}", groups=("HEALTH",))
    row = make.help_request(team=2, **URGENT)
    plan()
    made = asked(row)
    assert len({offer.start for offer in made}) == 1
    on = {seat: [offer.volunteer.first_name[:4] for offer in made if offer.seat == seat] for seat in (1, 2)}
    assert min(map(len, on.values())) >= 2 and max(map(len, on.values())) == 3
    # Whoever is first on either seat, one of the two knows it.
    assert any(set(people) == {"Знае"} for people in on.values())


def test_as_many_at_once_as_the_municipality_wishes(plan) -> None:
    MunicipalityRules.objects.create(municipality=make.municipality(), urgent_at_once=2)
    five()
    row = make.help_request(**URGENT)
    plan()
    assert len(asked(row)) == 2


def test_at_half_time_without_a_yes_the_coordinator_is_told(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    row.refresh_from_db()
    half = row.next_step_at
    assert half is not None and half < min(offer.expires_at for offer in asked(row))
    sweep.run(now=half)
    task = DeskTask.objects.open().get(kind=TaskKind.DEADLINE_NEAR)
    assert task.subject_id == row.pk and task.facts == {"waiting": 3}
    assert len(asked(row)) == 3


def test_who_was_asked_least_recently_is_asked_first_among_equals(plan) -> None:
    twins = [make.volunteer(name, home="Извор") for name in ("Един", "Друг", "Трети")]
    turns = []
    for number in range(3):
        now = make.NOW + timedelta(minutes=10 * number)
        row = make.help_request(make.resident(f"Жител{number}"), now=now)
        plan(now)
        (offer,) = asked(row)
        turns.append(offer.volunteer_id)
        answers.expire(offer_id=offer.pk, now=offer.expires_at)
        HelpRequest.objects.filter(pk=row.pk).update(next_step="desk")
    assert set(turns) == {twin.pk for twin in twins}


def test_more_than_their_number_waits_for_the_next_day(plan) -> None:
    make.volunteer(daily_offers=1)
    rows = [make.help_request(make.resident(f"Жител{number}")) for number in range(2)]
    plan()
    assert sum(len(asked(row)) for row in rows) == 1
    waits = next(row for row in rows if not asked(row))
    waits.refresh_from_db()
    assert (waits.state, waits.unserved_reason) == (RequestState.OPEN, "planned_later")
    plan(make.NOW + timedelta(days=1))
    assert len(asked(waits)) == 1


def test_nobody_is_planned_for_an_hour_before_which_they_cannot_be_told(plan) -> None:
    ivanka = make.volunteer()
    ivanka.contact.quiet_from, ivanka.contact.quiet_until = time(12), time(10)
    ivanka.contact.save()
    row = make.help_request()
    plan(at(make.TODAY, time(13)))
    (offer,) = asked(row)
    assert offer.start > at(make.TODAY + timedelta(days=1), time(10)) and offer.expires_at < offer.start


def test_a_newer_no_does_not_wait_for_more_news(plan) -> None:
    five()
    row = make.help_request()
    plan()
    desk = PlanningDesk.objects.get()
    assert not ladder.waits(desk)
    answers.decline(offer_id=asked(row)[0].pk, actor=BEAT, now=SOON)
    assert ladder.waits(desk) and rounds.due(now=SOON).now


def test_while_parts_hold_the_desk_the_next_in_line_is_asked_all_the_same(plan) -> None:
    five()
    row = make.help_request()
    made = plan()
    first = names(row)
    PlanningDesk.objects.update(parts_of=made.pk, lease_until=make.NOW + timedelta(minutes=10))
    answers.decline(offer_id=asked(row)[0].pk, actor=BEAT, now=SOON)
    found = rounds.due(now=SOON)
    assert not found.now and found.held == [make.municipality()]
    assert ladder.step_in(make.municipality(), now=SOON) == 1
    assert len(asked(row)) == 1 and not names(row) & first
    assert ladder.step_in(make.municipality(), now=SOON) == 0


def test_who_cannot_come_after_all_begins_the_ladder_anew_and_urgent(plan) -> None:
    five()
    row = make.help_request()
    plan()
    (offer,) = asked(row)
    answers.accept(offer_id=offer.pk, actor=BEAT, now=SOON)
    visit = offer.help_request.visits.get()
    visit_changes.give_back(visit_id=visit.pk, volunteer=offer.volunteer, actor=BEAT, now=SOON)
    row.refresh_from_db()
    assert row.urgency != Urgency.IN_TIME
    plan(SOON + timedelta(minutes=1))
    assert asked(row) and offer.volunteer.first_name not in names(row)
    assert Message.objects.filter(kind="visit_lost", contact=row.resident.contact).exists()
    assert {one.rung for one in asked(row)} == {1}


def test_three_noes_at_once_are_one_rung(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    for offer in asked(row):
        answers.decline(offer_id=offer.pk, actor=BEAT, now=SOON)
    row.refresh_from_db()
    assert row.state == RequestState.OPEN and row.next_step == "plan"
    plan(SOON + timedelta(minutes=1))
    assert names(row) == {"Г", "Д"} and {offer.rung for offer in asked(row)} == {2}
    assert Offer.objects.filter(help_request=row, state=OfferState.DECLINED).count() == 3


def test_the_last_hour_is_kept_for_the_visit(plan) -> None:
    five()
    row = make.help_request(**URGENT)
    plan()
    start: datetime = asked(row)[0].start
    assert all(offer.expires_at <= start for offer in asked(row))
