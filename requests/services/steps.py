"""What comes next for a request that stands open, and when somebody must look at it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from core.clock import at
from places.models import MunicipalityRules
from requests.models import HelpRequest
from requests.states import ENDED, NextStep, Urgency

# How long the next planning rounds may try before the coordinator is shown the request.
PLAN_PATIENCE = timedelta(hours=24)
PLAN_PATIENCE_URGENT = timedelta(minutes=30)
# A web request is phoned within this time.
PHONE_WITHIN = timedelta(hours=4)
# When the coordinator has it, it is looked at again after this time.
DESK_AGAIN = timedelta(hours=24)
# A visit that nobody checked in to is looked at so long after its start.
CHECK_IN_GRACE = timedelta(minutes=30)
# The second person must be found at least so long before the visit.
SECOND_BEFORE_VISIT = timedelta(hours=3)
# From so long before the end of the deadline's day time runs short, and a coordinator is asked.
SHORT_BEFORE_DEADLINE = timedelta(hours=48)


def is_urgent(help_request: HelpRequest) -> bool:
    return help_request.urgency == Urgency.TODAY


def when_open(help_request: HelpRequest, now: datetime) -> tuple[NextStep, datetime]:
    """The next step of an OPEN request: wait for its day or its predecessor, or be planned."""
    follows = help_request.follows
    if follows is not None and follows.state not in ENDED:
        return NextStep.WAIT, now + timedelta(days=1)
    if help_request.not_before is not None:
        begins = at(help_request.not_before, time())
        if begins > now:
            return NextStep.WAIT, begins
    full = now + (PLAN_PATIENCE_URGENT if is_urgent(help_request) else PLAN_PATIENCE)
    short = runs_short_at(help_request)
    return NextStep.PLAN, full if short is None else min(full, max(short, now + PLAN_PATIENCE_URGENT))


def runs_short_at(help_request: HelpRequest) -> datetime | None:
    """From when a request's time is short; None without a deadline."""
    if help_request.deadline is None:
        return None
    return at(help_request.deadline + timedelta(days=1), time()) - SHORT_BEFORE_DEADLINE


def answer_at(help_request: HelpRequest, *, half_at: datetime, until: datetime, now: datetime) -> datetime:
    """When somebody looks at a request that waits for an answer: at its end, sooner where time is or runs short."""
    if is_urgent(help_request) or time_is_short(help_request, now):
        return half_at
    short = runs_short_at(help_request)
    return until if short is None else min(until, max(short, now))


def time_is_short(help_request: HelpRequest, now: datetime) -> bool:
    """Whether a coordinator is told although somebody is still asked."""
    short = runs_short_at(help_request)
    return is_urgent(help_request) or (short is not None and short <= now)


def second_until(start: datetime, rules: MunicipalityRules, now: datetime) -> datetime:
    """Until when the second person is looked for."""
    latest = start - SECOND_BEFORE_VISIT
    return min(now + timedelta(hours=rules.half_staffed_hours), max(latest, now + timedelta(minutes=15)))
