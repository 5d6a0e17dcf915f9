"""Second factors: a code of an app or of the printed list is used once; a colleague takes a lost factor away."""

from __future__ import annotations

import logging
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    return row


@transaction.atomic
def set_printed(*, user: User, hashes: list[str], code: str) -> Authenticator:
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
    return row


@transaction.atomic
def remove(*, user: User, key: int, must_keep_one: bool) -> bool:
    """Whether there was such a factor of this person. Raises Invalid where it is the last and one must stay."""
    User.objects.select_for_update().get(pk=user.pk)
    mine = Authenticator.objects.filter(user=user)
    if must_keep_one and not mine.exclude(pk=key).exists():
        raise Invalid(_("Това е единствената ви втора стъпка. Първо добавете друга."), code="last_factor")
    return bool(mine.filter(pk=key).delete()[0])


def take_away(user: User) -> int:
    """All factors of this person. Answers how many."""
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    return count


@transaction.atomic
def reset(*, user: User) -> int:
    """Factors and open sessions go: at the next sign-in the password is asked, and a new factor set up."""
    count = take_away(user)
    end_sessions(user=user)
    return count


@transaction.atomic
def reset_colleague(*, membership: Membership, actor: User) -> int:
    """By a colleague who may give and take this person's roles here, never for oneself. Raises NotAllowed."""
    own = Membership.objects.active().filter(user=actor, municipality_id=membership.municipality_id)
    mine = list(own.values_list("role", flat=True))
    # Of every role they have anywhere: nobody opens a stronger account than they could give.
    theirs = Membership.objects.active().filter(user_id=membership.user_id)
    if actor.pk == membership.user_id:
        raise NotAllowed(_("Своя достъп не променяте. Помолете колега."))
    if not all(any(may_grant(one, role) for one in mine) for role in theirs.values_list("role", flat=True)):
        raise NotAllowed(_("Тази роля се дава от администратор."))
    count = reset(user=membership.user)
    logger.warning("Second factor of user %s taken away by user %s", membership.user_id, actor.pk)
    return count
