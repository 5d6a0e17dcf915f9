"""Invitations: a link for one person, shown once, used once, good for a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Membership, User, digest, new_secret
from accounts.roles import may_grant
from accounts.selectors import needs_password
from accounts.services.members import add_member, need_person, tidy_email
from core.errors import Gone, Invalid, NotAllowed
from places.models import Municipality

GOOD_FOR = timedelta(days=7)


@transaction.atomic
def invite(
    *,
    municipality: Municipality,
    role: str,
    email: str,
    name: str,
    invited_by: User | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """The invitation and its secret, which is kept nowhere else. An older open one for the same address ends.

    `invited_by` may only give what they have (None: the command line). Raises Invalid, NotAllowed.
    """
    email, name = tidy_email(email), name.strip()
    need_person(email, name, role)
    if invited_by is not None:
        need_right(invited_by, municipality, role)
    members = Membership.objects.active().of(municipality)
    if members.filter(user__email=email, role=role).exists():
        raise Invalid(_("Този човек вече има тази роля."), code="already_member", field="email")
    for older in Invitation.objects.open(now).filter(municipality=municipality):
        # The address is sealed, so it is compared here; there are never many open ones.
        if older.email == email:
            Invitation.objects.filter(pk=older.pk).update(withdrawn_at=now)
    secret = new_secret()
    invitation = Invitation(
        municipality=municipality,
        role=role,
        email=email,
        name=name,
        secret_hash=digest(secret),
        invited_by=invited_by,
        expires_at=now + GOOD_FOR,
    )
    invitation.save(force_insert=True)
    return invitation, secret


def need_right(actor: User, municipality: Municipality, role: str) -> None:
    """Raises NotAllowed unless the actor may give or take this role here."""
    own = Membership.objects.active().of(municipality).filter(user=actor).values_list("role", flat=True)
    if not any(may_grant(mine, role) for mine in own):
        raise NotAllowed(_("Тази роля се дава от администратор."))


@transaction.atomic
def accept_invitation(*, secret: str, password: str, now: datetime) -> Membership:
    """Use the invitation: the person becomes a member. Raises Gone when it was used, withdrawn or too old.

    Someone who already has an account keeps their password; `password` is then not looked at. A new password
    that is too weak raises Invalid and leaves the invitation open.
    """
    invitation = Invitation.objects.select_related("municipality").filter(secret_hash=digest(secret)).first()
    if invitation is None or not _claim(invitation, now):
        raise Gone(_("Тази връзка вече не важи. Поискайте нова от общината."), code="invitation_gone")
    first_password = needs_password(invitation)
    member = add_member(
        municipality=invitation.municipality,
        role=invitation.role,
        email=invitation.email,
        name=invitation.name,
        by=invitation.invited_by,
        now=now,
    )
    user = member.user
    # Whoever holds the link must not take over an account that was there before.
    if first_password:
        try:
            validate_password(password, user)  # type: ignore[arg-type]
        except ValidationError as error:
            raise Invalid(error.messages[0], code="password", field="password1") from error
        user.set_password(password)
        user.save(update_fields=["password"])
    return member


def _claim(invitation: Invitation, now: datetime) -> bool:
    """One row changed: it is ours, and nobody else's."""
    return Invitation.objects.open(now).filter(pk=invitation.pk).update(accepted_at=now) == 1


@transaction.atomic
def withdraw(*, invitation: Invitation, actor: User, now: datetime) -> None:
    """The link stops working. Raises NotAllowed; an invitation that was used or withdrawn stays as it is."""
    need_right(actor, invitation.municipality, invitation.role)
    Invitation.objects.open(now).filter(pk=invitation.pk).update(withdrawn_at=now)
