"""The first steps of an installation: a municipality that works here and its first administrator."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services.invitations import invite
from accounts.services.members import add_member, need_person, tidy_email
from core.errors import Invalid
from places.models import Municipality
from places.services import open_municipality


class Founded(NamedTuple):
    """`secret` opens the invitation; it is empty for somebody who can sign in already."""

    municipality: Municipality
    secret: str
    was_there: bool


@transaction.atomic
def found(*, code: str, email: str, name: str, password: str, now: datetime) -> Founded:
    """Let the municipality work here and give it an administrator. Run again, it changes nothing.

    With a password the person can sign in at once, otherwise an invitation is made (a new one each time, the
    older one ends). An existing account keeps its password. Raises Invalid.
    """
    municipality = open_municipality(code=code)
    email = tidy_email(email)
    need_person(email, name.strip(), Role.ADMINISTRATOR)
    administrators = Membership.objects.active().of(municipality).filter(role=Role.ADMINISTRATOR)
    if administrators.filter(user__email=email).exists():
        return Founded(municipality, "", was_there=True)
    if not password:
        _invitation, secret = invite(
            municipality=municipality,
            role=Role.ADMINISTRATOR,
            email=email,
            name=name,
            invited_by=None,
            now=now,
        )
        return Founded(municipality, secret, was_there=False)
    user = add_member(municipality=municipality, role=Role.ADMINISTRATOR, email=email, name=name, by=None, now=now).user
    if not user.has_usable_password():
        _set_password(user, password)
    return Founded(municipality, "", was_there=False)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Invalid(error.messages[0], code="password", field="password") from error
    user.set_password(password)
    user.save(update_fields=["password"])
