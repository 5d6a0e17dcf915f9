"""Memberships: given, changed, taken. Whoever loses a role loses the open sessions with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import changes
from accounts.models import NO_MAIL, ApiToken, Membership, User
from accounts.roles import STAFF, Role, may_grant
from accounts.services import devices
from core.errors import Invalid, NotAllowed
from notifications.services import webhooks
from places.models import Municipality, Settlement


def tidy_email(email: str) -> str:
    return User.objects.normalize_email(email.strip()).lower()


def need_person(email: str, name: str, role: str) -> None:
    """Raises Invalid unless this can be written on an invitation."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("Напишете целия имейл, например ivanka@primer.bg."), code="email", field="email") from error
    if not name:
        raise Invalid(_("Напишете името."), code="name", field="name")
    if role not in Role.values:
        raise Invalid(_("Изберете роля."), code="role", field="role")


def name_without_mail(key: UUID) -> str:
    """What stands in place of the e-mail of a person who has none and signs in with a telephone."""
    return f"{key}@no-mail{NO_MAIL}"


@transaction.atomic
def give_mail(*, user: User, email: str) -> None:
    """A first e-mail for whoever signed in with a telephone alone. Raises Invalid where it is somebody else's."""
    email = tidy_email(email)
    if User.objects.filter(email=email).exists():
        raise Invalid(_("С този имейл влиза друг човек. Нужен е втори имейл."), code="email", field="email")
    User.objects.filter(pk=user.pk).update(email=email)
    user.email = email


@transaction.atomic
def add_member(
    *, municipality: Municipality, role: str, email: str, name: str, by: User | None, now: datetime
) -> Membership:
    """The person as a member with this role; user and membership are made where they are missing.

    `by`: who gave the role; None for the operator.

    A new user has no password: a volunteer signs in with a code, staff set one through „forgotten password“.
    Whoever becomes staff signs in anew, as staff do.
    """
    email = tidy_email(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name.strip())
        user.set_unusable_password()
        user.save(force_insert=True)
    member, made = Membership.objects.get_or_create(
        user=user, municipality=municipality, role=role, defaults={"active": True}
    )
    begins = made or not member.active
    if not member.active:
        member.active = True
        member.save(update_fields=["active", "updated_at"])
    if begins:
        changes.keep_in(municipality.pk, user, "role_given", by=by, now=now, role=role)
    if begins and role in STAFF and user.last_login is not None:
        end_sessions(user=user)
        user.refresh_from_db(fields=["session_epoch"])
    return member


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: User, now: datetime) -> Membership:
    """Another role in the same municipality; open sessions and tokens of the old one end.

    Raises NotAllowed, Invalid (the last administrator, an unknown role).
    """
    old = _lock(membership)
    _need_right(actor, old, role)
    if role not in Role.values:
        raise Invalid(_("Изберете роля."), code="role", field="role")
    if old.role == role:
        return old
    _end(old, now)
    new, made = Membership.objects.get_or_create(user=old.user, municipality=old.municipality, role=role)
    if not made:
        new.active = True
        new.save(update_fields=["active", "updated_at"])
    # Only a clerk is narrowed to a kmetstvo.
    new.settlements.set(old.settlements.all() if role == Role.CLERK else [])
    changes.keep_in(old.municipality_id, old.user, "role_changed", by=actor, now=now, role=role, before=old.role)
    return new


@transaction.atomic
def narrow(*, membership: Membership, settlements: Sequence[Settlement], actor: User, now: datetime) -> Membership:
    """A clerk sees only requests of people from these settlements; none of them: the whole municipality.

    Open sessions stay: every page asks anew. Raises NotAllowed, Invalid (`settlement`, `role`).
    """
    member = _lock(membership)
    own = Membership.objects.active().filter(user=actor, municipality_id=member.municipality_id)
    if not own.filter(role=Role.ADMINISTRATOR).exists():
        raise NotAllowed(_("Местата на служител определя администратор."))
    if member.role != Role.CLERK:
        raise Invalid(_("Само служител на гише работи за отделни места."), code="role")
    if any(place.municipality_id != member.municipality_id for place in settlements):
        raise Invalid(_("Изберете места от общината."), code="settlement", field="settlements")
    member.settlements.set(settlements)
    places = " ".join(sorted(place.pk for place in settlements))
    changes.keep_in(member.municipality_id, member.user, "role_narrowed", by=actor, now=now, places=places)
    return member


@transaction.atomic
def remove_member(*, membership: Membership, actor: User, now: datetime) -> None:
    """No way in with this role any more; sessions and tokens end. Raises NotAllowed, Invalid."""
    old = _lock(membership)
    _need_right(actor, old, old.role)
    _end(old, now)
    changes.keep_in(old.municipality_id, old.user, "role_taken", by=actor, now=now, role=old.role)


def _lock(membership: Membership) -> Membership:
    # All administrators of a municipality are locked together: two of them cannot remove one another at once.
    rows = (
        Membership.objects.select_for_update(of=("self",))
        .filter(municipality_id=membership.municipality_id, active=True)
        .select_related("user", "municipality")
        .order_by("pk")
    )
    found = next((row for row in rows if row.pk == membership.pk), None)
    if found is None:
        raise Invalid(_("Достъпът вече е спрян."), code="not_a_member")
    return found


def _need_right(actor: User, old: Membership, role: str) -> None:
    if actor.pk == old.user_id:
        raise NotAllowed(_("Своя достъп не променяте. Помолете колега."))
    own = Membership.objects.active().filter(user=actor, municipality_id=old.municipality_id)
    if not any(may_grant(mine.role, old.role) and may_grant(mine.role, role) for mine in own):
        raise NotAllowed(_("Тази роля се дава от администратор."))


def _end(member: Membership, now: datetime) -> None:
    if member.role == Role.ADMINISTRATOR:
        others = Membership.objects.active().filter(municipality_id=member.municipality_id, role=Role.ADMINISTRATOR)
        if not others.exclude(pk=member.pk).exists():
            raise Invalid(_("Това е последният администратор. Първо поканете друг."), code="last_administrator")
    member.active = False
    member.save(update_fields=["active", "updated_at"])
    tokens = ApiToken.objects.filter(membership=member)
    webhooks.pause_of_tokens(list(tokens.values_list("pk", flat=True)), now=now)
    tokens.filter(revoked_at=None).update(revoked_at=now)
    end_sessions(user=member.user)


@transaction.atomic
def end_sessions(*, user: User) -> None:
    """Every open session of this person is over at its next page."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    devices.end_all(user)


def doubt(*, readers: Iterable[UUID], now: datetime) -> None:
    """At their next page these are asked once who they are. Nobody who answers is stopped: it may be an emergency."""
    User.objects.filter(pk__in=list(readers)).update(doubted_at=now)


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Whoever was signed in with the one before is not any more."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
