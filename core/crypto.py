"""Sealing personal text: AES-GCM with a key ring, and keyed hashes to find a row by.

A sealed value reads `key-id.base64(nonce + ciphertext)`. Its associated data names the table, the
column and the row, so a value moved to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
HASH_BYTES = 16


class CannotOpen(Exception):
    """A sealed value that no key of the ring opens, or that belongs to another row."""


class NoKeys(RuntimeError):
    """This process was given no such key (`PROCESS`): what it was asked to do is not its work."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not for this process (PROCESS={settings.PROCESS}).")


def _own(ring_of: str) -> dict[str, AESGCM]:
    """The ring of this setting. Raises NoKeys."""
    keys = tuple(getattr(settings, ring_of))
    if not keys:
        raise NoKeys(ring_of)
    return _ring(keys)


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    ring: dict[str, AESGCM] = {}
    for entry in keys:
        key_id, _, encoded = entry.partition(":")
        key = base64.b64decode(encoded)
        if len(key) != 32 or not key_id or "." in key_id:
            raise ValueError("FIELD_KEYS: each entry is id:base64 of 32 bytes")
        ring[key_id] = AESGCM(key)
    return ring


# The ring of ordinary fields, and the one of the sealed store: settings of these names.
FIELDS, EVIDENCE = "FIELD_KEYS", "EVIDENCE_KEYS"


def seal(plain: str, *, bound_to: str, ring_of: str = FIELDS) -> str:
    """Encrypt text for one cell; `bound_to` names table, column and row."""
    ring = _own(ring_of)
    key_id = next(iter(ring))
    nonce = os.urandom(NONCE_BYTES)
    sealed = ring[key_id].encrypt(nonce, plain.encode(), bound_to.encode())
    return f"{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, bound_to: str, ring_of: str = FIELDS) -> str:
    """Decrypt what `seal` wrote for the same cell. Raises CannotOpen, and NoKeys where there are none."""
    key_id, _, encoded = sealed.partition(".")
    key = _own(ring_of).get(key_id)
    if key is None:
        raise CannotOpen(f"no key {key_id!r} in the ring")
    raw = base64.b64decode(encoded)
    try:
        return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
    except InvalidTag as error:
        raise CannotOpen("the value was changed or belongs to another row") from error


def lookup_hash(value: str, *, purpose: str) -> str:
    """A keyed hash (hex, 128 bits) to find a row by a value that is stored sealed."""
    return keyed_digest(f"{purpose}\0{value}").hex()


def keyed_digest(value: str) -> bytes:
    if not settings.LOOKUP_KEY:
        raise NoKeys("LOOKUP_KEY")
    return hmac.new(settings.LOOKUP_KEY.encode(), value.encode(), hashlib.sha256).digest()[:HASH_BYTES]


def first_key(ring_of: str = FIELDS) -> str:
    """The id of the key that seals now."""
    return next(iter(_own(ring_of)))


def key_of(sealed: str) -> str:
    """The id of the key a value was sealed with."""
    return sealed.partition(".")[0]
