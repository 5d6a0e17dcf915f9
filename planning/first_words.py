"""The first steps of a new municipality in words, each with the page where it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Step:
    what: str
    why: str
    act: str
    url: str


def steps(codes: Iterable[str]) -> list[Step]:
    """For codes of `selectors.first_steps.STEPS`, in their order. Raises KeyError for an unknown one."""
    said = {
        "desk": (_("Телефон на бюрото"), _("Стои на всяка страница за хората."), _("Записвам"), "accounts:desk"),
        "rules": (_("Правила"), _("Часове, срокове и кой ходи по двама."), _("Преглеждам"), "accounts:rules"),
        "help_points": (
            _("Пунктове за помощ"), _("Кметства, читалища, библиотеки."), _("Добавям"), "accounts:help-points",
        ),
        "holidays": (_("Свободни дни"), _("Празникът на общината и съборите."), _("Добавям"), "accounts:holidays"),
        "staff": (_("Колеги"), _("Кой вдига телефона и кой координира."), _("Каня"), "accounts:invite"),
        "volunteers": (
            _("Първи доброволци"), _("Дайте им тази страница, кандидатурите идват тук."), _("Отварям"),
            "volunteers:apply",
        ),
        "certifications": (
            _("Удостоверения"), _("Без тях планът не праща никого."), _("Към хората"), "volunteers:list",
        ),
    }  # fmt: skip
    return [Step(what, why, act, reverse(name)) for what, why, act, name in (said[code] for code in codes)]
