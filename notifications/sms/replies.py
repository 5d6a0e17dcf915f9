"""Reading an answer: yes or no and a code, in Cyrillic, in Latin letters, as people write it on a button phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    STOP = "stop"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a text says; `code`: the digits after a yes or a no, or empty; `more`: the words after a no and its code."""

    answer: Answer
    code: str = ""
    more: str = ""


WORDS = {
    **dict.fromkeys(("да", "da", "yes", "y", "д"), Answer.YES),
    **dict.fromkeys(("не", "ne", "no", "n", "н"), Answer.NO),
    **dict.fromkeys(("стоп", "stop"), Answer.STOP),
}
# The word, a code of four to six digits or none, and nothing else but signs. „Да, но в петък“ is no yes.
_FORM = re.compile(r"^\W*([^\W\d_]+)\W*(\d{4,6})?\W*$")
_CODE_FIRST = re.compile(r"^\W*(\d{4,6})\W*([^\W\d_]+)\W*$")
# „Не 4821 далече е“: whether the words say why, only who asked can tell.
_NO_AND_MORE = re.compile(r"^\W*([^\W\d_]+)\W*(\d{4,6})\W+([^\W\d_][\D]{0,80})$")


def read(text: str) -> Reply:
    """What was meant; OTHER for anything that is not plainly one of the three."""
    line = " ".join(text.split()).lower()
    if match := _FORM.match(line):
        word, code = match.group(1), match.group(2) or ""
    elif match := _CODE_FIRST.match(line):
        code, word = match.groups()
    elif (match := _NO_AND_MORE.match(line)) and WORDS.get(match.group(1)) == Answer.NO:
        return Reply(Answer.NO, match.group(2), match.group(3))
    else:
        return Reply(Answer.OTHER)
    answer = WORDS.get(word, Answer.OTHER)
    return Reply(answer, code if answer in (Answer.YES, Answer.NO) else "")
