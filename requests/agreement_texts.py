"""The words people agree to, each in its version. A text that somebody agreed to never changes: it gets a next one.

Records name the version („remind-1“), so that it can be shown later what was said. `tests/requests/test_agreements.py`
holds a digest of every version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.language import in_language

OWN = "own"


@dataclass(frozen=True)
class Wording:
    """`{months}` in a text is what the municipality's terms said on the day it was agreed to."""

    kind: str
    number: int
    since: date
    bg: str
    en: str

    @property
    def version(self) -> str:
        return f"{self.kind}-{self.number}"

    def said(self, months: int | None = None) -> str:
        """In the reader's language."""
        return in_language(self.bg, self.en).format(months=months or "")


WORDINGS = (
    Wording(
        "remind", 1, date(2026, 11, 23),
        "Да Ви напомним ли догодина? Тогава пазим данните Ви {months} месеца след последната помощ. "
        "Отказвате се с едно обаждане.",
        "Shall we remind you next year? Then we keep your data for {months} months after the last help. "
        "One call takes it back.",
    ),
    Wording(
        "relative", 1, date(2026, 11, 23),
        "Да кажем ли на Ваш близък, че сме дошли и сме си тръгнали? Нищо друго не му казваме. "
        "Отказвате се с едно обаждане.",
        "Shall we tell somebody close to you that we came and left? We tell them nothing else. "
        "One call takes it back.",
    ),
    Wording(
        "mandate", 1, date(2026, 11, 23),
        "Може ли Ваш близък да говори с нас вместо Вас? С Вашия код и своя телефон той вижда докъде сме. "
        "Може да мести и да спира помощта. Отказвате се с едно обаждане.",
        "May somebody close to you speak with us for you? With your code and their own telephone they see how far "
        "we are. They can move and stop the help. One call takes it back.",
    ),
    Wording(
        "consent", 1, date(2026, 11, 23),
        "Пазим името, телефона и адреса Ви за тази помощ. Съгласни ли сте?",
        "We keep your name, telephone and address for this help. Do you agree?",
    ),
    # The two messages as they come; their own test keeps them the same as requests/messages.py.
    Wording(
        "consent_sms", 1, date(2026, 11, 23),
        "За нея пазим име, телефон и адрес. Следва въпрос. "
        "Съгласни ли сте да пазим тези данни и да Ви помогне доброволец?",
        "For it we keep your name, telephone and address. A question follows. "
        "Do you agree that we keep this and that a volunteer helps you?",
    ),
)  # fmt: skip
_BY_VERSION = {one.version: one for one in WORDINGS}


def current(kind: str) -> Wording:
    """The newest version. KeyError for a kind that has none."""
    found = [one for one in WORDINGS if one.kind == kind]
    if not found:
        raise KeyError(kind)
    return max(found, key=lambda one: one.number)


def of(version: str) -> Wording | None:
    """The text of a record; None for a municipality's own words, and for what was said before versions were kept."""
    return _BY_VERSION.get(version)
