"""What it would take, in words for the coordinator: who, and then the steps."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.templatetags.dv import day_clock, long_date, minutes, nbsp, number
from planning.selectors.nearest import Near, Step
from volunteers.states import LANGUAGES


@dataclass(frozen=True)
class Said:
    """„Петър Илиев“ and „с 20 мин. по-дълъг път от дома.“"""

    who: str
    takes: str
    near: Near

    @property
    def line(self) -> str:
        return _("Най-лесно с %(who)s: %(takes)s") % {"who": self.who, "takes": self.takes}


def said(one: Near) -> Said:
    lone = len(one.people) == 1
    steps = [_step(step) if lone or step.who is None else f"{step.who.name} {_step(step)}" for step in one.steps]
    return Said(" + ".join(person.name for person in one.people), "; ".join(steps).rstrip(".") + ".", one)


def _step(step: Step) -> str:
    facts = {
        "minutes": minutes(step.minutes),
        "points": number(step.points),
        "number": nbsp(f"№ {step.number}") if step.number else "",
        "when": day_clock(step.start),
        "day": long_date(step.day),
        "language": LANGUAGES.get(step.language, step.language),
        "group": step.group.name if step.group else "",
    }
    free = _("с още %(minutes)s свободно време за %(day)s") if step.day else _("със свободни %(minutes)s в тези часове")
    return {
        "certificate": _("с удостоверение за %(group)s"),
        "language": _("ако говори езика: %(language)s"),
        "blocked": _("отказа или не бива да ходи там"),
        "longer_way": _("с %(minutes)s по-дълъг път от дома"),
        "more_travel": _("с %(minutes)s повече път за %(day)s"),
        "one_more_visit": _("с още едно посещение през седмицата"),
        "other_time": _("ако човекът може друг път: %(when)s"),
        "more_hours": free,
        "second_person": _("ако има с кого да отиде"),
        "displaces": _("вместо заявка %(number)s") if step.number else _("вместо друга заявка"),
        "promised": _("ако друг поеме заявка %(number)s") if step.number else _("ако друг поеме обещаното"),
        "costs": _("планът губи %(points)s точки"),
    }.get(step.code, "") % facts
