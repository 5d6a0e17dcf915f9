"""How long an answer is awaited, and how often a day somebody is asked: by their own hours and wishes."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from core.clock import at, local
from core.errors import DomainError
from notifications.hours import waking_time
from notifications.models import Message
from notifications.states import MessageClass
from places.models import MunicipalityRules
from requests.models import Offer
from requests.services import answers, asking, offers
from requests.services.actors import BEAT
from requests.states import Urgency
from tests import factories as make

pytestmark = pytest.mark.django_db
EVENING = at(make.TODAY, time(18))
VISIT = EVENING + timedelta(days=4)


def sleeper(**wishes):
    """A volunteer with the usual quiet hours: told nothing from 20 to 8 and on Sundays."""
    ivanka = make.volunteer(**wishes)
    ivanka.contact.quiet_from, ivanka.contact.quiet_until = time(20), time(8)
    ivanka.contact.on_free_days = False
    ivanka.contact.save()
    return ivanka


def wait(ivanka, *, now=EVENING, start=VISIT, **of):
    rules = MunicipalityRules(offer_hours=12, soon_offer_hours=6, urgent_offer_hours=2)
    return asking.wait_of(ivanka.contact, make.help_request(**of), start=start, rules=rules, now=now)


def test_only_hours_count_in_which_they_may_be_reached() -> None:
    # Two hours this evening and ten tomorrow are the twelve.
    assert wait(sleeper()).until == at(make.TODAY + timedelta(days=1), time(18))


def test_a_question_asked_at_night_begins_to_count_in_the_morning() -> None:
    found = wait(sleeper(), now=at(make.TODAY, time(23)))
    morning = at(make.TODAY + timedelta(days=1), time(8))
    assert (found.told_at, found.until) == (morning, morning + timedelta(hours=12))


def test_it_is_as_long_as_urgency_allows() -> None:
    ivanka = sleeper()
    assert wait(ivanka, urgency=Urgency.THREE_DAYS).until == at(make.TODAY + timedelta(days=1), time(12))
    assert wait(ivanka, urgency=Urgency.TODAY, urgency_reason="no_heat").until == EVENING + timedelta(hours=2)


def test_half_of_the_reachable_time_before_the_visit_stays_for_the_next_in_line() -> None:
    ivanka, start = sleeper(), at(make.TODAY + timedelta(days=1), time(10))
    found = wait(ivanka, start=start)
    # Two hours now and two tomorrow can be used: half of them are hers.
    assert found.until == at(make.TODAY, time(20)) and found.until < start


def test_who_cannot_be_reached_before_the_visit_is_not_asked_for_it() -> None:
    ivanka = sleeper()
    night, start = at(make.TODAY, time(22)), at(make.TODAY + timedelta(days=1), time(7, 30))
    assert wait(ivanka, now=night, start=start) is None
    assert make.offer(make.help_request(), ivanka, now=night, start=start) == []


def test_the_reminder_comes_at_half_time_and_leaves_with_the_answer() -> None:
    ivanka = sleeper()
    (offer,) = make.offer(make.help_request(now=EVENING), ivanka, now=EVENING, start=VISIT)
    nudge = Message.objects.get(kind="offer_nudge")
    made = Message.objects.get(kind="offer_made")
    # Six of the twelve hours: two this evening, four tomorrow.
    assert local(nudge.due_at).time() == time(12) and nudge.expires_at == offer.expires_at
    assert nudge.reply_code == made.reply_code and nudge.asks
    answers.decline(offer_id=offer.pk, actor=BEAT, now=EVENING + timedelta(minutes=5))
    nudge.refresh_from_db()
    assert (nudge.state, nudge.failure) == ("expired", "CalledOff")


def test_nobody_is_asked_in_the_morning_what_was_answered_at_night() -> None:
    ivanka, petar = sleeper(), make.volunteer("Петър")
    night = at(make.TODAY, time(22))
    hers, his = make.offer(make.help_request(now=night), ivanka, petar, now=night, start=VISIT)
    answers.accept(offer_id=his.pk, actor=BEAT, now=night + timedelta(minutes=1))
    told = Message.objects.filter(contact=ivanka.contact)
    assert {row.state for row in told} == {"expired"} and not told.filter(kind="offer_withdrawn").exists()
    hers.refresh_from_db()
    assert hers.state == "withdrawn"


def test_nobody_is_asked_more_than_their_number_a_day() -> None:
    ivanka = make.volunteer(daily_offers=2)
    asked = [make.offer(make.help_request(), ivanka, start=VISIT + timedelta(days=n)) for n in range(3)]
    assert [len(made) for made in asked] == [1, 1, 0]
    tomorrow = make.NOW + timedelta(days=1)
    assert make.offer(make.help_request(), ivanka, start=VISIT + timedelta(days=4), now=tomorrow)


def test_without_a_number_of_their_own_the_municipality_s_counts() -> None:
    MunicipalityRules.objects.create(municipality=make.municipality(), offers_a_day=1)
    ivanka = make.volunteer(daily_offers=None)
    assert make.offer(make.help_request(), ivanka, start=VISIT)
    assert make.offer(make.help_request(), ivanka, start=VISIT + timedelta(days=1)) == []


def test_asked_at_night_counts_on_the_day_they_are_told() -> None:
    ivanka = sleeper(daily_offers=1)
    (offer,) = make.offer(make.help_request(), ivanka, now=at(make.TODAY, time(21)), start=VISIT)
    assert offer.asked_on == make.TODAY + timedelta(days=1)


def by_hand(ivanka, *, agreed: bool, start=VISIT):
    seat = offers.SeatProposal(seat=1, volunteer_id=ivanka.pk)
    return offers.assign(
        help_request_id=make.help_request().pk, start=start, end=start + timedelta(hours=1), seats_for=[seat],
        agreed=agreed, actor=make.by_volunteer(ivanka), now=make.NOW,
    )  # fmt: skip


def test_by_hand_the_number_holds_too_and_a_yes_by_telephone_is_no_question() -> None:
    ivanka = make.volunteer(daily_offers=1)
    by_hand(ivanka, agreed=False)
    with pytest.raises(DomainError) as told:
        by_hand(ivanka, agreed=False, start=VISIT + timedelta(days=1))
    assert told.value.code == "asked_enough"
    (seated,) = by_hand(ivanka, agreed=True, start=VISIT + timedelta(days=1))
    assert seated.asked_on is None and Offer.objects.get(pk=seated.pk).state == "accepted"
    assert not Message.objects.filter(key__startswith=f"offer:{seated.pk}:made").exists()


def test_waking_time_is_the_sum_of_the_stretches_between() -> None:
    contact = sleeper().contact
    friday = at(make.TODAY + timedelta(days=4), time(19))
    monday = at(make.TODAY + timedelta(days=7), time(9))
    # One hour on Friday, twelve on Saturday, none on Sunday, one on Monday.
    assert waking_time(contact, MessageClass.ORDINARY, friday, monday) == timedelta(hours=14)
    assert waking_time(contact, MessageClass.URGENT, friday, monday) == timedelta(hours=26)
    assert waking_time(contact, MessageClass.ORDINARY, monday, friday) == timedelta()
