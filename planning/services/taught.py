"""What volunteers' noes taught, in the problem's own terms.

Not this kind of service: blocked for its requests. Not sure: no longer the one who must know it, so never alone, and
in a pair only beside another who does. Too far: a shorter longest leg. Not these hours: cut out of the free ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from core.clock import at
from planning.selectors.rows import Rows
from planning.services import spans
from requests.models import HelpRequest
from volunteers.models import Lesson, Volunteer
from volunteers.states import LessonKind


class Taught:
    """Asked for each volunteer and request while a snapshot is built; reads no rows of its own."""

    def __init__(self, rows: Rows, origin: datetime) -> None:
        self.rows = rows
        self.origin = origin
        self.refused: dict[str, set[UUID]] = defaultdict(set)
        for volunteer, lessons in rows.lessons.items():
            for lesson in lessons:
                if lesson.kind == LessonKind.NOT_THIS_KIND and lesson.service_group_id:
                    self.refused[lesson.service_group_id].add(volunteer)

    def sure_of(self, row: Volunteer, skills: list[str]) -> list[str]:
        unsure = {lesson.service_group_id for lesson in self._of(row, LessonKind.UNSURE)}
        return [skill for skill in skills if skill not in unsure]

    def longest_leg(self, row: Volunteer) -> int:
        ways = [lesson.minutes for lesson in self._of(row, LessonKind.TOO_FAR) if lesson.minutes is not None]
        return min([row.longest_leg, *ways])

    def refuse(self, row: HelpRequest) -> set[UUID]:
        return self.refused[row.service.group_id] if row.service else set()

    def without_hours(self, row: Volunteer, free: list[spans.Span]) -> list[spans.Span]:
        lessons = list(self._of(row, LessonKind.NOT_THESE_HOURS))
        return spans.cut(free, self._hours(lessons)) if lessons else free

    def _of(self, row: Volunteer, kind: LessonKind) -> Iterator[Lesson]:
        return (lesson for lesson in self.rows.lessons.get(row.pk, ()) if lesson.kind == kind)

    def _hours(self, lessons: list[Lesson]) -> Iterator[spans.Span]:
        for day in self.rows.days:
            for lesson in lessons:
                if lesson.weekday == day.weekday() and lesson.until and day <= lesson.until:
                    assert lesson.start is not None and lesson.end is not None
                    yield self._minute(at(day, lesson.start)), self._minute(at(day, lesson.end))

    def _minute(self, moment: datetime) -> int:
        return int((moment - self.origin).total_seconds() // 60)
