"""Why a request is still open: the planner's codes put into one sentence for the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core.templatetags.dv import day_clock


def sentence(code: str, people: Sequence[str] = ()) -> str:
    """A sentence for the code; `people` are ids, or for `planned_later` one moment. "" for no code."""
    said = {
        "nobody_certified": _("Никой няма удостоверение за тази услуга."),
        "nobody_speaks": _("Никой удостоверен не говори този език."),
        "all_blocked": _("Поканените отказаха или не бива да ходят там."),
        "too_far": _("За всички удостоверени е твърде далече."),
        "no_common_hours": _("Никой не е свободен, когато човекът може."),
        "limits_reached": _("Който може, вече има достатъчно посещения."),
        "no_pair": _("Има един, но няма с кого да отиде."),
        "not_worth": _("Пътят е дълъг за този ден."),
        "taken_by_others": _("Свободните часове са за по-спешни заявки."),
    }
    if code == "planned_later" and people:
        when = day_clock(datetime.fromisoformat(people[0]))
        return _("По-късно ще поканим доброволец за %(when)s") % {"when": when}
    return said.get(code, "")
