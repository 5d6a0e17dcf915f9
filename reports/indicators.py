"""What each figure of the reports means: the one place where it is defined, for people and for the database.

Periods are whole local days (Europe/Sofia), both ends included. Every figure goes by its own moment: a request
by its opening, an offer by the sending, a visit by its beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests.states import OfferState, Outcome, VisitState

# A visit that took place: somebody checked out, whatever came of it.
DONE = Q(state=VisitState.DONE)
# A visit that answers a request: the person was there.
ANSWERING = DONE & ~Q(outcome=Outcome.NOBODY_HOME)
# An offer that came to an answer. One taken back by us, or still waiting, says nothing about willingness.
SAID_YES = Q(state__in=[OfferState.ACCEPTED, OfferState.RELEASED])
SAID_NO = Q(state__in=[OfferState.DECLINED, OfferState.EXPIRED])
SETTLED = (Outcome.SUBMITTED, Outcome.SELF_DONE)
STOPPED = (Outcome.BLOCKED_EID, Outcome.BLOCKED_DOCUMENT, Outcome.BLOCKED_PORTAL)

# The same in words, for the page.
DEFINITIONS: list[tuple[str | Promise, str | Promise]] = [
    (_("Заявки"), _("Потвърдени заявки, отворени в тези дни. Подновена заявка се брои веднъж, когато е подновена.")),
    (_("Отговорени"), _("От тези заявки – с посещение, на което човекът беше там.")),
    (_("Покани"), _("Покани към доброволци, изпратени в тези дни.")),
    (_("Приети"), _("Дял на приетите от поканите с отговор. Мълчанието е отказ. Чакащите и оттеглените не влизат.")),
    (_("Чакане, дни"), _("От отварянето на заявката до посещението. Половината хора чакат най-много толкова.")),
    (_("9\u00a0от\u00a010, дни"), _("Девет от десет чакат най-много толкова. Когато нямаше никого, не се брои.")),
    (_("Посещения"), _("Приключени посещения, започнали в тези дни. Броят се и тези, на които нямаше никого.")),
    (_("Свършени"), _("Посещения, след които заявлението е подадено. Брои се и ако човекът се справи сам.")),
    (_("Спрени"), _("Посещения, спрени от портала, от документ или от електронната идентичност.")),
    (_("Минути"), _("Минути на място, веднъж за посещение.")),
    (_("По доброволци"), _("Посещение на двама се брои при всеки. В общия ред е веднъж.")),
]  # fmt: skip


def waited(opened_at: datetime, start: datetime) -> float:
    """Days (of 24 hours, with fractions) from the opening of a request to the beginning of its visit; never under 0."""
    return max(0.0, (start - opened_at).total_seconds() / 86_400)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` (0–1) of them do not exceed, between neighbours in proportion, as `percentile_cont`.

    In the unit of the values; None where there are none.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass
class Figures:
    """The figures of one row: counts, minutes on the spot, and the waits in days."""

    requests: int = 0
    answered: int = 0
    offers: int = 0
    said_yes: int = 0
    said_no: int = 0
    minutes: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def visits(self) -> int:
        """Visits that took place, whatever came of them."""
        return self.outcomes.total()

    @property
    def acceptance(self) -> float | None:
        """Accepted among the answered offers, 0–1; None where nobody has answered."""
        answers = self.said_yes + self.said_no
        return self.said_yes / answers if answers else None

    @property
    def settled(self) -> int:
        return sum(self.outcomes[outcome] for outcome in SETTLED)

    @property
    def stopped(self) -> int:
        return sum(self.outcomes[outcome] for outcome in STOPPED)

    @property
    def wait_median(self) -> float | None:
        """Days; None without a visit."""
        return quantile(self.waits, 0.5)

    @property
    def wait_nine_of_ten(self) -> float | None:
        """Days; None without a visit."""
        return quantile(self.waits, 0.9)

    @property
    def nothing(self) -> bool:
        return not (self.requests or self.offers or self.visits)
