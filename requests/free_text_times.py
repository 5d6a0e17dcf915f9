"""„вт, чт преди обед“: when somebody is free, as a clerk hears it, read into weekdays, dates and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.templatetags.dv import clock
from places.models import MunicipalityRules
from requests.services.intake import Free

NOON = time(12)
SUNDAY = 6
# Said one after another they narrow each other: „след 10 до 12“.
_OPEN_ENDED = ("morning", "afternoon", "after", "before")
_DAYS = (
    r"пн|пон|понеделник|mon|monday", r"вт|вто|вторник|tue|tuesday", r"ср|сря|сряда|wed|wednesday",
    r"чт|чет|четв|четвъртък|thu|thursday", r"пт|пет|петък|fri|friday", r"сб|съб|събота|sat|saturday",
    r"нд|нед|неделя|sun|sunday",
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names.split("|")}
_NAME = "(?:" + "|".join(sorted(_WEEKDAY, key=len, reverse=True)) + r")\.?"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?"
_HOUR = r"\s*(?:ч|часа|h|o'clock)?\.?"
_FROM = "(?:от|между|from|between)"
_TOKENS = [
    ("days", rf"(?P<first>{_NAME})\s*[-–]\s*(?P<last>{_NAME})(?!\w)"),
    ("day", rf"(?P<name>{_NAME})(?!\w)"),
    ("every", r"(?:всеки ден|every day|any day)(?!\w)"),
    ("weekdays", r"(?:всеки делник|делник|делници|weekdays?)(?!\w)"),
    ("near", r"(?P<near>днес|утре|вдругиден|today|tomorrow)(?!\w)"),
    ("date", r"(?P<dd>\d{1,2})\.(?P<mm>\d{1,2})(?:\.(?:\d{4}|\d{2})?)?(?:\s*г\.?)?(?![\d:])"),
    ("morning", r"(?:преди обед|преди обяд|сутрин|сутринта|before noon|mornings?)(?!\w)"),
    ("afternoon", r"(?:след обед|след обяд|следобед|afternoons?)(?!\w)"),
    ("all_day", r"(?:цял ден|по всяко време|all day|any time)(?!\w)"),
    ("between", rf"{_FROM}?\s*(?P<a>{_CLOCK}){_HOUR}\s*(?:-|–|до|и|to|and)\s*(?P<b>{_CLOCK}){_HOUR}(?!\w)"),
    ("after", rf"(?:след|от|after|from)\s*(?P<after>{_CLOCK}){_HOUR}(?!\w)"),
    ("before", rf"(?:до|преди|before|until)\s*(?P<before>{_CLOCK}){_HOUR}(?!\w)"),
    ("joint", r"[\s,;]+|(?:и|and|или|or|в|във|на|всеки|всяка|всяко|on|in|the|every)(?!\w)"),
]
_SCAN = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TOKENS]


@dataclass
class _Group:
    """Days said together, and the hours that belong to all of them."""

    weekdays: list[int] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    spans: list[tuple[time, time]] = field(default_factory=list)


def parse(text: str, *, today: date, rules: MunicipalityRules) -> list[Free]:
    """Free times in the order said; empty text means any hour. Raises Invalid (`free_times`) naming what is unclear."""
    found: list[Free] = []
    for group in _groups(text.strip().casefold(), today, rules):
        spans = group.spans or [(rules.visiting_from, rules.visiting_to)]
        days = group.weekdays or ([] if group.dates else list(range(7 if rules.visits_on_sunday else 6)))
        for start, end in spans:
            if end <= start:
                raise Invalid(_("Часът „до“ трябва да е след часа „от“."), code="free_times", field="free_times")
            found += [Free(start=start, end=end, weekday=day) for day in days]
            found += [Free(start=start, end=end, day=day) for day in group.dates]
    found = list(dict.fromkeys(found))
    if found:
        _check_reachable(found, rules)
    return found


def _check_reachable(found: list[Free], rules: MunicipalityRules) -> None:
    """At hours when nobody visits a request would wait for ever, and nobody would know why."""
    during = [free for free in found if free.start < rules.visiting_to and free.end > rules.visiting_from]
    if not during:
        hours = {"opens": clock(rules.visiting_from), "closes": clock(rules.visiting_to)}
        said = _t("Тогава не ходим. Изберете час между %(opens)s и %(closes)s") % hours
        raise Invalid(said, code="free_times", field="free_times")
    if not rules.visits_on_sunday and all(_weekday_of(free) == SUNDAY for free in during):
        raise Invalid(_("В неделя не ходим. Изберете и друг ден."), code="free_times", field="free_times")


def _weekday_of(free: Free) -> int | None:
    return free.day.weekday() if free.day else free.weekday


def _groups(text: str, today: date, rules: MunicipalityRules) -> Iterator[_Group]:
    group, before = _Group(), ""
    for kind, match in _scan(text):
        if kind == "joint":
            # „сутрин до 11“ is one time, „сутрин, след 16“ are two
            before = before if match.group().isspace() else ""
            continue
        says_day = kind in ("days", "day", "every", "weekdays", "near", "date")
        if says_day and group.spans:
            yield group
            group = _Group()
        if says_day:
            _add_days(group, kind, match, today, rules)
        else:
            span = _span(kind, match, rules)
            if before in _OPEN_ENDED and kind in _OPEN_ENDED:
                earlier = group.spans.pop()
                span = max(earlier[0], span[0]), min(earlier[1], span[1])
            group.spans.append(span)
        before = kind
    if group.weekdays or group.dates or group.spans:
        yield group


def _scan(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    at = 0
    while at < len(text):
        for kind, pattern in _SCAN:
            match = pattern.match(text, at)
            if match and match.end() > at:
                yield kind, match
                at = match.end()
                break
        else:
            word = re.split(r"[\s,;]", text[at:])[0]
            said = _t("Не разбираме „%(word)s“. Напишете например: вт, чт преди обед.") % {"word": word[:30]}
            raise Invalid(said, code="free_times", field="free_times")


def _add_days(group: _Group, kind: str, match: re.Match[str], today: date, rules: MunicipalityRules) -> None:
    if kind == "day":
        group.weekdays.append(_weekday(match["name"]))
    elif kind == "days":
        first, last = _weekday(match["first"]), _weekday(match["last"])
        group.weekdays += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    elif kind in ("every", "weekdays"):
        group.weekdays += range(5 if kind == "weekdays" else 7 if rules.visits_on_sunday else 6)
    elif kind == "near":
        away = {"днес": 0, "today": 0, "утре": 1, "tomorrow": 1, "вдругиден": 2}[match["near"]]
        group.dates.append(today + timedelta(days=away))
    else:
        group.dates.append(_date(int(match["dd"]), int(match["mm"]), today))


def _weekday(name: str) -> int:
    return _WEEKDAY[name.rstrip(".")]


def _date(day: int, month: int, today: date) -> date:
    """The next such day: this year's, or next year's where it has passed."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise Invalid(_("Няма такава дата. Напишете деня и месеца, например 25.11."), code="free_times", field="free_times")


def _span(kind: str, match: re.Match[str], rules: MunicipalityRules) -> tuple[time, time]:
    opens, closes = rules.visiting_from, rules.visiting_to
    if kind == "morning":
        return opens, NOON
    if kind == "afternoon":
        return NOON, closes
    if kind == "between":
        return _clock(match["a"], rules), _clock(match["b"], rules)
    if kind == "after":
        return _clock(match["after"], rules), closes
    if kind == "before":
        return opens, _clock(match["before"], rules)
    return opens, closes


def _clock(text: str, rules: MunicipalityRules) -> time:
    """„след 2“ is two in the afternoon: nobody is visited at night, and people leave the rest unsaid."""
    hour, _colon, minute = text.replace(".", ":").partition(":")
    try:
        said = time(int(hour), int(minute or 0))
        later = time(said.hour + 12, said.minute) if said.hour < NOON.hour else said
        return later if said < rules.visiting_from and later <= rules.visiting_to else said
    except ValueError as error:
        raise Invalid(_("Няма такъв час. Напишете час от 0 до 23."), code="free_times", field="free_times") from error
