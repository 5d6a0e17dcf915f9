"""What the tests of a visit's day and of its changes both do."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from requests.models import HelpRequest, Visit
from requests.services import visits
from requests.services.actors import BEAT

Row = TypeVar("Row", bound=Model)


def fresh(row: Row) -> Row:
    """The row as it stands in the database now."""
    row.refresh_from_db()
    return row


def request_of(visit: Visit) -> HelpRequest:
    return HelpRequest.objects.get(pk=visit.help_request_id)


def begun(visit: Visit) -> Visit:
    return visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
