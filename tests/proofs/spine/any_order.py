"""A small town to which anything may happen in any order: the machine of `test_properties`.

Every rule is one call at a door; all rows are read after each. A sequence runs in a transaction that is rolled back.
"""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule

from core.errors import DomainError
from notifications.models import DeskTask
from requests.models import HelpRequest, JournalEntry, Offer, Visit
from requests.services import answers, changes, intake, offers, sweep, visit_changes, visits
from requests.services.actors import BEAT, RESIDENT
from requests.states import LIVE, NextStep, OfferState, RequestState, VisitState
from tests import factories as make
from tests.proofs.spine.invariants import check

HOUR = timedelta(hours=1)
# A plan tries a day, then the desk is told: seen at most twice, a day apart, without anybody knowing.
PATIENCE_DAYS = 2
FREE = [intake.Free(weekday=4, start=time(9), end=time(12))]
OUTCOMES = ["submitted", "self_done", "blocked_document", "nobody_home"]
pick = st.integers(0, 999)
# Where the sequences have been: a machine that never gets anywhere proves nothing.
REACHED: set[tuple[str, str]] = set()
EVERYWHERE = {
    *(("help_request", str(state)) for state in RequestState),
    *(("offer", str(state)) for state in OfferState if state != OfferState.MADE),
    *(("visit", str(state)) for state in VisitState),
}
# A short run is not lucky everywhere, a full one is.
AT_LEAST = {
    *(("help_request", state) for state in ("open", "offered", "partly_staffed", "scheduled", "in_progress")),
    *(("offer", state) for state in ("accepted", "expired", "withdrawn", "released")),
    *(("visit", state) for state in ("checked_in", "cancelled")),
}


def one_of(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else None


def in_hands(row: HelpRequest) -> bool:
    """Whether somebody at the desk was told of the request, or it waits for a day, an answer or a visit."""
    told = {row.pk, *Visit.objects.filter(help_request=row).values_list("pk", flat=True)}
    waits = row.next_step in (NextStep.WAIT, NextStep.ANSWER, NextStep.VISIT, NextStep.SECOND_PERSON)
    return waits or DeskTask.objects.filter(subject_id__in=told).exists()


class Town(RuleBasedStateMachine):
    """Three people, four volunteers, one clock. Every rule is one call at a door; a refusal is an answer too."""

    requests: Any = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.now = make.NOW
        self.people = [make.resident(first) for first in ("Мария", "Стоян", "Гена")]
        self.volunteers = [make.volunteer(f"Човек{number}", signs_in=False) for number in range(4)]
        self.entries = JournalEntry.objects.count()

    @initialize(target=requests, how=st.sampled_from(["half", "scheduled", "scheduled", "begun"]))
    def somebody_was_here_before(self, how: str) -> Any:
        """One request that is under way, so that short sequences get far."""
        row = make.help_request(self.people[0], team=2 if how == "half" else 1)
        made = make.offer(row, *self.volunteers[: row.team], start=self.now + 5 * HOUR, seats=True)
        self.attempt(answers.accept, offer_id=made[0].pk, actor=BEAT)
        if how == "begun":
            self.arrived(1)
        return row.pk

    @rule(number=pick, then=st.sampled_from(["", "missed", *OUTCOMES]))
    def arrived(self, number: int, then: str = "") -> None:
        """The clock moves to a visit's hour; its volunteer stands at the door, and perhaps ends it, or never comes."""
        if (visit := self.visit(number)) and visit.start >= self.now:
            self.now = visit.start
            self.attempt(sweep.run)
            come = visit_changes.missed if then == "missed" else visits.check_in
            self.attempt(come, visit_id=visit.pk, actor=BEAT)
            if then in OUTCOMES:
                self.attempt(visits.check_out, visit_id=visit.pk, outcome=then, minutes=None, actor=BEAT)

    @rule(number=pick)
    def nobody_came(self, number: int) -> None:
        self.arrived(number, "missed")

    def attempt(self, call: Any, **words: Any) -> Any:
        """Do it, or be refused; whichever, everything must hold afterwards."""
        before = self.entries
        try:
            with transaction.atomic():
                answer = call(now=self.now, **words)
        except DomainError:
            answer = None
        self.entries = JournalEntry.objects.count()
        assert self.entries >= before, "the journal shrank"
        check()
        return answer

    @rule(target=requests, who=pick, two=st.booleans(), urgent=st.booleans(), days=st.sampled_from([None, 1, 4, 20]))
    def taken_by_a_clerk(self, who: int, two: bool, urgent: bool, days: int | None) -> Any:
        deadline = None if days is None else self.now.date() + timedelta(days=days)
        wanted = intake.Wanted(
            service=make.service(), deadline=deadline, mode="HOME_VISIT" if two else "PHONE_HELP",
            **({"urgency": "today", "urgency_reason": "no_heat"} if urgent else {}),
        )  # fmt: skip
        row = self.attempt(
            intake.take, resident=one_of(self.people, who), wanted=wanted, source="phone", taken_by=None, actor=BEAT
        )
        return row.pk

    @rule(target=requests, who=pick)
    def asked_on_the_web(self, who: int) -> Any:
        wanted = intake.Wanted(service=None)
        return self.attempt(intake.submit_from_web, resident=one_of(self.people, who), wanted=wanted).pk

    @rule(target=requests, who=pick)
    def asked_called_off_and_asked_again(self, who: int) -> Any:
        """Nobody has phoned: that comes first also the second time. Chance alone seldom finds this way."""
        key = self.asked_on_the_web(who)
        for act in (changes.withdraw, changes.reopen):
            self.attempt(act, help_request=HelpRequest.objects.get(pk=key), actor=RESIDENT)
        return key

    @rule(target=requests, first=requests)
    def asked_to_follow(self, first: Any) -> Any:
        row = HelpRequest.objects.get(pk=first)
        wanted = intake.Wanted(service=make.service("ASP_OTHER"), follows=row)
        words = {"source": "phone", "taken_by": None, "actor": BEAT}
        return self.attempt(intake.take, resident=row.resident, wanted=wanted, **words).pk

    @rule(row=requests)
    def verified(self, row: Any) -> None:
        self.attempt(intake.verify, help_request=HelpRequest.objects.get(pk=row), actor=BEAT)

    @rule(row=requests, first=pick, hours=st.integers(1, 60), extra=st.booleans(), by_plan=st.booleans())
    def offered(self, row: Any, first: int, hours: int, extra: bool, by_plan: bool) -> None:
        """The free seats of a request, and perhaps one more person for the first of them."""
        help_request = HelpRequest.objects.get(pk=row)
        standing = Visit.objects.live().filter(help_request=row).first()
        start = standing.start if standing else self.now + hours * HOUR
        taken = set(standing.seats.filter(live=True).values_list("seat", flat=True)) if standing else set()
        seats = [seat for seat in range(1, help_request.team + 1) if seat not in taken]
        seats = [*seats, *seats[:1]] if extra and not by_plan else seats
        proposals = [
            offers.SeatProposal(seat=seat, volunteer_id=one_of(self.volunteers, first + place).pk)
            for place, seat in enumerate(seats)
        ]
        self.attempt(
            offers.make, help_request_id=row, attempt=help_request.attempt, start=start,
            end=start + timedelta(minutes=help_request.minutes), seats_for=proposals,
            round_id=row if by_plan else None,
        )  # fmt: skip

    @rule(row=requests, first=pick, hours=st.integers(1, 60))
    def assigned_by_hand(self, row: Any, first: int, hours: int) -> None:
        start = self.now + hours * HOUR
        seats = [offers.SeatProposal(seat=1, volunteer_id=one_of(self.volunteers, first).pk)]
        self.attempt(
            offers.assign, help_request_id=row, start=start, end=start + HOUR, seats_for=seats, agreed=True, actor=BEAT
        )

    @rule(number=pick, again=st.booleans())
    def accepted(self, number: int, again: bool) -> None:
        states = list(OfferState) if again else [OfferState.MADE]
        offer = one_of(list(Offer.objects.filter(state__in=states).order_by("made_at", "pk")), number)
        if offer:
            self.attempt(answers.accept, offer_id=offer.pk, actor=BEAT)

    @rule(number=pick)
    def declined(self, number: int) -> None:
        states = list(OfferState) if number % 4 == 0 else [OfferState.MADE]
        offer = one_of(list(Offer.objects.filter(state__in=states).order_by("made_at", "pk")), number)
        if offer:
            self.attempt(answers.decline, offer_id=offer.pk, actor=BEAT)

    @rule(number=pick, act=st.sampled_from([visits.confirm, visits.check_in, visit_changes.missed, visits.need_help]))
    def at_the_visit(self, number: int, act: Any) -> None:
        if visit := self.visit(number):
            self.attempt(act, visit_id=visit.pk, actor=BEAT)

    @rule(number=pick, outcome=st.sampled_from(OUTCOMES))
    def checked_out(self, number: int, outcome: str) -> None:
        if visit := self.visit(number):
            self.attempt(visits.check_out, visit_id=visit.pk, outcome=outcome, minutes=None, actor=BEAT)

    @rule(number=pick, hours=st.integers(-3, 60), agreed=st.booleans())
    def moved(self, number: int, hours: int, agreed: bool) -> None:
        if visit := self.visit(number):
            if agreed:
                self.attempt(visits.confirm, visit_id=visit.pk, actor=RESIDENT)
            self.attempt(visit_changes.move, visit_id=visit.pk, start=visit.start + hours * HOUR, actor=BEAT)

    @rule(number=pick, who=pick, asks=st.booleans())
    def given_back(self, number: int, who: int, asks: bool) -> None:
        visit = self.visit(number)
        seat = one_of(list(visit.seats.filter(live=True).select_related("volunteer")), who) if visit else None
        if seat and asks:
            words = {"visit_id": visit.pk, "volunteer": seat.volunteer, "actor": BEAT}
            self.attempt(visit_changes.ask_another_time, note="", **words)
        elif seat:
            self.attempt(visit_changes.give_back, visit_id=visit.pk, volunteer=seat.volunteer, actor=BEAT)

    def visit(self, number: int) -> Visit | None:
        """Mostly one that stands; every fourth time any."""
        rows = Visit.objects.all() if number % 4 == 0 else Visit.objects.live()
        found: Visit | None = one_of(list(rows.order_by("start", "pk")), number)
        return found

    @rule(row=requests, what=st.sampled_from(["cancel", "reopen", "withdraw", "search_again"]))
    def minds_changed(self, row: Any, what: str) -> None:
        self.attempt(getattr(changes, what), help_request=HelpRequest.objects.get(pk=row), actor=RESIDENT)

    @rule(row=requests)
    def another_time(self, row: Any) -> None:
        row = HelpRequest.objects.get(pk=row)
        self.attempt(changes.another_time, help_request=row, free=FREE, actor=RESIDENT)

    @rule(row=requests, days=st.sampled_from([None, 2, 9]))
    def corrected(self, row: Any, days: int | None) -> None:
        day = None if days is None else self.now.date() + timedelta(days=days)
        mended = {"deadline": day, "not_before": None}
        self.attempt(changes.correct, help_request=HelpRequest.objects.get(pk=row), changes=mended, actor=BEAT)

    @rule(hours=st.sampled_from([0, 1, 5, 24, 49]))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        self.attempt(sweep.run)
        stuck = HelpRequest.objects.filter(state__in=LIVE, next_step_at__lte=self.now)
        assert not stuck.exists(), f"overdue after a sweep: {stuck.values('state', 'next_step')}"

    @rule(row=consumes(requests))
    def forgotten(self, row: Any) -> None:
        """Nobody does anything about this one any more."""

    def teardown(self) -> None:
        """Time passes and nobody does anything: whatever is open is in somebody's hands."""
        try:
            days: Counter[Any] = Counter()
            for _day in range(6):
                self.time_passes(25)
                # One that waited for another may have begun to be planned today; a day later somebody knows.
                untold = [row for row in HelpRequest.objects.filter(state__in=LIVE) if not in_hands(row)]
                days = Counter({row.pk: days[row.pk] + 1 for row in untold})
                late = [f"{row.state}, next {row.next_step}" for row in untold if days[row.pk] > PATIENCE_DAYS]
                assert not late, f"nobody was told: {late}"
            REACHED.update(JournalEntry.objects.exclude(to_state="").values_list("subject_type", "to_state"))
        finally:
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)
