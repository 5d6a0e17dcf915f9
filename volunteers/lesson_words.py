"""What was learned from a no, in words: for the volunteer and for the coordinator."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.templatetags.dv import clock, long_date, minutes
from volunteers.models import Lesson
from volunteers.states import LessonKind


def sentence(lesson: Lesson) -> str:
    """What follows from it, until it is taken back. „мин.“ and „г.“ bring their own full stop."""
    return _said(lesson).replace("..", ".")


def _said(lesson: Lesson) -> str:
    if lesson.kind == LessonKind.TOO_FAR:
        return _("Питаме само за път до %(minutes)s.") % {"minutes": minutes(lesson.minutes or 0)}
    if lesson.kind == LessonKind.NOT_THESE_HOURS and lesson.start and lesson.end and lesson.until:
        hours = {
            "day": capfirst(str(WEEKDAYS[lesson.weekday or 0]).lower()),
            "start": f"{lesson.start.hour}:{lesson.start.minute:02}",
            "end": clock(lesson.end),
            "until": long_date(lesson.until),
        }
        return _("%(day)s, %(start)s–%(end)s: не питаме до %(until)s.") % hours
    group = {"group": lesson.service_group.name if lesson.service_group else ""}
    if lesson.kind == LessonKind.UNSURE:
        return _("„%(group)s“: само с друг, който е удостоверен.") % group
    return _("„%(group)s“: не питаме за тези услуги.") % group
