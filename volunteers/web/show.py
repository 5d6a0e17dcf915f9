"""What the pages about one volunteer show of hours and limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from places.selectors import rules_of
from places.states import Weekday
from volunteers.lesson_words import sentence
from volunteers.models import HoursException, Volunteer, WeeklyHours
from volunteers.selectors import coming_exceptions, own_lessons
from volunteers.states import LANGUAGES
from volunteers.web.edits import AddAbsence, AddHours, AddOtherHours, Edit, SetLimits


@dataclass(frozen=True)
class DayOfWeek:
    label: str
    hours: list[WeeklyHours]


@dataclass
class Different:
    """Days in a row that differ in the same way; `keys` are the rows behind them, separated by spaces."""

    first: date
    last: date
    hours: HoursException | None
    keys: str

    @property
    def one_day(self) -> bool:
        return self.first == self.last


def week_of(volunteer: Volunteer) -> list[DayOfWeek]:
    rows = list(volunteer.weekly_hours.all())
    return [DayOfWeek(str(day.label), [row for row in rows if row.weekday == day.value]) for day in Weekday]


def differences(exceptions: list[HoursException]) -> list[Different]:
    """Absences of neighbouring days as one line; other hours a line each."""
    lines: list[Different] = []
    for row in exceptions:
        previous = lines[-1] if lines else None
        if row.start is not None:
            lines.append(Different(row.day, row.day, row, str(row.pk)))
        elif previous and previous.hours is None and row.day - previous.last == timedelta(days=1):
            previous.last, previous.keys = row.day, f"{previous.keys} {row.pk}"
        else:
            lines.append(Different(row.day, row.day, None, str(row.pk)))
    return lines


def language_names(volunteer: Volunteer) -> list[tuple[str, str]]:
    """Code and own name of each language spoken."""
    return [(code, LANGUAGES[code]) for code in volunteer.languages if code in LANGUAGES]


def asked_a_day(volunteer: Volunteer) -> int:
    """Invitations a day at most: their own number, else the municipality's."""
    own = volunteer.daily_offers
    return rules_of(volunteer.municipality_id).offers_a_day if own is None else own


def facts(volunteer: Volunteer, today: date) -> dict[str, Any]:
    """What both the own page and the coordinator's show."""
    return {
        "volunteer": volunteer,
        "week": week_of(volunteer),
        "differences": differences(coming_exceptions(volunteer, today)),
        "languages": language_names(volunteer),
        "lessons": [(lesson, sentence(lesson)) for lesson in own_lessons(volunteer, today)],
        "daily_offers": asked_a_day(volunteer),
    }


def forms(volunteer: Volunteer, actor: User, sent: Edit | None) -> dict[str, Edit]:
    """The open forms by what they do; the one that was sent with its errors."""
    kinds: tuple[type[Edit], ...] = (AddHours, AddAbsence, AddOtherHours, SetLimits)
    made = {kind.do: kind(volunteer, actor) for kind in kinds}
    return made if sent is None else {**made, sent.do: sent}
