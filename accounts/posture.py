"""Whether the machine in front of a member of staff still gets mends, as far as its browser says.

Looked at in every request that does something dangerous (`accounts.policy`), not once at the sign-in. A browser says
of itself what it likes: this finds the computer nobody looks after, not somebody who lies. Sources: what the makers
say of the end of support (Windows 7 in January 2020, 8.1 in January 2023; Android 9 in 2022; iOS 15 in 2025) and of
their browsers' numbers.
"""

from __future__ import annotations

import re
from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

# The numbers below go up; a test is red half a year after somebody last looked.
LOOKED_ON = date(2026, 11, 23)
# A mark with a number → the least number. All that are built on Chromium (Edge, Opera, Samsung's) name its number too.
_LEAST = (
    (re.compile(r"Chrome/(\d+)"), 136), (re.compile(r"Firefox/(\d+)"), 140),
    (re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/"), 17),
)  # fmt: skip
# These names no number saves: their makers have stopped.
_ENDED = re.compile(r"MSIE |Trident/|Windows NT [456]\.|Android [1-9](?![\d])|(?:iPhone|CPU) OS (?:\d|1[0-5])_")


class NotMended(DomainError):
    code = "device_not_mended"
    status = 403
    message = _(
        "Този браузър или компютър вече не получава поправки за сигурността. Обновете го или направете това от друг."
    )


def is_mended(agent: str) -> bool:
    """False when a browser of this name (`User-Agent`) or its system is no longer mended; True where none is known."""
    agent = agent[:400]
    if _ENDED.search(agent):
        return False
    found = [(mark.search(agent), least) for mark, least in _LEAST]
    return all(int(number[1]) >= least for number, least in found if number)


def look(request: HttpRequest) -> None:
    """Raises NotMended before what is dangerous."""
    if not is_mended(request.headers.get("User-Agent", "")):
        raise NotMended


def warn(request: HttpRequest) -> None:
    """Said once, to staff who have just come in: the day's work goes on, a few things need another machine."""
    if not is_mended(request.headers.get("User-Agent", "")):
        messages.warning(request, NotMended.message)
