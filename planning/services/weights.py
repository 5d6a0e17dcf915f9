"""What the plan is worth: the weights of the problem, and a prize that rises with age and urgency.

A prize is always larger than anything one visit can cost, so no legal visit is unprofitable; it grows by
more than `day_waited` for each day of age, so of two otherwise equal requests the older is served; of two of
the same hour the one that stands first in the problem, which is the older one again.
"""

from __future__ import annotations

from datetime import date, timedelta

from places.models import MunicipalityRules
from requests.states import Urgency

WEIGHTS = {
    "travel": 1,
    "day_waited": 4,
    "continuity": 40,
    "preferred": 20,
    "kth_visit_in_week": 2,
    "over_wish": 10,
    "first_visit": 0,
}
AGE_STEP = timedelta(hours=2)
AGE_PER_STEP = 1
MOST_AGE = timedelta(days=90)
URGENT = {Urgency.IN_TIME: 0, Urgency.THREE_DAYS: 600, Urgency.TODAY: 2000}
DEADLINE_PER_DAY = 20
DEADLINE_DAYS = 14
SERVED = 300
# No volunteer's limit is above this (a database constraint), so the fairness terms stay below it.
MOST_VISITS_A_WEEK = 30


def most_cost(rules: MunicipalityRules, horizon_days: int) -> int:
    """Points one visit of two people can cost at the most."""
    travel = 2 * 2 * rules.max_travel_per_shift * WEIGHTS["travel"]
    waiting = WEIGHTS["day_waited"] * horizon_days
    fairness = 2 * MOST_VISITS_A_WEEK * (WEIGHTS["kth_visit_in_week"] + WEIGHTS["over_wish"])
    return travel + waiting + fairness


def prize(
    *,
    urgency: str,
    age: timedelta,
    deadline: date | None,
    today: date,
    rules: MunicipalityRules,
    horizon_days: int,
) -> int:
    """Points for serving a request: base, urgency, the nearness of its deadline, its age."""
    steps = min(max(age, timedelta()), MOST_AGE) // AGE_STEP
    points = most_cost(rules, horizon_days) + SERVED + URGENT[Urgency(urgency)] + AGE_PER_STEP * steps
    if deadline is not None:
        points += DEADLINE_PER_DAY * max(DEADLINE_DAYS - max((deadline - today).days, 0), 0)
    return points
