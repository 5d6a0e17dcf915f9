"""Thirty-two hands reach for one seat: exactly one gets it, the others are told kindly, nobody waits for ever.

The control takes the locks and the constraints away and shows that the very same race then has several winners.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from core.errors import DomainError
from planning.models import PlanRound
from planning.services import publish
from requests.models import HelpRequest, JournalEntry, Offer, Visit, VisitSeat
from requests.services import answers, changes, lifecycle, seats, sweep, visit_changes
from requests.services.actors import BEAT, RESIDENT
from requests.states import LIVE, OfferState, RequestState
from tests import factories as make
from tests.proofs.spine.hands import Work, codes, race
from tests.proofs.spine.invariants import check
from tests.proofs.spine.unguarded import without_guards
from tests.sizes import size
from volunteers.models import Volunteer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS = 32
START = make.NOW + timedelta(days=2)


def accepting(offer: Offer) -> Work:
    return lambda: answers.accept(offer_id=offer.pk, actor=make.by_volunteer(offer.volunteer), now=make.NOW)


@pytest.fixture
def people() -> list[Volunteer]:
    return [make.volunteer(f"Човек{number}", signs_in=False) for number in range(16)]


def asked(people: list[Volunteer], start: Any = START) -> list[Offer]:
    """One seat, everybody asked for it; two hands for each offer."""
    return make.offer(make.help_request(), *people, start=start)


def one_round(people: list[Volunteer], start: Any) -> None:
    """The race itself, as it must end."""
    made = asked(people, start)
    work = [accepting(offer) for offer in made for _hand in range(THREADS // len(people))]
    assert len(work) == THREADS
    random.shuffle(work)
    results = race(work)
    told = codes(results)
    row = HelpRequest.objects.get(pk=made[0].help_request_id)
    winner = Offer.objects.get(help_request=row, state=OfferState.ACCEPTED)
    # Both hands of the winner hear the same yes.
    assert told["won"] == THREADS // len(people), told
    assert {answer.pk for answer in results if isinstance(answer, Offer)} == {winner.pk}
    assert VisitSeat.objects.get(visit__help_request=row, live=True).volunteer_id == winner.volunteer_id
    assert row.state == RequestState.SCHEDULED
    assert Offer.objects.filter(help_request=row, state=OfferState.WITHDRAWN).count() == len(people) - 1


def test_of_thirty_two_hands_one_wins_the_seat(people: list[Volunteer]) -> None:
    for number in range(size(3, 200, "rounds")):
        one_round(people, START + timedelta(hours=2 * number))
    check()


CONTROL_ROUNDS = 25


def test_the_control_the_same_race_without_lock_and_constraint_fails(
    people: list[Volunteer], monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_guards(monkeypatch), pytest.raises((AssertionError, Offer.DoesNotExist)):
        for number in range(CONTROL_ROUNDS):
            one_round(people, START + timedelta(hours=2 * number))
    # The guards are back: the very same race ends as it must.
    one_round(people, START)


def test_the_control_has_several_winners_when_the_guarded_update_is_gone_too(
    people: list[Volunteer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third guard, an UPDATE that asks where the row stands, catches what the first two would let through.

    Between looking at the seat and writing the answer every hand waits a moment, so that the window which the
    lock closes stands open for sure. Two people only: sixteen stop each other by deadlock before two can win.
    """
    plain = seats.take

    def take(*words: Any, **more: Any) -> Visit:
        visit = plain(*words, **more)
        time.sleep(random.uniform(0, 0.3))
        return visit

    def move(row: Any, to: str, moves: object, now: Any, changed: dict[str, Any]) -> None:
        row.came_from = row.state
        type(row).objects.filter(pk=row.pk).update(state=to, updated_at=now, **changed)
        row.state = to

    monkeypatch.setattr(seats, "take", take)
    most = 0
    with without_guards(monkeypatch), monkeypatch.context() as unguarded:
        unguarded.setattr(lifecycle, "_move", move)
        for number in range(CONTROL_ROUNDS):
            made = asked(people[:2], START + timedelta(hours=2 * number))
            race([accepting(offer) for offer in made for _hand in range(2)])
            won = Offer.objects.filter(help_request=made[0].help_request_id, state=OfferState.ACCEPTED)
            most = max(most, won.values("volunteer").distinct().count())
            if most > 1:
                break
    assert most > 1, "the race proves nothing: one winner without lock, constraint and guarded update"
    # With the guards back there is one winner, however wide the window stands open.
    one_round(people, START)


def test_one_volunteer_who_says_yes_to_two_at_once_sits_in_one() -> None:
    ivanka = make.volunteer()
    for number in range(size(2, 100, "rounds of two visits")):
        start = START + timedelta(hours=3 * number)
        (first,) = make.offer(make.help_request(), ivanka, start=start)
        (second,) = make.offer(make.help_request(), ivanka, start=start + timedelta(minutes=30))
        told = codes(race([accepting(offer) for offer in (first, second) for _hand in range(8)]))
        seats = VisitSeat.objects.filter(
            volunteer=ivanka, live=True, start__gte=start, start__lt=start + timedelta(hours=3)
        )
        assert seats.count() == 1 and told["won"] == 8, told
    check()


def test_yes_no_too_late_and_no_longer_needed_at_once_end_somewhere_legal() -> None:
    ended: Counter[str] = Counter()
    for number in range(size(3, 100, "rounds of everything at once")):
        who = [make.volunteer(f"Човек{number}-{seat}", signs_in=False) for seat in range(2)]
        row = make.help_request(team=2)
        first, second = make.offer(row, *who, start=START + timedelta(hours=2 * number), seats=True)
        late = first.expires_at
        work: list[Work] = [
            accepting(first),
            accepting(second),
            accepting(first),
            lambda: answers.decline(offer_id=second.pk, actor=BEAT, now=make.NOW),  # noqa: B023 - run in this round
            lambda: answers.expire(offer_id=first.pk, now=late),  # noqa: B023
            lambda: changes.withdraw(help_request=row, actor=RESIDENT, now=make.NOW),  # noqa: B023
            lambda: changes.another_time(help_request=row, free=[], actor=RESIDENT, now=make.NOW),  # noqa: B023
            lambda: sweep.run(now=late),  # noqa: B023
        ]
        random.shuffle(work)
        for answer in race(work):
            assert not isinstance(answer, Exception) or isinstance(answer, DomainError), repr(answer)
        row.refresh_from_db()
        ended[row.state] += 1
        check()
    assert ended[RequestState.WITHDRAWN], ended


def test_both_of_a_pair_give_back_while_a_third_accepts() -> None:
    for number in range(size(2, 60, "rounds of giving back")):
        who = [make.volunteer(f"Човек{number}-{seat}", signs_in=False) for seat in range(3)]
        row = make.help_request(team=2)
        visit = make.visit(row, *who[:2], start=START + timedelta(hours=2 * number))
        visit_changes.give_back(visit_id=visit.pk, volunteer=who[0], actor=BEAT, now=make.NOW)
        row.refresh_from_db()
        (third,) = make.offer(row, who[2], start=visit.start)
        results = race(
            [
                accepting(third),
                lambda: visit_changes.give_back(visit_id=visit.pk, volunteer=who[1], actor=BEAT, now=make.NOW),  # noqa: B023
                accepting(third),
                lambda: visit_changes.give_back(visit_id=visit.pk, volunteer=who[1], actor=BEAT, now=make.NOW),  # noqa: B023
            ]
        )
        assert not any(isinstance(answer, DatabaseError) for answer in results), results
        check()


def test_two_plans_published_at_once_ask_one_person_a_seat() -> None:
    where = make.municipality()
    for number in range(size(2, 60, "rounds of two plans")):
        who = [make.volunteer(f"Човек{number}-{seat}", signs_in=False) for seat in range(4)]
        one, two = make.help_request(), make.help_request(team=2)
        origin = make.NOW
        day = 60 * 24 * 2 + number * 120
        plans = [
            _round(where, origin, {str(one.pk): (day, who[:1]), str(two.pk): (day, who[2:])}),
            _round(where, origin, {str(one.pk): (day + 30, who[1:2]), str(two.pk): (day + 60, [who[0], who[3]])}),
        ]
        work: list[Work] = [
            (lambda plan_round=plan_round: publish.publish(plan_round, now=make.NOW)) for plan_round in plans * 4
        ]
        results = race(work)
        assert not [answer for answer in results if isinstance(answer, Exception)], answers
        for row in (one, two):
            made = list(Offer.objects.filter(help_request=row).order_by("seat"))
            assert [offer.seat for offer in made] == list(range(1, row.team + 1))
            assert len({(offer.start, offer.round_id) for offer in made}) == 1
        check()
    assert not HelpRequest.objects.filter(state__in=LIVE, next_step="").exists()
    assert JournalEntry.objects.exists()


def _round(where: Any, origin: Any, wanted: dict[str, tuple[int, list[Volunteer]]]) -> PlanRound:
    """A round as the solver would have answered it: request → minute and people."""
    return PlanRound.objects.create(
        municipality=where, state="solved", started_at=timezone.now(), origin=origin, snapshot_hash="",
        problem={"promises": [], "requests": [{"id": pk, "duration": 60, "prize": 1000} for pk in wanted]},
        plan={
            "visits": [
                {"request": pk, "start": start, "volunteers": [str(row.pk) for row in people], "shifts": [], "why": []}
                for pk, (start, people) in wanted.items()
            ]
        },
    )  # fmt: skip
