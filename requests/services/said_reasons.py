"""Why somebody does not go, from the few words of an SMS after „НЕ 4821“."""

from __future__ import annotations

import re

from requests.states import DeclineReason

# As they are written on a button phone, in either script. What is not here is a person's to read.
_SAID: dict[DeclineReason, frozenset[str]] = {
    DeclineReason.TOO_FAR: frozenset({"далеч", "далече", "dalech", "daleche", "dale4e", "dale4", "far"}),
    DeclineReason.BUSY: frozenset({
        "зает", "заета", "работа", "друго", "ангажимент", "болен", "болна", "пътувам",
        "zaet", "zaeta", "rabota", "drugo", "angajiment", "angazhiment", "bolen", "bolna", "patuvam", "busy",
    }),
    DeclineReason.NOT_THESE_HOURS: frozenset({"рано", "късно", "rano", "kasno", "kusno", "early", "late"}),
    DeclineReason.UNSURE: frozenset({"несигурен", "несигурна", "nesiguren", "nesigurna", "unsure"}),
}  # fmt: skip
# Words that change nothing between them.
_AROUND = frozenset({
    "е", "съм", "на", "имам", "ми", "за", "мен", "много", "твърде", "тогава",
    "e", "sum", "sam", "na", "imam", "mi", "za", "men", "mnogo", "tvarde", "togava", "is", "too", "i", "am",
})  # fmt: skip


def reason_in(words: str) -> DeclineReason | None:
    """The reason that all the words tell, None where they tell none, another thing as well, or two."""
    said = set(re.findall(r"\w+", words.lower())) - _AROUND
    return next((reason for reason, known in _SAID.items() if said and said <= known), None)
