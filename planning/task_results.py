"""How a desk task can end, in words, and what its page can do itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from notifications.states import TaskKind

K = TaskKind
RESULTS = {
    "arranged": gettext_lazy("Уредено е"),
    "stands": gettext_lazy("Остава, както е уговорено"),
    "no_answer": gettext_lazy("Никой не вдига, ще опитаме пак"),
    "not_needed": gettext_lazy("Вече не е нужно"),
}

# How telling somebody can end; all others as RESULTS.
TOLD = {
    "told": gettext_lazy("Казах му"),
    "not_reached": gettext_lazy("Не го намерих"),
    "not_needed": gettext_lazy("Вече не е нужно"),
}

HANDED = {
    "told": gettext_lazy("Предадох го или го пуснах по пощата"),
    "not_reached": gettext_lazy("Не го намерих"),
    "not_needed": gettext_lazy("Вече не е нужно"),
}

# What the task page can do itself, besides closing the task: a button's value and words.
SOLUTIONS = {
    K.VERIFY_WEB: ("verify", gettext_lazy("Говорихме, заявката е вярна")),
    K.NO_SHOW: ("missed", gettext_lazy("Посещението не се състоя")),
    K.LADDER_ENDED: ("search_again", gettext_lazy("Търсим отначало")),
    K.NO_VOLUNTEER: ("search_again", gettext_lazy("Търсим отначало")),
}


def results_of(kind: str) -> dict[str, Any]:
    """How a task of this kind can end: code and words."""
    return {K.CALL_PERSON: TOLD, K.HAND_OVER: HANDED}.get(K(kind), RESULTS)
