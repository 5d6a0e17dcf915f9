"""Thirty of everything: each row of another resident, village, service, group, volunteer and team."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import invitations, tokens
from core.clock import at, local_date
from notifications.kinds import Kind, Text
from notifications.services import callbacks, desk_tasks, outbox, webhooks
from notifications.states import CallbackSource, TaskKind
from places.models import HelpPoint, LocalHoliday, OpeningHours, Settlement
from places.services import settings
from requests.models import HelpRequest, UnusualReading, Visit
from requests.services import answers, evidence, intake, residents, visits
from requests.services.actors import BEAT
from requests.states import DeclineReason, EvidenceKind, Outcome, RuleKind, UrgencyReason
from tests import factories as make
from volunteers.models import Volunteer

SURNAME = "Петрова"
# A municipality may have twenty.
SUBSCRIPTIONS = 15
MINUTES = 20
BETWEEN_VISITS = 40


def ring(number: int, me: Volunteer, colleague: Membership, now: datetime) -> None:
    """One more of every kind of row, among them an offer, visits and messages for the volunteer `me`
    and a token of the `colleague`."""
    home = _village(number)
    service = make.service(f"SERVICE_{number}", group_code=f"GROUP_{number}", name_bg=f"Услуга {number}")
    _settings(number, home, colleague, now)
    first, second, third, fourth = (
        make.volunteer(f"{name}{number}", "Колев", home=home.name_bg, groups=("SOCIAL", f"GROUP_{number}"))
        for name in ("Първан", "Върбан", "Тодор", "Четвърт")
    )
    before = now - timedelta(days=3)

    def asked(team: int = 1, at: datetime = before) -> HelpRequest:
        who = make.resident(f"Мария{number}", SURNAME, home=home.name_bg)
        return make.help_request(who, now=at, team=team, by=colleague.user, service=service, minutes=MINUTES)

    _waiting(asked(), asked(at=now), me, first, now)
    web = make.resident(f"Невяна{number}", SURNAME, home=home.name_bg)
    intake.submit_from_web(resident=web, wanted=intake.Wanted(service=service), now=now)
    residents.set_rule(resident=web, volunteer=third, kind=RuleKind.BLOCKED, note=f"Скарани {number}", now=now)
    half = asked(team=2)
    hers, _his = make.offer(half, first, me, seats=True, now=now, start=now + timedelta(days=4, minutes=number))
    answers.accept(offer_id=hers.pk, actor=BEAT, now=now)
    slot = timedelta(minutes=BETWEEN_VISITS * number)
    _visit(asked(team=2), me, second, start=at(local_date(now), time(0, 10)) + slot)
    _visit(asked(team=2), me, third, start=at(local_date(now) - timedelta(days=1), time(0, 10)) + slot)
    coming = _visit(asked(team=2), second, me, start=at(local_date(now) + timedelta(days=2), time(0, 10)) + slot)
    visits.confirm(visit_id=coming.pk, actor=BEAT, now=now - timedelta(days=1))
    # Somebody with nothing else: whatever hour of the day it is, six hours ago they were free.
    _missing(_visit(asked(), fourth, start=now - timedelta(hours=6)), now)
    _done(_visit(asked(team=2), first, second, start=now - timedelta(days=2)))


def _village(number: int) -> Settlement:
    return Settlement.objects.create(
        ekatte=f"7{number:04}", kind="village", municipality=make.municipality(), population=90 + number,
        name_bg=f"Село {number}", name_en=f"Village {number}",
        latitude=f"{42.4 + number / 300:.3f}", longitude=f"{22.8 + number / 200:.3f}",
    )  # fmt: skip


def _settings(number: int, home: Settlement, colleague: Membership, now: datetime) -> None:
    town = make.municipality()
    point = HelpPoint.objects.create(municipality=town, settlement=home, kind="kmetstvo", name_bg=f"Кметство {number}")
    OpeningHours.objects.create(help_point=point, weekday=number % 5, opens=time(8), closes=time(16))
    settings.set_coverage(settlement=home, signal="weak", checked_on=date(2026, 10, 1), note=f"Бележка {number}")
    LocalHoliday.objects.create(municipality=town, date=date(2030, 1, 1) + timedelta(days=number), name_bg="Празник")
    make.member(Role.CLERK)
    UnusualReading.objects.create(
        municipality=town, reader_id=make.user().pk, rule="night", day=now.date(), first_at=now, last_at=now, count=3
    )
    evidence.put_away(
        municipality=town, kind=EvidenceKind.INCIDENT, person_id=make.user().pk, body={"n": number}, now=now
    )
    invitations.invite(
        municipality=town, role=Role.CLERK, email=f"kani{number}@example.org", name="Нов", invited_by=None, now=now
    )
    tokens.create_token(
        membership=colleague, label=f"Програма {number}", scopes=["places.read"], now=now,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    if number <= SUBSCRIPTIONS:
        webhooks.subscribe(
            municipality=town, label=f"Система {number}", url=f"https://example.org/{number}", events=["visit.done"],
            include_personal=False, scopes=["api.visits"], by=None,
        )  # fmt: skip


def _waiting(declined: HelpRequest, asked: HelpRequest, me: Volunteer, other: Volunteer, now: datetime) -> None:
    """A request nobody took, one that waits for `me`, and a message that tells of it."""
    (no,) = make.offer(declined, me, now=now - timedelta(hours=5), start=now + timedelta(days=3))
    reason = str(DeclineReason.values[0])
    answers.decline(offer_id=no.pk, actor=BEAT, now=now - timedelta(hours=4), reason=reason)
    declined.refresh_from_db()
    desk_tasks.ask(
        municipality=declined.municipality, kind=TaskKind.NO_VOLUNTEER, subject_type="help_request",
        subject_id=declined.pk, due_at=now, now=now,
    )  # fmt: skip
    HelpRequest.objects.filter(pk=declined.pk).update(
        unserved_reason="busy", unserved_with=[str(other.pk)], urgency="today", urgency_reason=UrgencyReason.values[0]
    )
    # A day on which nothing is agreed on: it fits at any hour.
    make.offer(asked, me, now=now, start=now + timedelta(days=5))
    callbacks.ask(contact=declined.resident.contact, source=CallbackSource.MISSED, since=now, due_at=now, now=now)
    outbox.enqueue(
        contact=me.contact, key=f"crowd:{asked.pk}", kind=Kind("offer_made"), text=Text("Покана", "За вас"), now=now,
        channels=["in_app"],
    )  # fmt: skip


def _visit(row: HelpRequest, *people: Volunteer, start: datetime) -> Visit:
    return make.visit(row, *people, now=start - timedelta(hours=26), start=start)


def _missing(visit: Visit, now: datetime) -> None:
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.NO_SHOW, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip


def _done(visit: Visit) -> None:
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=visit.start)
    visits.check_out(
        visit_id=visit.pk, outcome=Outcome.SUBMITTED, minutes=30, before=[make.difficulty().pk], actor=BEAT,
        now=visit.end,
    )  # fmt: skip
