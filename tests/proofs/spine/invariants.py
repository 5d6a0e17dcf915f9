"""What must hold after every step, whatever was done: read from the rows themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any
from uuid import UUID

from requests.models import HelpRequest, JournalEntry, Offer, Visit, VisitSeat
from requests.states import (
    ENDED,
    OFFER_MOVES,
    REQUEST_MOVES,
    VISIT_LIVE,
    VISIT_MOVES,
    NextStep,
    OfferState,
    RequestState,
    VisitState,
)

_S, _V = RequestState, VisitState
# Where the request stands → how its live visit stands (None: it has none).
VISIT_OF: dict[str, set[Any]] = {
    _S.UNVERIFIED: {None}, _S.OPEN: {None}, _S.OFFERED: {None}, _S.PARTLY_STAFFED: {_V.SCHEDULED},
    _S.SCHEDULED: {_V.SCHEDULED}, _S.CONFIRMED: {_V.CONFIRMED}, _S.IN_PROGRESS: {_V.CHECKED_IN},
    _S.CLOSED: {None}, _S.CANCELLED: {None}, _S.WITHDRAWN: {None}, _S.EXPIRED: {None},
}  # fmt: skip
STEPS_OF: dict[str, set[str]] = {
    _S.UNVERIFIED: {NextStep.PHONE_PERSON}, _S.OPEN: {NextStep.PLAN, NextStep.WAIT, NextStep.DESK},
    _S.OFFERED: {NextStep.ANSWER}, _S.PARTLY_STAFFED: {NextStep.SECOND_PERSON}, _S.SCHEDULED: {NextStep.VISIT},
    _S.CONFIRMED: {NextStep.VISIT}, _S.IN_PROGRESS: {NextStep.CHECK_OUT},
}  # fmt: skip
TABLES = {"help_request": REQUEST_MOVES, "offer": OFFER_MOVES, "visit": VISIT_MOVES}
BEGINS = {"help_request": {_S.OPEN, _S.UNVERIFIED}, "offer": {OfferState.MADE}, "visit": {_V.SCHEDULED}}


def check() -> None:
    """AssertionError names the first thing that does not hold."""
    rows = {row.pk: row for row in HelpRequest.objects.all()}
    offers, visits = list(Offer.objects.all()), list(Visit.objects.all())
    seats = list(VisitSeat.objects.select_related("visit", "offer"))
    _requests(rows, offers, visits, seats)
    _offers(rows, offers, seats)
    _seats(seats)
    _journal(rows, offers, visits)


def _requests(rows: dict[UUID, HelpRequest], offers: list[Offer], visits: list[Visit], seats: list[VisitSeat]) -> None:
    live: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.state in VISIT_LIVE:
            live[visit.help_request_id].append(visit)
    made = Counter(offer.help_request_id for offer in offers if offer.state == OfferState.MADE)
    sitting = Counter(seat.visit_id for seat in seats if seat.live)
    for row in rows.values():
        what = f"№ {row.number} stands {row.state}"
        assert len(live[row.pk]) <= 1, f"{what} with two live visits"
        visit = live[row.pk][0] if live[row.pk] else None
        assert (visit.state if visit else None) in VISIT_OF[row.state], f"{what} with a visit {visit and visit.state}"
        if row.state in ENDED:
            assert not row.next_step and row.next_step_at is None and row.ended_at, f"{what} with a next step"
            assert not made[row.pk], f"{what} while somebody is still asked"
        else:
            assert row.next_step in STEPS_OF[row.state], f"{what} and next {row.next_step!r}"
            assert row.next_step_at is not None, f"{what} without a time for its next step"
        assert (row.state == _S.CLOSED) == bool(row.outcome), f"{what} with the outcome {row.outcome!r}"
        if row.state == _S.OFFERED:
            assert made[row.pk], f"{what} and nobody is asked"
        if row.state in (_S.OPEN, _S.UNVERIFIED, _S.SCHEDULED, _S.CONFIRMED, _S.IN_PROGRESS):
            assert not made[row.pk], f"{what} while somebody is asked"
        if visit is not None:
            wanted = 1 if row.state == _S.PARTLY_STAFFED else row.team
            assert sitting[visit.pk] == wanted, f"{what} with {sitting[visit.pk]} people"
            assert visit.attempt == row.attempt, f"{what} with a visit of another attempt"


def _offers(rows: dict[UUID, HelpRequest], offers: list[Offer], seats: list[VisitSeat]) -> None:
    accepted = Counter((o.help_request_id, o.attempt, o.seat) for o in offers if o.state == OfferState.ACCEPTED)
    assert not [key for key, count in accepted.items() if count > 1], "two accepted offers for one seat"
    seated = {seat.offer_id: seat for seat in seats}
    for offer in offers:
        row = rows[offer.help_request_id]
        seat = seated.get(offer.pk)
        if offer.state == OfferState.ACCEPTED:
            assert seat is not None and seat.live, "an accepted offer without its seat"
            assert (seat.volunteer_id, seat.seat) == (offer.volunteer_id, offer.seat), "the seat is another's"
            assert (seat.start, seat.end) == (offer.start, offer.end), "the seat has another hour than the offer"
        else:
            assert seat is None or not seat.live, f"a live seat from an offer that is {offer.state}"
        if offer.state == OfferState.MADE:
            assert offer.attempt == row.attempt, "somebody is asked for an attempt that is over"
            assert offer.expires_at <= offer.start, "an answer is awaited beyond the visit"


def _seats(seats: list[VisitSeat]) -> None:
    of: dict[UUID, list[VisitSeat]] = defaultdict(list)
    for seat in seats:
        if seat.live:
            assert seat.visit.state in VISIT_LIVE | {_V.DONE}, f"a live seat in a visit {seat.visit.state}"
            assert (seat.start, seat.end) == (seat.visit.start, seat.visit.end), "the seat has another hour"
            of[seat.volunteer_id].append(seat)
    for mine in of.values():
        mine.sort(key=lambda seat: seat.start)
        assert all(one.end <= other.start for one, other in pairwise(mine)), "a volunteer is booked twice"


def _journal(rows: dict[UUID, HelpRequest], offers: list[Offer], visits: list[Visit]) -> None:
    """Replayed, the journal leads to where the rows stand, by allowed steps only."""
    at: dict[tuple[str, UUID], str] = {}
    for kind, pk, source, target in JournalEntry.objects.order_by("id").values_list(
        "subject_type", "subject_id", "from_state", "to_state"
    ):
        if not target:
            continue
        assert source in TABLES[kind][target], f"{kind} moved {source} → {target}"
        assert at.get((kind, pk), source) == source, f"{kind} moved from {source}, but stood {at[kind, pk]}"
        if (kind, pk) not in at:
            assert source in BEGINS[kind], f"{kind} began as {source}"
        at[kind, pk] = target
    for kind, found in (("help_request", rows.values()), ("offer", offers), ("visit", visits)):
        for row in found:
            told = at.get((kind, row.pk))
            assert row.state == told if told else row.state in BEGINS[kind], f"{kind}: the journal says {told}"
