"""From the answers of the public questions to what the services take."""

from __future__ import annotations

from django.utils.translation import get_language

from places.geo import air_km
from places.models import HelpPoint, Settlement
from requests.forms.ask import NEAREST, UNKNOWN
from requests.forms.asking import Asking
from requests.forms.when import free_of
from requests.services.intake import Wanted
from requests.services.residents import Person
from requests.states import Mode

# Read by the desk when it phones.
PLACE_UNKNOWN = "Къде да помогнем: човекът не знае."
WORD_UNKNOWN = "Тайна дума: изберете я заедно по телефона."


def person_of(asking: Asking) -> Person:
    phone = asking.answer("koy", "phone") or asking.answer("koy", "asker_phone")
    return Person(
        first_name=asking.answer("koy", "first_name"),
        middle_name=asking.answer("koy", "middle_name"),
        last_name=asking.answer("koy", "last_name"),
        settlement=settlement_of(asking),
        phone=phone,
        address_note=asking.answer("kade", "how_to_find"),
        language=_language(),
    )


def wanted_of(asking: Asking) -> Wanted:
    mode = asking.answer("kak", "mode")
    services = {service.pk: service for service in asking.services}
    hints = [PLACE_UNKNOWN] if mode == UNKNOWN else []
    hints += [WORD_UNKNOWN] if asking.answer("duma", "no_word") else []
    return Wanted(
        service=services.get(asking.answer("kakvo", "service")),
        mode=Mode.HOME_VISIT if mode == UNKNOWN else mode,
        help_point=point_of(asking) if mode == Mode.HELP_POINT else None,
        free=free_of(asking, asking.answer("koga", "days"), asking.answer("koga", "parts")),
        language=_language(),
        note="\n".join(part for part in (asking.answer("kakvo", "note"), *hints) if part),
        safe_word=asking.answer("duma", "safe_word"),
        asked_by=asking.answer("koy", "asked_by"),
        asker_name=asking.answer("koy", "asker_name"),
        asker_phone=asking.answer("koy", "asker_phone"),
    )


def settlement_of(asking: Asking) -> Settlement:
    code = asking.answer("kade", "settlement")
    return next(place for place in asking.settlements if place.pk == code)


def point_of(asking: Asking) -> HelpPoint:
    chosen = asking.answer("kade", "help_point")
    if chosen == NEAREST:
        return nearest(asking.help_points, settlement_of(asking))
    return next(point for point in asking.help_points if str(point.pk) == chosen)


def nearest(points: list[HelpPoint], home: Settlement) -> HelpPoint:
    """The one in the same village, else by air; a place without coordinates comes last."""

    def away(point: HelpPoint) -> tuple[bool, float]:
        there, here = point.settlement.point, home.point
        known = there is not None and here is not None
        return point.settlement_id != home.pk, air_km(here, there) if known else float("inf")  # type: ignore[arg-type]

    return min(points, key=away)


def _language() -> str:
    return (get_language() or "bg")[:2]
