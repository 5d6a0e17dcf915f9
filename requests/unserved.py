"""Why a request is still open, in one or two sentences for the desk: the planner's word, or why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core.templatetags.dv import day_clock, long_date
from places.models import Settlement
from requests.models import HelpRequest
from requests.states import ENDED, Mode, NextStep, RequestState


def why(help_request: HelpRequest) -> str:
    """What keeps it from a visit and what helps; "" where somebody is being asked or all is arranged.

    Reads the settlement, the help point, `escort_to` and `follows`: select them with the row.
    """
    if help_request.state not in (RequestState.OPEN, RequestState.PARTLY_STAFFED):
        return sentence(help_request.unserved_reason, help_request.unserved_with)
    if (place := unknown_place(help_request)) is not None:
        where = {"where": place.prefixed_name}
        return _("Не знаем къде точно е %(where)s. Планът я прескача, изберете човек сами.") % where
    if help_request.state == RequestState.OPEN and help_request.next_step == NextStep.WAIT:
        return _waits(help_request)
    said = sentence(help_request.unserved_reason, help_request.unserved_with)
    if said or help_request.state != RequestState.OPEN:
        return said
    if help_request.next_step == NextStep.DESK:
        return _("Планът вече не търси. Изберете човек или уговорете друго време.")
    return _("Влиза в следващия план. До няколко минути ще се види.")


def _waits(help_request: HelpRequest) -> str:
    follows = help_request.follows
    if follows is not None and follows.state not in ENDED:
        return _("Първо чакаме заявка %(number)s да приключи.") % {"number": follows.number}
    if help_request.not_before is not None:
        return _("Търсим човек от %(day)s нататък.") % {"day": long_date(help_request.not_before)}
    return _("Влиза в следващия план. До няколко минути ще се види.")


def unknown_place(help_request: HelpRequest) -> Settlement | None:
    """The first place of the visit without coordinates: the plan cannot count the way there."""
    if help_request.mode == Mode.PHONE_HELP:
        return None
    if help_request.mode == Mode.HELP_POINT and help_request.help_point is not None:
        places = [help_request.help_point.settlement]
    else:
        places = [help_request.resident.settlement]
    if help_request.mode == Mode.ESCORT and help_request.escort_to is not None:
        places.append(help_request.escort_to)
    return next((place for place in places if place.point is None), None)


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
