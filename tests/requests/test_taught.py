"""A no with a reason teaches; a no without one, or for once, teaches nothing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from core.clock import at
from requests.models import Offer
from requests.services import answers
from requests.services.actors import BEAT
from requests.states import DeclineReason, Mode
from tests import factories as make
from volunteers.models import Lesson
from volunteers.services import lessons
from volunteers.states import LessonKind

pytestmark = pytest.mark.django_db
# Wednesday, 10:30 in Sofia
WEDNESDAY = at(make.TODAY + timedelta(days=2), time(10, 30))


def said(reason: str, *, travel: int = 20, **wanted) -> Offer:
    ivanka = make.volunteer()
    (offer,) = make.offer(make.help_request(**wanted), ivanka, start=WEDNESDAY)
    Offer.objects.filter(pk=offer.pk).update(travel_minutes=travel)
    return answers.decline(offer_id=offer.pk, actor=BEAT, now=make.NOW, reason=reason)


def test_not_this_kind_is_about_the_group_of_services() -> None:
    said(DeclineReason.NOT_THIS_KIND)
    lesson = Lesson.objects.get()
    assert (lesson.kind, lesson.service_group_id) == (LessonKind.NOT_THIS_KIND, "SOCIAL")


def test_not_sure_is_about_the_group_too() -> None:
    said(DeclineReason.UNSURE)
    assert Lesson.objects.get().kind == LessonKind.UNSURE


def test_too_far_leaves_what_is_nearer() -> None:
    said(DeclineReason.TOO_FAR, travel=32)
    assert Lesson.objects.get().minutes == 31


def test_the_hours_are_those_of_the_visit_for_some_weeks() -> None:
    said(DeclineReason.NOT_THESE_HOURS)
    lesson = Lesson.objects.get()
    assert (lesson.weekday, lesson.start, lesson.end) == (2, time(10), time(12))
    assert lesson.until == make.TODAY + timedelta(weeks=6)


@pytest.mark.parametrize("reason", ["", DeclineReason.BUSY, DeclineReason.OTHER])
def test_busy_for_once_teaches_nothing(reason: str) -> None:
    said(reason)
    assert not Lesson.objects.exists()


def test_what_is_not_known_cannot_be_learned() -> None:
    said(DeclineReason.NOT_THIS_KIND, service=None)
    said(DeclineReason.TOO_FAR, travel=0)
    said(DeclineReason.TOO_FAR, travel=30, mode=Mode.PHONE_HELP)
    assert not Lesson.objects.exists()


def test_the_same_no_twice_is_learned_once_and_the_shorter_way_stands() -> None:
    ivanka = make.volunteer()
    for minutes in (30, 20, 25):
        lessons.too_far(volunteer=ivanka, minutes=minutes, now=make.NOW)
        lessons.unsure(volunteer=ivanka, group=make.group(), now=make.NOW)
    assert sorted(Lesson.objects.values_list("kind", "minutes")) == [("too_far", 20), ("unsure", None)]


def test_taken_back_it_holds_no_more_and_can_be_learned_anew() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър")
    first = lessons.unsure(volunteer=ivanka, group=make.group(), now=make.NOW)
    assert not lessons.take_back(volunteer=petar, lesson_id=first.pk, now=make.NOW)
    assert lessons.take_back(volunteer=ivanka, lesson_id=first.pk, now=make.NOW)
    assert not Lesson.objects.live(make.TODAY).exists()
    assert lessons.unsure(volunteer=ivanka, group=make.group(), now=make.NOW).pk != first.pk
