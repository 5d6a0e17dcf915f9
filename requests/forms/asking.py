"""What the public questions know of the place and of the answers given before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue import selectors as catalogue
from catalogue.models import Service
from core.forms import Hinted
from places.models import HelpPoint, Municipality, MunicipalityRules, Settlement
from places.selectors import help_points_of, rules_of, settlements_of
from places.states import Weekday

# Answers as the session keeps them: field → text, list of texts or tick, by step.
Stored = dict[str, dict[str, Any]]
Choice = tuple[str, Any]
NOON = time(12, 0)
MOST_SERVICES = 7
# A deadline further away than this helps nobody choose.
NAME_DEADLINE_DAYS = 60


@dataclass(frozen=True)
class Asking:
    """One conversation: where, on which local day, and what was answered so far."""

    municipality: Municipality
    today: date
    answers: Stored

    def answer(self, step: str, name: str) -> Any:
        return self.answers.get(step, {}).get(name, "")

    @cached_property
    def rules(self) -> MunicipalityRules:
        return rules_of(self.municipality)

    @cached_property
    def settlements(self) -> list[Settlement]:
        return list(settlements_of(self.municipality))

    @cached_property
    def help_points(self) -> list[HelpPoint]:
        return list(help_points_of(self.municipality))

    @cached_property
    def services(self) -> list[Service]:
        """Frequent ones one can apply for today, the nearest deadline first."""
        frequent = catalogue.frequent_services(municipality=self.municipality.pk)
        ordered = catalogue.in_season_first(frequent, self.today)
        return [service for service in ordered if catalogue.in_season(service, self.today)][:MOST_SERVICES]

    def service_choices(self) -> list[Choice]:
        return [(service.pk, self._with_deadline(service)) for service in self.services]

    def _with_deadline(self, service: Service) -> Any:
        last = catalogue.next_deadline(service, self.today)
        if last is None or (last - self.today).days > NAME_DEADLINE_DAYS:
            return service.short
        day = date_format(last, "j F").replace(" ", "\u00a0")
        day = day.lower() if get_language() == "bg" else day
        return Hinted(service.short, _("До %(day)s.") % {"day": day})

    def day_choices(self) -> list[Choice]:
        """Weekdays on which people are visited here, as „понеделник“."""
        last = Weekday.SUNDAY if self.rules.visits_on_sunday else Weekday.SATURDAY
        return [(str(day.value), str(day.label).capitalize()) for day in Weekday if day <= last]

    def parts(self) -> dict[str, tuple[time, time]]:
        """Parts of the day within the visiting hours; none where the hours lie on one side of noon."""
        begins, ends = self.rules.visiting_from, self.rules.visiting_to
        if not begins < NOON < ends:
            return {}
        return {"morning": (begins, NOON), "afternoon": (NOON, ends)}
