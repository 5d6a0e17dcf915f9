"""What comes after a no, and half of a pair that is let go."""

from __future__ import annotations

import pytest

from notifications.models import DeskTask, Message
from requests.models import Visit
from requests.services import answers, sweep
from requests.states import NextStep, OfferState, RequestState, VisitState
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(row):
    row.refresh_from_db()
    return row


def test_after_three_rungs_the_coordinator_is_asked() -> None:
    row = make.help_request()
    for number in range(3):
        person = make.volunteer(f"Човек{number}")
        (offer,) = make.offer(row, person)
        answers.decline(offer_id=offer.pk, actor=make.by_volunteer(person), now=make.NOW, reason="busy")
        fresh(row)
    task = DeskTask.objects.get(kind="ladder_ended")
    assert task.subject_id == row.pk and row.next_step == NextStep.DESK


def test_half_of_a_pair_is_released_with_thanks_when_the_second_is_not_found() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request(team=2)
    first, second = make.offer(row, ivanka, petar, seats=True)
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=make.NOW)
    assert fresh(row).state == RequestState.PARTLY_STAFFED and row.next_step == NextStep.SECOND_PERSON
    answers.decline(offer_id=second.pk, actor=make.by_volunteer(petar), now=make.NOW)
    sweep.run(now=row.next_step_at)
    assert fresh(first).state == OfferState.RELEASED
    assert fresh(row).state == RequestState.OPEN
    assert Visit.objects.get(help_request=row).state == VisitState.CANCELLED
    assert Message.objects.filter(contact=ivanka.contact, kind="offer_released").exists()
