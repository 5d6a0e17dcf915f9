"""Two municipalities in one installation, each with everybody and with a row of every kind in two villages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import invitations, tokens
from core.models import InstallationMark
from core.phones import phone_hash
from notifications.kinds import Kind, Text
from notifications.models import Message, WebhookDelivery
from notifications.services import callbacks, desk_tasks, outbox, webhooks
from notifications.states import CallbackSource, Channel, TaskKind
from places.models import HelpPoint, LocalHoliday, Municipality, Settlement
from requests.services import evidence, intake, residents
from requests.states import EvidenceKind, RuleKind
from tests import factories as make
from volunteers.models import Volunteer

Key = UUID | int | str
Rows = dict[str, Key]
HERE, THERE = "Извор", "Друган"
NOW = timezone.now().replace(microsecond=0)
NAMES = (
    *("request", "offer", "asked", "visit", "web", "rule", "task", "letter", "callback", "volunteer", "invitation"),
    *("colleague", "token", "subscription", "delivery", "message", "resident", "evidence"),
)
# Who works at the desk and may be given a token of their own.
WITH_TOKENS = (Role.COORDINATOR, Role.ADMINISTRATOR)


@dataclass
class Town:
    """`rows` of the first village and of the second, `people` by role; `codes` open a request without an account."""

    municipality: Municipality
    people: dict[str, Membership] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    tokens: dict[str, Key] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    volunteers: dict[str, Volunteer] = field(default_factory=dict)
    narrowed: Membership | None = None


def unknown() -> Rows:
    """Keys of the right kind that no row has."""
    return {name: uuid4() for name in NAMES} | {"help_point": 987654321, "holiday": 987654321, "ekatte": "00001"}


def build(code: str, name: str, number: int) -> Town:
    """A municipality; `number` keeps the keys of the national tables apart."""
    town = Town(make.municipality(code, name))
    for place, digit in ((HERE, 1), (THERE, 2)):
        if not Settlement.objects.filter(municipality=town.municipality, name_bg=place).exists():
            Settlement.objects.create(
                ekatte=f"9{number}{digit}00", name_bg=place, municipality=town.municipality, kind="village",
                latitude="42.6", longitude="23.0",
            )  # fmt: skip
    for role in Role:
        if role != Role.VOLUNTEER:
            town.people[role] = make.member(role, of=town.municipality)
    _settings(town, NOW)
    for place in (HERE, THERE):
        _village(town, place, NOW)
    user = town.volunteers[HERE].user
    assert user is not None
    town.people[Role.VOLUNTEER] = user.memberships.select_related("municipality", "user").get()
    town.narrowed = make.member(Role.CLERK, of=town.municipality)
    town.narrowed.settlements.set([make.village(HERE, of=town.municipality)])
    return town


def both() -> list[Town]:
    InstallationMark.objects.get_or_create(kind="demo")
    return [build("PER36", "Радомир", 1), build("PER32", "Перник", 2)]


def _settings(town: Town, now: datetime) -> None:
    """What a municipality has once."""
    where = town.municipality
    point = HelpPoint.objects.create(
        municipality=where, settlement=make.village(HERE, of=where), kind="kmetstvo", name_bg="Кметство"
    )
    holiday = LocalHoliday.objects.create(municipality=where, date=date(2030, 5, 6), name_bg="Празник")
    invitation, _secret = invitations.invite(
        municipality=where, role=Role.CLERK, email=f"kani@{where.pk.lower()}.bg", name="Нов", invited_by=None, now=now
    )
    colleague = make.member(Role.CLERK, of=where)
    subscription, _secret = webhooks.subscribe(
        municipality=where, label="Деловодство", url="https://example.org/kuka", events=["visit.done"],
        include_personal=False, scopes=["api.visits"], by=None,
    )  # fmt: skip
    delivery = WebhookDelivery.objects.create(
        subscription=subscription, key=f"trust:{where.pk}", event="visit.done", happened_at=now, due_at=now
    )
    for role in WITH_TOKENS:
        token, _secret = tokens.create_token(
            membership=town.people[role], label="Табло", scopes=["places.read"], now=now,
            expires_at=now + timedelta(days=30),
        )  # fmt: skip
        town.tokens[role] = token.pk
    shared: Rows = {
        "help_point": point.pk, "holiday": holiday.pk, "invitation": invitation.pk, "colleague": colleague.pk,
        "subscription": subscription.pk, "delivery": delivery.pk,
    }  # fmt: skip
    town.rows = {HERE: dict(shared), THERE: dict(shared)}


def _village(town: Town, place: str, now: datetime) -> None:
    """One row of every kind that hangs on a person or a volunteer."""
    where = town.municipality
    clerk: User = town.people[Role.CLERK].user
    helper = make.volunteer(home=place, of=where, hours=tuple((day, 8, 20) for day in range(7)))
    town.volunteers[place] = helper
    who = make.resident("Мария", "Петрова", home=place, of=where)
    row = make.help_request(who, now=now, by=clerk)
    visit = make.visit(row, helper, now=now, start=now + timedelta(days=2))
    asked = make.help_request(make.resident("Пена", "Илиева", home=place, of=where), now=now, by=clerk)
    (offer,) = make.offer(asked, helper, now=now, start=now + timedelta(days=3))
    other = make.resident("Невяна", "Колева", home=place, of=where)
    web = intake.submit_from_web(resident=other, wanted=intake.Wanted(service=make.service()), now=now)
    rule = residents.set_rule(resident=who, volunteer=helper, kind=RuleKind.PREFERRED, now=now)
    task = desk_tasks.ask(
        municipality=where, kind=TaskKind.HELP_NEEDED, subject_type="visit", subject_id=visit.pk, due_at=now, now=now
    )
    callback = callbacks.ask(contact=who.contact, source=CallbackSource.MISSED, since=now, due_at=now, now=now)
    kept = evidence.put_away(
        municipality=where, kind=EvidenceKind.CONSENT, person_id=who.pk, body={"answer": "yes"}, now=now
    )
    letter = _letter(visit.pk, who.contact, now)
    row.asker_phone, row.asker_phone_hash = "+359888999777", phone_hash("+359888999777")
    row.save(update_fields=["asker_phone", "asker_phone_hash"])
    town.codes[place] = (row.tracking_code, who.contact.phone)
    town.rows[place] |= {
        "request": row.pk, "visit": visit.pk, "asked": asked.pk, "offer": offer.pk, "web": web.pk, "rule": rule.pk,
        "task": _pk(task), "callback": _pk(callback), "letter": letter.pk, "message": letter.pk,
        "volunteer": helper.pk, "resident": who.pk, "evidence": kept.pk, "ekatte": make.village(place, of=where).pk,
    }  # fmt: skip


def _letter(visit: UUID, contact: Any, now: datetime) -> Message:
    (row, *_others) = outbox.enqueue(
        contact=contact, key=f"visit:{visit}:trust", kind=Kind("visit_scheduled"), text=Text("Уговорено", "Ще дойдем"),
        now=now, channels=["sms"],
    )  # fmt: skip
    Message.objects.filter(pk=row.pk).update(channel=Channel.PAPER)
    return row


def _pk(row: Any) -> Key:
    key: Key = row.pk
    return key
