"""An app's codes: each lives its own half minute and not a second longer, by this machine's clock."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEP_SECONDS = 30
# Looked at only to say what is the matter, never to let anybody in: ten minutes back, where codes are good for nothing
# any more, and one half minute ahead. Further ahead a guesser would be told which code to come back with.
BACK, AHEAD_BY = 20, 1
WRONG = _("Кодът е друг или вече е използван. Впишете следващия.")
LATE = _("Този код току-що изтече. Препишете следващия, щом се покаже.")
AHEAD = _("Часовникът на телефона избързва. Включете му час от мрежата и опитайте пак.")
BEHIND = _("Този код е стар. Препишете новия, или включете на телефона час от мрежата.")


def here(now: datetime) -> int:
    """Which half minute it is."""
    return int(now.timestamp()) // STEP_SECONDS


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """This half minute, where the code is its code; None for any other."""
    step = here(now)
    return step if constant_time_compare(_code(secret, step), code) else None


def off_by(secret: str, code: str, now: datetime) -> int | None:
    """How many half minutes the code is before (-) or after this one; None where it is no code of these minutes."""
    step = here(now)
    found = None
    # The nearest is the last to be looked at.
    for off in sorted(range(-BACK, AHEAD_BY + 1), key=abs, reverse=True):
        if constant_time_compare(_code(secret, step + off), code):
            found = off
    return found


def why_not(off: int | None, *, otherwise: Promise = WRONG) -> Promise:
    """The sentence for a code that was not taken."""
    if not off:
        return otherwise
    if off > 0:
        return AHEAD
    return LATE if off == -1 else BEHIND


def _code(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))
