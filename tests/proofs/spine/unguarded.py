"""The database and the services with their guards taken away, for controls only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from requests.models import HelpRequest, Offer, Visit, VisitSeat
from requests.services import locks

CONSTRAINTS = {
    Offer: ["one_accepted_offer_per_seat"],
    Visit: ["one_live_visit_per_attempt"],
    VisitSeat: ["one_live_person_per_seat", "one_live_seat_per_person", "no_overlapping_seats"],
}


@contextmanager
def without_guards(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """No locks and no constraints; put back afterwards. A deadlock is seen at once instead of after a second."""
    dropped = [
        (model, constraint)
        for model, names in CONSTRAINTS.items()
        for constraint in model._meta.constraints
        if constraint.name in names
    ]
    assert len(dropped) == 5
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.schema_editor() as editor:
        for model, constraint in dropped:
            editor.remove_constraint(model, constraint)
        editor.execute(f"ALTER DATABASE {database} SET deadlock_timeout = '20ms'")
    try:
        with patch.context() as unlocked:
            unlocked.setattr(locks, "for_update", lambda rows: rows)
            yield
    finally:
        # What the unguarded race left would not fit the constraints.
        for model in (VisitSeat, Visit, Offer, HelpRequest):
            model.objects.all().delete()
        with connection.schema_editor() as editor:
            for model, constraint in dropped:
                editor.add_constraint(model, constraint)
            editor.execute(f"ALTER DATABASE {database} RESET deadlock_timeout")
