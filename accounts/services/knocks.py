"""Somebody asks for a way in. The page writes a row, whoever it is; a worker finds out whose it is and answers.

So the page takes as long, says and does the same for an account as for none.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import override

from accounts import finding, mail
from accounts.models import Knock, KnockQuerySet, User
from accounts.states import KnockKind
from core.crypto import lookup_hash
from core.nudge import nudge_on_commit
from core.phones import phone_hash
from core.tries import Tries
from notifications.services import codes

ANSWER = "accounts.tasks.answer_knocks"
GOOD_FOR = {KnockKind.CODE: timedelta(minutes=10), KnockKind.PASSWORD: timedelta(minutes=30)}
MOST_TRIES = 5
KEPT = timedelta(days=1)
BATCH = 200
# By telephone and by e-mail together; a telephone that several share counts for itself.
OF_ACCOUNT = Tries("codes-of-account", most=8, pause_seconds=3600)


@transaction.atomic
def knock(*, kind: KnockKind, typed: str, language: str, now: datetime) -> Knock:
    """`typed` is a tidy telephone or e-mail; nobody looks here whether it is known."""
    row = Knock(kind=kind, typed=typed, language=language, expires_at=now + GOOD_FOR[kind])
    row.save(force_insert=True)
    nudge_on_commit(ANSWER)
    return row


def answer_all(*, now: datetime) -> int:
    """Answer what waits, and forget what is over. Answers how many were answered."""
    waiting = Knock.objects.waiting(now).order_by("created_at").values_list("pk", "kind")[:BATCH]
    answers = {KnockKind.CODE: _send_code, KnockKind.PASSWORD: _send_link}
    count = sum(answers[KnockKind(kind)](pk, now) for pk, kind in list(waiting))
    _forget(now)
    return count


@transaction.atomic
def _forget(now: datetime) -> None:
    """What was typed, and codes that were used or are too old, also in the outbox; a day later the row itself."""
    over = Knock.objects.filter(expires_at__lt=now)
    over.exclude(typed="", phone_hash="").update(typed="", phone_hash="")
    over = Knock.objects.filter(Q(expires_at__lt=now) | Q(used_at__isnull=False)).exclude(code_hash="")
    gone = list(over.values_list("pk", flat=True)[:BATCH])
    if gone:
        codes.forget(_key(pk) for pk in gone)
        Knock.objects.filter(pk__in=gone).update(code_hash="")
    Knock.objects.filter(expires_at__lt=now - KEPT).delete()


def _claimed(pk: UUID, now: datetime) -> Knock | None:
    """One row changed: it is ours, and no other worker's."""
    if not Knock.objects.filter(pk=pk, answered_at=None).update(answered_at=now):
        return None
    return Knock.objects.get(pk=pk)


@transaction.atomic
def _send_code(pk: UUID, now: datetime) -> bool:
    row = _claimed(pk, now)
    if row is None:
        return False
    typed = str(row.typed)
    row.typed = ""
    reached = finding.who(typed, now=now)
    shared = len(reached) > 1
    # What is sent to a number that several share belongs to the number: to no account, and to nobody's e-mail.
    row.phone_hash = phone_hash(typed) if shared else ""
    row.user = reached[0].user if len(reached) == 1 else None
    if reached and OF_ACCOUNT.take(row.phone_hash or str(row.user_id)):
        code = f"{secrets.randbelow(10**6):06d}"
        row.code_hash = _hashed(row.pk, code)
        codes.send(
            contact=reached[0].contact, email="" if shared else reached[0].user.mail, by_phone="@" not in typed,
            code=code, key=_key(row.pk), language=row.language, now=now, expires_at=row.expires_at,
        )  # fmt: skip
    row.save(update_fields=["typed", "user", "phone_hash", "code_hash", "updated_at"])
    return True


def _send_link(pk: UUID, now: datetime) -> bool:
    """A letter with a link to a new password. One the mail server did not take is tried again while it is good for."""
    row = _claimed(pk, now)
    if row is None:
        return False
    user = User.objects.filter(email=row.typed, is_active=True).first()
    with override(row.language):
        sent = user is None or mail.send_new_password(user, asked=pk)
    again = {} if sent else {"answered_at": None}
    Knock.objects.filter(pk=pk).update(**again, **({"typed": ""} if sent else {}))
    return sent


def _key(pk: UUID) -> str:
    return f"sign-in:{pk}"


def _hashed(pk: UUID, code: str) -> str:
    return lookup_hash(f"{pk}:{code}", purpose="sign-in-code")


@transaction.atomic
def open_with(*, pk: UUID, code: str, now: datetime) -> list[User]:
    """Whoever this code signs in, once; several where it was sent to a telephone they share: see `choose`.

    Nobody for a wrong, used, old or fifth wrong one, and where nobody was reached. Each try is counted before it is
    compared, and every comparison is made.
    """
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    live = Knock.objects.filter(pk=pk, kind=KnockKind.CODE, used_at=None, expires_at__gt=now)
    counted = live.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    row = Knock.objects.filter(pk=pk).select_related("user").first()
    right = constant_time_compare(_hashed(pk, typed), row.code_hash if row else "")
    if not (counted and right and row and live.update(used_at=now)):
        return []
    if row.phone_hash:
        return [one.user for one in finding.of_number(row.phone_hash, now=now)]
    return [row.user] if row.user and row.user.is_active else []


def to_choose(*, pk: UUID, now: datetime) -> list[finding.Reached]:
    """Whose telephone it is, for whoever typed the right code sent to it, until one was chosen or it is too late."""
    opened = _to_choose(pk, now).first()
    return finding.of_number(opened.phone_hash, now=now) if opened else []


@transaction.atomic
def choose(*, pk: UUID, who: str, now: datetime) -> User | None:
    """The one of those on a shared telephone who is signed in, once; `who` is a key as the page has it.

    None for anybody else, and where somebody was chosen meanwhile.
    """
    chosen = next((one.user for one in to_choose(pk=pk, now=now) if str(one.user.pk) == who), None)
    if chosen is None or not _to_choose(pk, now).update(user=chosen, phone_hash=""):
        return None
    return chosen


def _to_choose(pk: UUID, now: datetime) -> KnockQuerySet:
    opened = Knock.objects.filter(pk=pk, used_at__isnull=False, user=None, expires_at__gt=now)
    return opened.exclude(phone_hash="")
