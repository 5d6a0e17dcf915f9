"""What other systems are told: ids, codes, times and the village, written down in the transaction of the move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from notifications.services import webhooks
from requests.models import HelpRequest, JournalEntry, Offer, Visit
from requests.webhook_events import type_of


def of_entry(help_request: HelpRequest, row: Any, entry: JournalEntry) -> None:
    """The event of a journal entry, where it is one. `row` is what moved, as it stands now."""
    event = type_of(entry.subject_type, entry.verb, entry.to_state)
    if event:
        _announce(event, f"journal:{entry.pk}", help_request, row, entry.from_state, entry.at)


def of_move(visit: Visit, *, now: datetime) -> None:
    """A visit stands at another time."""
    _announce("visit.moved", f"visit:{visit.pk}:{visit.sequence}", visit.help_request, visit, visit.state, now)


def _announce(event: str, key: str, help_request: HelpRequest, row: Any, came_from: str, now: datetime) -> None:
    def data() -> dict[str, Any]:
        facts = {"settlement": help_request.resident.settlement_id, "service": help_request.service_id}
        return {**SHAPES[type(row)](row), "previous_state": came_from or None, **facts}

    webhooks.announce(
        webhooks.Event(event, key, now, data, about_type="help_request", about_id=help_request.pk),
        municipality_id=help_request.municipality_id, now=now,
    )  # fmt: skip


def _request(row: HelpRequest) -> dict[str, Any]:
    return {
        "id": str(row.pk), "number": row.number, "attempt": row.attempt, "state": str(row.state),
        "source": str(row.source), "mode": str(row.mode), "urgency": str(row.urgency),
        "deadline": row.deadline.isoformat() if row.deadline else None, "outcome": str(row.outcome) or None,
    }  # fmt: skip


def _offer(row: Offer) -> dict[str, Any]:
    return {
        "id": str(row.pk), "help_request": str(row.help_request_id), "attempt": row.attempt, "seat": row.seat,
        "volunteer": str(row.volunteer_id), "state": str(row.state), "start": _utc(row.start), "end": _utc(row.end),
        "expires_at": _utc(row.expires_at),
    }  # fmt: skip


def _visit(row: Visit) -> dict[str, Any]:
    return {
        "id": str(row.pk), "help_request": str(row.help_request_id), "attempt": row.attempt, "state": str(row.state),
        "start": _utc(row.start), "end": _utc(row.end), "sequence": row.sequence,
        "outcome": str(row.outcome) or None, "minutes": row.minutes,
    }  # fmt: skip


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


SHAPES: dict[type, Callable[[Any], dict[str, Any]]] = {HelpRequest: _request, Offer: _offer, Visit: _visit}
