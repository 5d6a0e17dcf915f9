"""A Radomir that answers the public pages: at work, with its catalogue, two help points and a telephone."""

from __future__ import annotations

from datetime import time

from catalogue import facts as services
from places import facts as radomir
from places.models import HelpPoint, Municipality, OpeningHours
from tests import factories


def small() -> Municipality:
    """The six villages of the factories."""
    return _at_work(factories.municipality())


def real() -> Municipality:
    """All 32 settlements, as an installation has them."""
    radomir.load()
    return _at_work(Municipality.objects.get(pk="PER36"))


def _at_work(town: Municipality) -> Municipality:
    services.load()
    town.active, town.phone = True, "+35977712345"
    town.office_hours_bg, town.office_hours_en = "Всеки делник, 8:30–17:00 ч.", "Every weekday, 8:30–17:00"
    town.save()
    for name, kind, bulgarian, english in (
        ("Извор", "kmetstvo", "Кметството", "The village hall"),
        ("Радомир", "library", "Библиотеката", "The library"),
    ):
        place = town.settlements.get(name_bg=name)
        point = HelpPoint.objects.create(
            municipality=town, settlement=place, kind=kind, name_bg=bulgarian, name_en=english
        )
        OpeningHours.objects.create(help_point=point, weekday=1, opens=time(9), closes=time(16))
    return town
