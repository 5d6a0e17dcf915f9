"""Facts as they may stand in a message, for its preview and its size: a long village, a long service, a long name."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from core.phones import display
from requests.notices.telling import short_when, when

START = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)
UNTIL = datetime(2026, 10, 13, 15, 0, tzinfo=UTC)


def examples() -> dict[str, str]:
    """One of every fact, in the language that is active."""
    return {
        "where": _("с. Долни Раковец"),
        "when": when(START),
        "short_when": short_when(START),
        "service": _("Помощ за отопление"),
        "until": when(UNTIL),
        "short_until": short_when(UNTIL),
        "who": _("Иванка Делева (№ 17), Петър Колев (№ 23)"),
        "number": "1284",
        "code": "4821 7730",
        "reply": _("Отговорете ДА 4821 или НЕ 4821."),
        "phone": _("Въпрос? Звъннете: %(phone)s.") % {"phone": display("+35977712345")},
        "badge": "17",
        "name": _("Мария Петрова"),
        "device": "Samsung Internet, Android",
        "minutes": _("Път: около %(minutes)s минути.") % {"minutes": 25},
        "documents": _("Пригответе: %(documents)s.") % {"documents": _("лична карта, решение за пенсия")},
    }
