"""Second factors: a code of an app or of the printed list is used once; a colleague takes a lost factor away."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import changes
from accounts.models import Membership, User
from accounts.roles import may_grant
from accounts.services import app_codes, printed
from accounts.services.members import end_sessions
from core.errors import Invalid, NotAllowed
from core.tries import Tries

logger = logging.getLogger(__name__)
Kind = Authenticator.Type
WRONG = Tries("factor-wrong", most=5, pause_seconds=300)


def _tidy(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())


@transaction.atomic
def use_code(*, user: User, code: str, now: datetime) -> Authenticator | None:
    """The factor this code is of, and the code is used up: a second time it is none. None for a wrong one."""
    rows = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Kind.WEBAUTHN).order_by("pk")
    for row in rows:
        if row.type == Kind.TOTP:
            step = app_codes.step_of(decrypt(row.data["secret"]), _tidy(code), now)
            if step is not None and step > row.data.get("step", 0):
                row.data["step"] = step
                row.save(update_fields=["data"])
                return row
        elif printed.use(row, _tidy(code)):
            return row
    return None


def why_not(*, user: User, code: str, now: datetime) -> Promise:
    """The sentence for a code that `use_code` did not take: other, too late, or of a telephone whose clock is off."""
    row = Authenticator.objects.filter(user=user, type=Kind.TOTP).first()
    off = app_codes.off_by(decrypt(row.data["secret"]), _tidy(code), now) if row else None
    return app_codes.why_not(off)


@transaction.atomic
def set_app(*, user: User, secret: str, code: str, now: datetime) -> Authenticator:
    """The app with this secret is the person's from now on, instead of an older one. Raises Invalid (`code`)."""
    step = app_codes.step_of(secret, _tidy(code), now)
    if step is None:
        other = _("Кодът е друг. Препишете го от приложението.")
        off = app_codes.off_by(secret, _tidy(code), now)
        raise Invalid(app_codes.why_not(off, otherwise=other), code="code", field="code")
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Kind.TOTP).delete()
    row: Authenticator = TOTP.activate(user, secret).instance
    row.data["step"] = step
    row.save(update_fields=["data"])
    return _kept(row, now)


@transaction.atomic
def set_key(*, user: User, name: str, credential: dict[str, Any], now: datetime) -> Authenticator:
    """A passkey or security key whose answer to our question was checked."""
    return _kept(WebAuthn.add(user, name, credential).instance, now)


@transaction.atomic
def set_printed(*, user: User, hashes: list[str], code: str, now: datetime) -> Authenticator:
    """The printed list counts from now on, the older one no more; `code` is one of it and is used up.

    `hashes` are all that is left of the list once it was shown. Whoever copies a code has the list in hand.
    Raises Invalid (`code`).
    """
    place = printed.place_of(_tidy(code), hashes)
    if place is None:
        raise Invalid(_("Такъв код няма в листа. Препишете един от него."), code="code", field="code")
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    rest = [one for number, one in enumerate(hashes) if number != place]
    row = Authenticator(user=user, type=Kind.RECOVERY_CODES, data=printed.kept(rest))
    row.save(force_insert=True)
    return _kept(row, now)


def _kept(row: Authenticator, now: datetime) -> Authenticator:
    """In the journal; whose it is has set it themselves."""
    changes.keep(row.user, "factor_set", by=row.user, now=now, kind=row.type)
    return row


@transaction.atomic
def remove(*, user: User, key: int, must_keep_one: bool, now: datetime) -> bool:
    """Whether there was such a factor of this person. Raises Invalid where it is the last and one must stay."""
    User.objects.select_for_update().get(pk=user.pk)
    mine = Authenticator.objects.filter(user=user)
    if must_keep_one and not mine.exclude(pk=key).exists():
        raise Invalid(_("Това е единствената ви втора стъпка. Първо добавете друга."), code="last_factor")
    row = mine.filter(pk=key).first()
    if row is None:
        return False
    changes.keep(user, "factor_removed", by=user, now=now, kind=row.type)
    row.delete()
    return True


def take_away(user: User) -> int:
    """All factors of this person. Answers how many."""
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    return count


@transaction.atomic
def reset(*, user: User, by: User | None, now: datetime) -> int:
    """Factors and open sessions go: at the next sign-in the password is asked, and a new factor set up.

    `by`: a colleague, or None for the operator. It stands in the journal, also where there was none to take.
    """
    count = take_away(user)
    end_sessions(user=user)
    changes.keep(user, "factors_taken", by=by, now=now, count=count)
    return count


@transaction.atomic
def reset_colleague(*, membership: Membership, actor: User, now: datetime) -> int:
    """By a colleague who may give and take this person's roles here, never for oneself. Raises NotAllowed."""
    own = Membership.objects.active().filter(user=actor, municipality_id=membership.municipality_id)
    mine = list(own.values_list("role", flat=True))
    # Of every role they have anywhere: nobody opens a stronger account than they could give.
    theirs = Membership.objects.active().filter(user_id=membership.user_id)
    if actor.pk == membership.user_id:
        raise NotAllowed(_("Своя достъп не променяте. Помолете колега."))
    if not all(any(may_grant(one, role) for one in mine) for role in theirs.values_list("role", flat=True)):
        raise NotAllowed(_("Тази роля се дава от администратор."))
    count = reset(user=membership.user, by=actor, now=now)
    logger.warning("Second factor of user %s taken away by user %s", membership.user_id, actor.pk)
    return count
