"""How much, how far, in which languages, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from places.models import Settlement
from volunteers.models import Volunteer
from volunteers.services.rows import locked, save, touch
from volunteers.states import LANGUAGES, Transport

MOST_A_WEEK = 20
MOST_A_DAY = 20
SHORTEST_LEG, LONGEST_LEG = 5, 240


@transaction.atomic
def set_limits(
    *,
    volunteer: Volunteer,
    weekly_limit: int,
    weekly_wish: int | None,
    longest_leg: int,
    transport: str,
    languages: Sequence[str],
    home: Settlement,
    now: datetime,
    daily_offers: int | None = None,
) -> Volunteer:
    """Visits a week (never more than the limit, rather the wish), minutes one way, and what one can.

    `daily_offers`: invitations a day at most; None for the municipality's usual number. Raises Invalid.
    """
    if daily_offers is not None and not 1 <= daily_offers <= MOST_A_DAY:
        raise Invalid(_("Изберете от 1 до 20 покани на ден."), code="daily_offers", field="daily_offers")
    if not 1 <= weekly_limit <= MOST_A_WEEK:
        raise Invalid(_("Изберете от 1 до 20 посещения."), code="weekly_limit", field="weekly_limit")
    if weekly_wish is not None and not 0 < weekly_wish <= weekly_limit:
        raise Invalid(_("Желаното е до най-многото. Намалете го."), code="weekly_wish", field="weekly_wish")
    if not SHORTEST_LEG <= longest_leg <= LONGEST_LEG:
        raise Invalid(_("Изберете от 5 до 240 минути път."), code="longest_leg", field="longest_leg")
    if transport not in Transport.values:
        raise Invalid(code="transport", field="transport")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise Invalid(_("Изберете поне един език."), code="languages", field="languages")
    if home.municipality_id != volunteer.municipality_id:
        raise Invalid(_("Изберете място от общината."), code="home", field="home")
    values = {
        "weekly_limit": weekly_limit,
        "weekly_wish": weekly_wish,
        "longest_leg": longest_leg,
        "daily_offers": daily_offers,
        "transport": transport,
        "languages": [code for code in LANGUAGES if code in languages],
        "home": home,
    }
    locked(volunteer.pk)
    for name, value in values.items():
        setattr(volunteer, name, value)
    save(volunteer, now, values)
    return volunteer


@transaction.atomic
def prefer_partner(*, volunteer: Volunteer, partner: Volunteer, now: datetime) -> None:
    """They work well together: planning pairs them when it can. Raises Invalid."""
    if partner.pk == volunteer.pk or partner.municipality_id != volunteer.municipality_id:
        raise Invalid(_("Изберете друг човек от общината."), code="partner", field="partner")
    volunteer.preferred_partners.add(partner)
    touch(volunteer, now)


@transaction.atomic
def forget_partner(*, volunteer: Volunteer, partner: Volunteer, now: datetime) -> None:
    """No preference any more; said twice, the second changes nothing that matters."""
    volunteer.preferred_partners.remove(partner)
    touch(volunteer, now)
