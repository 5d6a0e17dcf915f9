"""„Защо вие“: the plan's codes and numbers put into words for the volunteer and the coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def sentences(codes: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for every code that is known; what only the planner understands is left out."""
    found = [_sentence(code) for code in codes]
    return [text for text in found if text]


def _sentence(why: Mapping[str, Any]) -> str:
    code = why.get("code")
    if code == "knows_person":
        return _("Вече се познавате.")
    if code == "preferred":
        return _("Човекът ви предпочита.")
    if code == "skilled":
        return _skilled(int(why.get("count", 0)))
    if code == "near":
        return _("На %(minutes)s\u00a0мин. път сте.") % {"minutes": why.get("minutes", 0)}
    if code == "on_the_way":
        return _("На път ви е.")
    if code == "few_visits":
        return _few(int(why.get("done", 0)))
    if code == "goes_with":
        return _("Първо посещение е, затова сте двама.")
    return ""


def _skilled(count: int) -> str:
    if count <= 1:
        return _("Само вие можете да помогнете с тази услуга.")
    return _("Удостоверени сте за тази услуга, вие и още %(others)s.") % {"others": count - 1}


def _few(done: int) -> str:
    if done == 0:
        return _("Тази седмица още не сте ходили.")
    return ngettext(
        "Тази седмица сте ходили само %(done)s път.", "Тази седмица сте ходили само %(done)s пъти.", done
    ) % {"done": done}
