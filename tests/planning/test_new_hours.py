"""The person chose other hours: whom the old ones did not suit may be asked about the new ones."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from notifications.models import DeskTask
from requests.models import HelpRequest
from requests.services import answers, changes, visit_changes
from requests.services.actors import BEAT, RESIDENT
from requests.services.intake import Free
from requests.states import DeclineReason, NextStep
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
AFTERNOONS = [Free(time(15), time(18), weekday=day) for day in range(7)]


@pytest.mark.parametrize(
    ("reason", "again"),
    [
        *((reason, True) for reason in ("busy", "not_these_hours", "", "expired")),
        *((reason, False) for reason in ("too_far", "not_this_kind", "unsure", "other")),
    ],
)
def test_whom_the_old_hours_did_not_suit_is_asked_about_the_new_ones(taken, reason: str, again: bool) -> None:
    ivanka, row, later = make.volunteer(), make.help_request(), make.NOW + timedelta(hours=13)
    (asked,) = make.offer(row, ivanka)
    if reason == "expired":
        assert answers.expire(offer_id=asked.pk, now=asked.expires_at)
    else:
        answers.decline(offer_id=asked.pk, actor=make.by_volunteer(ivanka), now=make.NOW, reason=reason)
    assert taken(later)["requests"][str(row.pk)]["blocked"] == [str(ivanka.pk)]
    changes.another_time(help_request=row, free=AFTERNOONS, actor=RESIDENT, now=asked.expires_at)
    assert taken(later)["requests"][str(row.pk)]["blocked"] == ([] if again else [str(ivanka.pk)])
    if again:
        # A no to the new hours is a no again.
        (second,) = make.offer(row, ivanka, now=asked.expires_at + timedelta(minutes=1))
        answers.decline(offer_id=second.pk, actor=make.by_volunteer(ivanka), now=later, reason=DeclineReason.BUSY)
        assert taken(later)["requests"][str(row.pk)]["blocked"] == [str(ivanka.pk)]


@pytest.mark.parametrize(("came", "again"), [("gave it back", True), ("did not come", False)])
def test_who_left_a_visit_is_asked_about_new_hours_unless_nobody_came(taken, came: str, again: bool) -> None:
    ivanka = make.volunteer()
    visit = make.visit(make.help_request(), ivanka)
    if again:
        visit_changes.give_back(visit_id=visit.pk, volunteer=ivanka, actor=make.by_volunteer(ivanka), now=make.NOW)
    else:
        visit_changes.missed(visit_id=visit.pk, actor=RESIDENT, now=visit.start)
    row = HelpRequest.objects.get(pk=visit.help_request_id)
    changes.another_time(help_request=row, free=AFTERNOONS, actor=RESIDENT, now=visit.start)
    assert taken(visit.start)["requests"][str(row.pk)]["blocked"] == ([] if again else [str(ivanka.pk)])


def test_the_rungs_are_counted_anew() -> None:
    row = make.help_request()
    for number in range(3):
        (offer,) = make.offer(row, make.volunteer(f"Човек{number}"))
        answers.decline(offer_id=offer.pk, actor=BEAT, now=make.NOW)
        row.refresh_from_db()
    assert row.next_step == NextStep.DESK
    later = make.NOW + timedelta(hours=1)
    changes.another_time(help_request=row, free=AFTERNOONS, actor=RESIDENT, now=later)
    (offer,) = make.offer(HelpRequest.objects.get(), make.volunteer("Нов"), now=later + timedelta(minutes=5))
    assert offer.rung == 1
    answers.decline(offer_id=offer.pk, actor=BEAT, now=later + timedelta(hours=1))
    row.refresh_from_db()
    assert row.next_step == NextStep.PLAN
    assert not DeskTask.objects.open().exists()
