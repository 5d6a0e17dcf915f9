"""Tokens for programs: shown once, scoped, expiring, revocable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import changes
from accounts.models import ApiToken, Membership, User, digest, new_secret
from accounts.scopes import scopes_of
from core.errors import Invalid
from notifications.services import webhooks

LONGEST = timedelta(days=366)


@transaction.atomic
def create_token(
    *, membership: Membership, label: str, scopes: Iterable[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """The token and its secret, which is kept nowhere else. Raises Invalid.

    A program can never do more than the person may: scopes beyond the role are refused.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(scopes_of(membership.role)):
        raise Invalid(_("Изберете само от това, което и вие можете."), code="scopes", field="scopes")
    if not label.strip():
        raise Invalid(_("Напишете за коя програма е ключът."), code="label", field="label")
    if not now < expires_at <= now + LONGEST:
        raise Invalid(_("Ключът важи най-много една година."), code="expires_at", field="days")
    secret = new_secret()
    token = ApiToken.objects.create(
        membership=membership,
        label=label.strip(),
        secret_hash=digest(secret),
        scopes=wanted,
        expires_at=expires_at,
    )
    _keep("token_made", token, membership.user, now)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User, now: datetime) -> None:
    """The next call with it is refused, and its subscriptions are told nothing more. A second time changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        _keep("token_revoked", token, actor, now)
    webhooks.pause_of_tokens([token.pk], now=now)


def _keep(verb: str, token: ApiToken, by: User, now: datetime) -> None:
    """What a program may do on somebody's behalf; of its name, which may be a person's, only the key."""
    of = token.membership
    facts = {"token": str(token.pk), "scopes": " ".join(token.scopes)}
    changes.keep_in(of.municipality_id, of.user, verb, by=by, now=now, **facts)
