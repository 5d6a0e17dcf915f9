"""Of two otherwise equal requests the older is served: no newcomer starves the one who waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.services import snapshot, solver
from requests.models import HelpRequest
from requests.services import visits
from requests.services.actors import BEAT
from tests import factories as make
from tests.sizes import size


@pytest.mark.django_db
def test_of_equals_the_oldest_is_served_first_day_after_day() -> None:
    """One volunteer with one place a day, and every day one more request like the others joins."""
    number = size(2, 8, "equal requests")
    ivanka = make.volunteer(home="Извор", hours=tuple((weekday, 9, 11) for weekday in range(6)), weekly_limit=30)
    where = ivanka.municipality
    now = make.NOW - timedelta(hours=3)
    waiting = [make.help_request(make.resident(), now=now - timedelta(days=age)) for age in range(number, 0, -1)]
    order, served = [row.pk for row in waiting], []
    for _day in range(number):
        # a newcomer, younger than all
        order.append(make.help_request(make.resident(), now=now).pk)
        taken = snapshot.take(where, now=now)
        # On a loaded machine the time may be over before the search has begun; age counts all the same.
        plan = solver.solve(taken.problem, seconds=0.3 if _day % 2 else 0.01, seed=7)
        today = [entry for entry in plan["visits"] if entry["start"] < 24 * 60]
        assert today, "nobody was served although somebody was free"
        for entry in sorted(today, key=lambda entry: entry["start"]):
            row = HelpRequest.objects.get(pk=entry["request"])
            start = taken.origin + timedelta(minutes=entry["start"])
            visit = make.visit(row, ivanka, now=now, start=start)
            visits.check_in(visit_id=visit.pk, actor=BEAT, now=start)
            visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=60, actor=BEAT, now=visit.end)
            served.append(row.pk)
        now += timedelta(days=1)
        while now.weekday() == 6:
            now += timedelta(days=1)
    assert served == order[: len(served)], "a younger one was served before an older equal"
