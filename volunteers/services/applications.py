"""From „Станете доброволец“ to the first badge: applying and being taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import members
from catalogue.models import ServiceGroup
from core.errors import Invalid
from core.phones import normalise, phone_hash, takes_sms
from notifications.services import contacts, desk_tasks
from notifications.states import TaskKind
from places.models import Municipality, Settlement
from places.selectors import rules_of
from volunteers import notices
from volunteers.models import Volunteer
from volunteers.services.rows import clean, save
from volunteers.services.status import move
from volunteers.states import Transport, VolunteerStatus

CALL_WITHIN = timedelta(days=3)
FIRST_BADGE = 101


@dataclass(frozen=True)
class Application:
    """The applicant's row; `new` is False where the same application was already waiting."""

    volunteer: Volunteer
    new: bool


@transaction.atomic
def apply(
    *,
    municipality: Municipality,
    first_name: str,
    last_name: str,
    phone: str,
    home: Settlement,
    now: datetime,
    email: str = "",
    transport: str = Transport.CAR,
    languages: Sequence[str] = ("bg",),
    says_can_help: Sequence[ServiceGroup] = (),
    note: str = "",
) -> Application:
    """Take an application and ask the desk to call. Sent twice, it stays one. Raises Invalid.

    The municipality's row is held: applications of one municipality come one by one, so badge numbers
    cannot meet and a double click finds what the first one wrote.
    """
    number = normalise(phone)
    first_name = clean(first_name, field="first_name", longest=60)
    last_name = clean(last_name, field="last_name", longest=60)
    note = clean(note, field="note")
    if home.municipality_id != municipality.pk:
        raise Invalid(_("Изберете място от общината."), code="home", field="home")
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    known = _known(municipality, number, f"{first_name} {last_name}")
    if known is not None and known.status == VolunteerStatus.APPLIED:
        return Application(known, new=False)
    groups = [group.pk for group in says_can_help]
    if known is not None:
        volunteer = _come_back(known, note=note, groups=groups, home=home, now=now)
    else:
        volunteer = _first_time(
            municipality, number, email, now, first_name=first_name, last_name=last_name, home=home,
            transport=transport, languages=list(languages), says_can_help=groups, note=note,
        )  # fmt: skip
    _ask_to_call(volunteer, now)
    notices.application_received(volunteer=volunteer, now=now)
    return Application(volunteer, new=True)


def _known(municipality: Municipality, phone: str, name: str) -> Volunteer | None:
    """The same person: this name at this phone, waiting, else gone once. A phone alone may be a couple's."""
    rows = (
        Volunteer.objects.of(municipality)
        .filter(contact__phone_hash=phone_hash(phone), status__in=[VolunteerStatus.APPLIED, VolunteerStatus.LEFT])
        .order_by("created_at")
    )
    theirs = [row for row in rows if row.name.casefold() == name.casefold()]
    return min(theirs, key=lambda row: row.status != VolunteerStatus.APPLIED, default=None)


def _first_time(municipality: Municipality, phone: str, email: str, now: datetime, **said: Any) -> Volunteer:
    """A new row with the next badge and the municipality's usual limits; `said` is what the applicant wrote."""
    contact = contacts.make_contact(
        municipality=municipality, phone=phone, email=email.strip().lower(), language=get_language() or "bg"
    )
    rules = rules_of(municipality)
    return Volunteer.objects.create(
        municipality=municipality,
        contact=contact,
        badge=_next_badge(municipality),
        status_since=now,
        weekly_limit=rules.default_visits_per_week,
        longest_leg=rules.default_max_leg,
        **said,
    )


def _come_back(volunteer: Volunteer, *, note: str, groups: list[str], home: Settlement, now: datetime) -> Volunteer:
    """Somebody who left applies again and keeps the badge. Where messages go stays: nobody has called yet."""
    move(volunteer=volunteer, to=VolunteerStatus.APPLIED, now=now)
    volunteer.note, volunteer.says_can_help, volunteer.home = note, groups, home
    save(volunteer, now, ["note", "says_can_help", "home"])
    return volunteer


def _next_badge(municipality: Municipality) -> int:
    highest: int | None = Volunteer.objects.of(municipality).aggregate(highest=Max("badge"))["highest"]
    return FIRST_BADGE if highest is None else highest + 1


def _ask_to_call(volunteer: Volunteer, now: datetime) -> None:
    desk_tasks.ask(
        municipality=volunteer.municipality,
        kind=TaskKind.APPLICATION,
        subject_type="volunteer",
        subject_id=volunteer.pk,
        facts={"badge": volunteer.badge, "settlement": volunteer.home_id},
        due_at=now + CALL_WITHIN,
        now=now,
    )


@transaction.atomic
def approve(
    *, volunteer: Volunteer, actor: User, now: datetime, to: VolunteerStatus = VolunteerStatus.TRAINING
) -> Volunteer:
    """Take an applicant in, with a way to sign in where there is an e-mail or a mobile. Raises IllegalMove, Invalid."""
    if to not in (VolunteerStatus.TRAINING, VolunteerStatus.ACTIVE):
        raise Invalid(code="status", field="to")
    move(volunteer=volunteer, to=to, now=now)
    open_sign_in(volunteer=volunteer, by=actor, now=now)
    desk_tasks.finish_about(
        kinds=[TaskKind.APPLICATION],
        subject_type="volunteer",
        subject_id=volunteer.pk,
        now=now,
        by=actor,
        result="approved",
    )
    notices.approved(volunteer=volunteer, now=now)
    return volunteer


@transaction.atomic
def open_sign_in(*, volunteer: Volunteer, by: User | None, now: datetime) -> User | None:
    """The user behind the volunteer's e-mail or mobile telephone, and its membership. Raises Invalid.

    None for whoever has neither: they are telephoned. `by`: who of the desk opens it; None for the house itself.
    """
    email = volunteer.contact.email.strip().lower()
    user = volunteer.user
    if user is None:
        if not email and not takes_sms(volunteer.contact.phone):
            return None
        user = _member(volunteer, email or members.name_without_mail(volunteer.pk), by, now).user
        if Volunteer.objects.filter(municipality_id=volunteer.municipality_id, user=user).exists():
            raise Invalid(_("С този имейл влиза друг доброволец. Нужен е втори имейл."), code="email", field="email")
        volunteer.user = user
        save(volunteer, now, ["user"])
        contacts.change_contact(volunteer.contact, in_app=True)
        return user
    if email and not user.mail:
        members.give_mail(user=user, email=email)
    return _member(volunteer, user.email, by, now).user


def _member(volunteer: Volunteer, email: str, by: User | None, now: datetime) -> Membership:
    return members.add_member(
        municipality=volunteer.municipality, role=Role.VOLUNTEER, email=email, name=volunteer.name, by=by, now=now
    )


@transaction.atomic
def set_contact(*, volunteer: Volunteer, phone: str, email: str, by: User, now: datetime) -> Volunteer:
    """Change how a volunteer is reached. A first mobile or e-mail of one who was taken in opens the way in.

    Raises Invalid.
    """
    contacts.change_contact(volunteer.contact, phone=normalise(phone), email=email.strip().lower())
    missing = volunteer.user is None or not volunteer.user.mail
    if missing and volunteer.status not in (VolunteerStatus.APPLIED, VolunteerStatus.LEFT):
        open_sign_in(volunteer=volunteer, by=by, now=now)
    return volunteer
