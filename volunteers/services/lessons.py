"""What a volunteer's no teaches: kept until they or a coordinator take it back. Said twice, it is learned once."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from catalogue.models import ServiceGroup
from core.clock import local_date
from volunteers.models import Lesson, Volunteer
from volunteers.services.rows import locked, touch
from volunteers.states import LessonKind


@transaction.atomic
def not_this_kind(*, volunteer: Volunteer, group: ServiceGroup, now: datetime) -> Lesson:
    """They are not asked for services of this group, alone or with somebody."""
    return _of_group(LessonKind.NOT_THIS_KIND, volunteer, group, now)


@transaction.atomic
def unsure(*, volunteer: Volunteer, group: ServiceGroup, now: datetime) -> Lesson:
    """They are asked for services of this group only beside somebody who is certified and sure."""
    return _of_group(LessonKind.UNSURE, volunteer, group, now)


@transaction.atomic
def too_far(*, volunteer: Volunteer, minutes: int, now: datetime) -> Lesson:
    """They are asked for ways of at most so many minutes; of two such words the shorter way stands."""
    locked(volunteer.pk)
    known = _live(volunteer, LessonKind.TOO_FAR, now).first()
    if known is None:
        return _new(volunteer, now, kind=LessonKind.TOO_FAR, minutes=minutes)
    if known.minutes is None or minutes < known.minutes:
        known.minutes, known.learned_at = minutes, now
        known.save(update_fields=["minutes", "learned_at"])
        touch(volunteer, now)
    return known


@transaction.atomic
def not_these_hours(
    *, volunteer: Volunteer, weekday: int, start: time, end: time, until: date, now: datetime
) -> Lesson:
    """They are not asked for these local hours of a weekday up to a day, that day included."""
    locked(volunteer.pk)
    known = _live(volunteer, LessonKind.NOT_THESE_HOURS, now).filter(weekday=weekday, start=start, end=end).first()
    if known is None:
        hours = {"weekday": weekday, "start": start, "end": end, "until": until}
        return _new(volunteer, now, kind=LessonKind.NOT_THESE_HOURS, **hours)
    if known.until is None or until > known.until:
        known.until, known.learned_at = until, now
        known.save(update_fields=["until", "learned_at"])
        touch(volunteer, now)
    return known


@transaction.atomic
def take_back(*, volunteer: Volunteer, lesson_id: int, now: datetime) -> bool:
    """Never mind that no. False where it was taken back before, or is somebody else's."""
    changed = volunteer.lessons.filter(pk=lesson_id, taken_back_at=None).update(taken_back_at=now)
    if changed:
        touch(volunteer, now)
    return bool(changed)


def _of_group(kind: LessonKind, volunteer: Volunteer, group: ServiceGroup, now: datetime) -> Lesson:
    locked(volunteer.pk)
    known = _live(volunteer, kind, now).filter(service_group=group).first()
    return known or _new(volunteer, now, kind=kind, service_group=group)


def _live(volunteer: Volunteer, kind: LessonKind, now: datetime):  # type: ignore[no-untyped-def]
    return Lesson.objects.live(local_date(now)).filter(volunteer=volunteer, kind=kind)


def _new(volunteer: Volunteer, now: datetime, **what: object) -> Lesson:
    lesson = Lesson.objects.create(volunteer=volunteer, learned_at=now, **what)
    touch(volunteer, now)
    return lesson
