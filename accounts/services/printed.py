"""Codes printed on a sheet for the second factor: kept as slow hashes, each good once, read again by nobody.

A code of eight digits has 26 bits: as little as a password. So it is hashed as one, with Argon2id, after a keyed hash:
who steals the tables alone can try nothing. A sheet has one random salt of its own, so that a typed code is hashed
once and compared with all that are left, not hashed thirty times.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction
from django.utils.crypto import constant_time_compare

from core.crypto import CannotOpen, lookup_hash

logger = logging.getLogger(__name__)
DIGITS = 8
# In `data` of the row: hashes of the codes that are left. Sheets from before have a sealed `seed` instead.
HASHES, SEED = "hashes", "seed"
# For the sign-in library such a sheet has no codes at all: it can neither make nor take one.
NONE_OF_THE_LIBRARY: dict[str, list[str]] = {"migrated_codes": []}
BATCH = 20


class SlowHash(Argon2PasswordHasher):
    """OWASP's least for Argon2id (19 MiB, two passes): thirty are made in the page that shows a sheet."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


def make() -> list[str]:
    """As many different codes as a sheet has, each of eight random digits."""
    codes: dict[str, None] = {}
    while len(codes) < settings.MFA_RECOVERY_CODE_COUNT:
        codes[f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"] = None
    return list(codes)


def hashed(codes: Iterable[str]) -> list[str]:
    """What is kept of the codes of one sheet."""
    hasher = SlowHash()
    salt = hasher.salt()
    return [hasher.encode(_keyed(code), salt) for code in codes]


def place_of(code: str, hashes: list[str]) -> int | None:
    """Where this code stands among those that are left of one sheet; None for a wrong one."""
    if not hashes or len(code) != DIGITS:
        return None
    typed, found = _like(hashes[0], code), None
    for place, one in enumerate(hashes):
        if constant_time_compare(one, typed):
            found = place
    return found


def use(row: Authenticator, code: str) -> bool:
    """Whether the code is of this sheet and was not used; it is used up. The caller holds the row's lock."""
    if HASHES not in row.data:
        return bool(RecoveryCodes(row).validate_code(code))
    place = place_of(code, row.data[HASHES])
    if place is None:
        return False
    del row.data[HASHES][place]
    row.save(update_fields=["data"])
    return True


def left(row: Authenticator) -> int:
    """How many codes of this sheet were not used."""
    return len(row.data[HASHES] if HASHES in row.data else RecoveryCodes(row).get_unused_codes())


def kept(hashes: list[str]) -> dict[str, list[str]]:
    """`data` of a sheet's row."""
    return {HASHES: hashes, **NONE_OF_THE_LIBRARY}


def hash_old(*, most: int = BATCH) -> int:
    """Sheets from before, whose codes could be made again from a sealed seed: hashed, and the seed gone.

    The paper in the person's hand goes on working. Answers how many; a sheet that no key opens works no more anyway.
    """
    done = 0
    old = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES, data__has_key=SEED).order_by("pk")
    for key in list(old.values_list("pk", flat=True)):
        if done == most:
            break
        try:
            done += _hash_one(key)
        except CannotOpen:
            logger.warning("The printed codes of factor %s are sealed with a key that is not in FIELD_KEYS", key)
    return done


@transaction.atomic
def _hash_one(key: int) -> bool:
    row = Authenticator.objects.select_for_update().filter(pk=key).first()
    if row is None or SEED not in row.data:
        return False
    row.data = kept(hashed(RecoveryCodes(row).get_unused_codes()))
    row.save(update_fields=["data"])
    return True


def _keyed(code: str) -> str:
    return lookup_hash(code, purpose="printed-code")


def _like(one: str, code: str) -> str:
    """This code hashed as that one was: with its salt and its costs."""
    told = SlowHash().decode(one)
    hasher = SlowHash()
    hasher.time_cost, hasher.memory_cost = told["time_cost"], told["memory_cost"]
    hasher.parallelism = told["parallelism"]
    return str(hasher.encode(_keyed(code), told["salt"]))
