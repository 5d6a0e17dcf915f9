"""The rules of the ladder, whoever is asked and whenever: only waking hours count, nobody is asked more than their
number a day, three at once have one winner, and a no that says why is remembered until it is taken back.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, time, timedelta

import pytest

from core.clock import at, local
from notifications.hours import FreeDays, first_minute, waking_time
from notifications.models import Message
from places.models import MunicipalityRules
from planning.services import rounds
from requests.models import HelpRequest, Offer, VisitSeat
from requests.services import answers, asking, sweep
from requests.services.actors import BEAT
from requests.services.intake import Free
from requests.states import DeclineReason, OfferState, RequestState, Urgency
from tests import factories as make
from tests.planning.conftest import solver_at_hand  # noqa: F401 - a fixture
from tests.proofs.spine import invariants
from tests.proofs.spine.hands import codes, race
from tests.sizes import size
from volunteers.models import Lesson, Volunteer
from volunteers.services import lessons

URGENT = {"urgency": Urgency.TODAY, "urgency_reason": "no_heat"}
WAITS = size(150, 5_000, "waits for an answer")
DAYS = size(2, 20, "days of asking")
RACES = size(1, 60, "races of three")


def some_contact(chance: random.Random):
    contact = make.contact()
    contact.quiet_from = time(chance.randint(0, 23), chance.choice([0, 30]))
    contact.quiet_until = time(chance.randint(0, 23), chance.choice([0, 30]))
    contact.on_free_days, contact.urgent_any_time = chance.random() < 0.3, chance.random() < 0.3
    return contact


@pytest.mark.django_db
def test_an_answer_is_awaited_only_while_its_volunteer_may_be_reached() -> None:
    chance = random.Random(4)
    where = make.municipality()
    contacts, days = [some_contact(chance) for _number in range(30)], FreeDays(where.pk)
    rules, cut = MunicipalityRules(offer_hours=12, soon_offer_hours=6, urgent_offer_hours=2), 0
    for _number in range(WAITS):
        contact = chance.choice(contacts)
        row = HelpRequest(urgency=chance.choice(Urgency.values))
        # Both clock changes of the year are among these days.
        now = make.NOW + timedelta(minutes=chance.randint(0, 370 * 24 * 60))
        start = now + timedelta(minutes=chance.randint(20, 7 * 24 * 60))
        pressing = asking.class_of(row)
        wait = asking.wait_of(contact, row, start=start, rules=rules, now=now)
        if wait is None:
            assert first_minute(contact, pressing, now, days) >= start
            cut += 1
            continue
        assert now <= wait.told_at <= wait.half_at <= wait.until <= start
        assert first_minute(contact, pressing, wait.told_at, days) == wait.told_at
        full, had = asking.length_of(row, rules), waking_time(contact, pressing, now, start)
        used = waking_time(contact, pressing, now, wait.until)
        assert used == min(full, max(had / 2, asking.LEAST), had)
        assert waking_time(contact, pressing, now, wait.half_at) <= used
    assert 0 < cut < WAITS / 2, cut


@pytest.mark.django_db
@pytest.mark.usefixtures("solver_at_hand")
def test_nobody_is_asked_more_than_their_number_a_day_whatever_they_answer() -> None:
    chance = random.Random(5)
    MunicipalityRules.objects.create(municipality=make.municipality(), offers_a_day=2, ladder_rungs=10)
    people = [make.volunteer(f"Човек{number}", daily_offers=chance.choice([None, 1, 3])) for number in range(4)]
    now = make.NOW
    for day in range(DAYS):
        for number in range(4):
            urgent = URGENT if chance.random() < 0.3 else {}
            make.help_request(make.resident(f"Жител{day}-{number}"), now=now, **urgent)
        for _round in range(2):
            rounds.run(municipality=make.municipality(), now=now)
            _everybody_answers(chance, now + timedelta(minutes=5))
            now += timedelta(hours=3)
        now = make.NOW + timedelta(days=day + 1)
        sweep.run(now=now)
    invariants.check()
    asked = Counter(Offer.objects.values_list("volunteer", "asked_on"))
    number = {person.pk: person.daily_offers or 2 for person in people}
    assert asked and all(count <= number[who] for (who, _day), count in asked.items())
    # The limit was felt: somebody was asked as often as they wished.
    assert any(count == number[who] for (who, _day), count in asked.items())


def _everybody_answers(chance: random.Random, now: datetime) -> None:
    for pk in list(Offer.objects.live().values_list("pk", flat=True)):
        offer = Offer.objects.get(pk=pk)
        if offer.state == OfferState.MADE and offer.expires_at > now and chance.random() < 0.8:
            if chance.random() < 0.3:
                answers.accept(offer_id=pk, actor=BEAT, now=now)
            else:
                reason = chance.choice([DeclineReason.BUSY, DeclineReason.OTHER, ""])
                answers.decline(offer_id=pk, actor=BEAT, now=now, reason=reason)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("solver_at_hand")
def test_of_three_asked_at_once_one_wins_and_the_others_are_thanked() -> None:
    for number in range(5):
        make.volunteer(f"Човек{number}", home="Извор", weekly_limit=20)
    for number in range(RACES):
        now = make.NOW + timedelta(days=number + number // 6)  # nobody is visited on a Sunday
        row = make.help_request(make.resident(f"Жител{number}"), now=now, **URGENT)
        rounds.run(municipality=make.municipality(), now=now)
        asked = list(Offer.objects.live().filter(help_request=row).select_related("volunteer__contact"))
        assert len(asked) == 3
        work = [
            lambda pk=offer.pk: answers.accept(offer_id=pk, actor=BEAT, now=now + timedelta(minutes=1))  # noqa: B023
            for offer in asked
        ]
        told = codes(race(work))
        assert told["won"] == 1, told
        row.refresh_from_db()
        assert row.state == RequestState.SCHEDULED
        winner = VisitSeat.objects.get(visit__help_request=row, live=True).volunteer_id
        thanked = Message.objects.filter(
            kind="offer_withdrawn", key__in=[f"offer:{one.pk}:withdrawn:sms" for one in asked]
        )
        assert {message.contact_id for message in thanked} == {
            one.volunteer.contact_id for one in asked if one.volunteer_id != winner
        }
    invariants.check()


def _asked_first(**wanted: object) -> tuple[HelpRequest, Volunteer | None]:
    """A new request, planned: who is asked for it."""
    count = HelpRequest.objects.count()
    now = make.NOW + timedelta(minutes=30 * count)
    row = make.help_request(make.resident(f"Жител{count}"), now=now, **wanted)
    rounds.run(municipality=make.municipality(), now=now)
    offer = Offer.objects.live().filter(help_request=row).select_related("volunteer").first()
    return row, offer.volunteer if offer else None


def _says(reason: str) -> Lesson:
    """The one who is asked says no, and why; whoever is asked next is let alone."""
    row, person = _asked_first()
    assert person is not None
    offer = Offer.objects.live().get(help_request=row)
    now = offer.made_at + timedelta(minutes=1)
    answers.decline(offer_id=offer.pk, actor=BEAT, now=now, reason=reason)
    HelpRequest.objects.filter(pk=row.pk).update(next_step="desk")
    return Lesson.objects.get(volunteer=person)


@pytest.mark.django_db
@pytest.mark.usefixtures("solver_at_hand")
class TestANoTeaches:
    def test_not_this_kind_until_it_is_taken_back(self) -> None:
        ivanka = make.volunteer(groups=("SOCIAL", "HEALTH"))
        lesson = _says(DeclineReason.NOT_THIS_KIND)
        assert _asked_first()[1] is None
        assert _asked_first(service=make.service("NAP", group_code="HEALTH"))[1] == ivanka
        lessons.take_back(volunteer=ivanka, lesson_id=lesson.pk, now=make.NOW)
        assert _asked_first()[1] == ivanka

    def test_too_far_leaves_what_is_nearer(self) -> None:
        ivanka = make.volunteer(home="Радомир")
        lesson = _says(DeclineReason.TOO_FAR)
        assert lesson.minutes is not None
        row, nobody = _asked_first()
        assert nobody is None
        row.refresh_from_db()
        assert row.unserved_reason == "too_far"
        near = make.help_request(make.resident("Съсед", home="Радомир"), now=make.NOW + timedelta(hours=3))
        rounds.run(municipality=make.municipality(), now=make.NOW + timedelta(hours=3))
        assert Offer.objects.get(help_request=near).volunteer == ivanka

    def test_not_these_hours_are_taken_out_for_the_coming_weeks(self) -> None:
        ivanka = make.volunteer()
        free = [Free(time(10), time(12), weekday=2)]
        row, person = _asked_first(free=free)
        assert person == ivanka
        offer = Offer.objects.live().get(help_request=row)
        answers.decline(
            offer_id=offer.pk, actor=BEAT, now=offer.made_at + timedelta(minutes=1),
            reason=DeclineReason.NOT_THESE_HOURS,
        )  # fmt: skip
        assert _asked_first(free=free)[1] is None
        other, person = _asked_first(free=[Free(time(14), time(16), weekday=2)])
        assert person == ivanka and local(Offer.objects.get(help_request=other).start).weekday() == 2
        # Weeks later the same hour is a question again.
        later = at(make.TODAY + timedelta(weeks=7), time(9))
        rounds.run(municipality=make.municipality(), now=later)
        again = Offer.objects.get(made_at__gte=later)
        assert again.volunteer == ivanka and local(again.start).weekday() == 2 and local(again.start).hour < 12

    def test_not_sure_is_never_alone_but_may_go_along(self) -> None:
        ivanka = make.volunteer()
        lesson = _says(DeclineReason.UNSURE)
        assert _asked_first()[1] is None
        petar = make.volunteer("Петър")
        row, _one = _asked_first(team=2)
        asked = {offer.volunteer for offer in Offer.objects.live().filter(help_request=row)}
        assert asked == {ivanka, petar}
        lessons.take_back(volunteer=ivanka, lesson_id=lesson.pk, now=make.NOW)
        assert not Lesson.objects.live(make.TODAY).exists()
