"""A candidate in words for the coordinator: why, how good, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.dv import minutes
from planning.services.ways import TightWay
from volunteers.lesson_words import sentence
from volunteers.models import Lesson
from volunteers.states import LessonKind

# So many points are a detour of some minutes, or one visit more that week.
NEARLY = 20
OF_ONE = ("near", "few_visits", "on_the_way")


def reasons(codes: Iterable[Mapping[str, Any]], *, people: int = 1) -> list[str]:
    """Short sentences, each once; of a pair only what is true of it as a whole."""
    told = [code for code in codes if people == 1 or code.get("code") not in OF_ONE]
    said = [_reason(code) for code in told]
    return list(dict.fromkeys(text for text in said if text))


def _reason(why: Mapping[str, Any]) -> str:
    code = why.get("code")
    if code == "knows_person":
        return _("Вече се познават.")
    if code == "preferred":
        return _("Човекът предпочита този доброволец.")
    if code == "skilled":
        count = int(why.get("count", 0))
        return ngettext("Друг удостоверен няма.", "Удостоверени за услугата са %(n)s.", count) % {"n": count}
    if code == "near":
        return _("Близо е: %(minutes)s от дома.") % {"minutes": minutes(why.get("minutes", 0))}
    if code == "on_the_way":
        return _("Тогава и без това минава наблизо.")
    if code == "few_visits":
        done = int(why.get("done", 0))
        said = ngettext("Има %(n)s друго посещение тази седмица.", "Има %(n)s други посещения тази седмица.", done)
        return said % {"n": done} if done else _("Няма други посещения тази седмица.")
    return ""


def how_good(gain: int, best: int) -> str:
    """The candidate beside the best one; the difference is in the plan's points, one for a minute of way."""
    if gain >= best:
        return _("Най-добре за целия план")
    if best - gain <= NEARLY:
        return _("Почти толкова добре")
    return _("По-малко добре: път, чакане или натовареност")


def tight_way(told: TightWay) -> str:
    """Why the road does not fit, with both figures."""
    facts = {
        "who": told.person.name,
        "where": told.place.prefixed_name,
        "way": minutes(told.minutes),
        "have": minutes(told.have),
    }
    return {
        "from": _("%(who)s: пътят от %(where)s е %(way)s, а има %(have)s."),
        "to": _("%(who)s: пътят до посещението в %(where)s е %(way)s, а има %(have)s."),
        "long": _("%(who)s: пътят от %(where)s е %(way)s, най-дългият по избор е %(have)s."),
    }[told.code] % facts


def taught(code: str, lessons: Iterable[Lesson], group: str | None) -> str:
    """Why not, and which of their own noes says so: the coordinator may ask them all the same."""
    kind = {"too_far": LessonKind.TOO_FAR, "no_common_hours": LessonKind.NOT_THESE_HOURS}.get(code)
    said = [one for one in lessons if one.kind == kind or (group is not None and one.service_group_id == group)]
    return " ".join([why_not(code), *map(sentence, said)])


def why_not(code: str) -> str:
    return {
        "nobody_certified": _("Няма удостоверение за услугата."),
        "nobody_speaks": _("Не говори езика на човека."),
        "all_blocked": _("Отказа, или двамата не бива да се срещат."),
        "too_far": _("По-далече е от най-дългия път, който избра."),
        "no_common_hours": _("Няма общи часове с човека."),
        "limits_reached": _("Вече има достатъчно посещения."),
        "no_pair": _("Няма с кого да отиде."),
        "taken_by_others": _("Часовете са заети с други посещения."),
    }.get(code, _("Сега не може."))
