"""The keys of an installation, from the environment or files it names: a missing, short or default one stops the start.

`PROCESS` names a process that is given fewer. It reads none of those it lacks, and whatever would use one fails there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets as random
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from config.env import text, words

SHORTEST = 50
DIFFERENT_LETTERS = 5
# As they stand in examples and in the demonstration.
DEFAULTS = ("change", "example", "secret", "django-insecure", "only-for-the-demonstration", "dev")
HOW = "See docs/operations.md, section Keys."
# The schedule publishes the names of tasks; who sends messages opens no sealed store. Every other process has all.
LACKS = {"beat": {"SECRET_KEY", "LOOKUP_KEY", "FIELD_KEYS", "EVIDENCE_KEYS"}, "sender": {"EVIDENCE_KEYS"}}


class Secrets(NamedTuple):
    """`fields` and `evidence` are rings: entries `id:base64 of 32 bytes`, the first one seals, all of them open."""

    secret: str
    lookup: str
    fields: list[str]
    evidence: list[str]


def process() -> str:
    """`beat` or `sender`, or nothing for a process with all keys. Raises ImproperlyConfigured for any other word."""
    name = text("PROCESS", "")
    if name and name not in LACKS:
        raise ImproperlyConfigured(f"PROCESS is {' or '.join(LACKS)}, or is left out; not {name!r}.")
    return name


def secrets(*, invented: bool, base: str) -> Secrets:
    """What the environment holds. `invented`: a demonstration, or what only reads code, makes its own.

    A process that lacks a key has an empty one, which `core.crypto` refuses to use.
    """
    lacks: set[str] = LACKS.get(process(), set())
    if "SECRET_KEY" in lacks:
        # Django wants one. Nobody believes what this one signs, and it is gone with the process.
        return Secrets(random.token_hex(32), "", [], [])
    held = _held(lacks, invented=invented)
    secret = held.secret or "only-for-the-demonstration-" + hashlib.sha256(base.encode()).hexdigest()
    lookup = held.lookup or hashlib.sha256(b"lookup" + secret.encode()).hexdigest()
    fields = held.fields or [_derived("FIELD_KEYS", secret)]
    evidence = [] if "EVIDENCE_KEYS" in lacks else held.evidence or [_derived("EVIDENCE_KEYS", secret)]
    return Secrets(secret, lookup, fields, evidence)


def _held(lacks: set[str], *, invented: bool) -> Secrets:
    """The keys as they were given, each looked at unless it may be invented."""
    secret, lookup = text("SECRET_KEY", ""), text("LOOKUP_KEY", "")
    rings = {name: [] if name in lacks else words(name) for name in ("FIELD_KEYS", "EVIDENCE_KEYS")}
    if not secret and not invented:
        raise ImproperlyConfigured("SECRET_KEY is not set. Put a long random text in it, or start ./run for a demo.")
    if not invented:
        _strong("SECRET_KEY", secret)
        if lookup:
            _strong("LOOKUP_KEY", lookup)
        if lookup == secret:
            raise ImproperlyConfigured(f"LOOKUP_KEY and SECRET_KEY are the same. {HOW}")
        for name, ring in rings.items():
            if name not in lacks:
                _random_ring(name, ring)
        if set(map(_bytes, rings["FIELD_KEYS"])) & set(map(_bytes, rings["EVIDENCE_KEYS"])):
            raise ImproperlyConfigured(f"EVIDENCE_KEYS holds a key of FIELD_KEYS. {HOW}")
    return Secrets(secret, lookup, rings["FIELD_KEYS"], rings["EVIDENCE_KEYS"])


def word(name: str, *, invented: bool) -> str:
    """A word that opens one door and may be left out; given, it is as strong as a key."""
    value = text(name, "")
    if value and not invented:
        _strong(name, value)
    return value


def _derived(name: str, secret: str) -> str:
    word = name.removesuffix("_KEYS").lower()
    return "demo:" + base64.b64encode(hashlib.sha256(word.encode() + secret.encode()).digest()).decode()


def _strong(name: str, value: str) -> None:
    if len(value) < SHORTEST or len(set(value)) < DIFFERENT_LETTERS:
        raise ImproperlyConfigured(f"{name} is too short or too simple: {SHORTEST} random characters or more. {HOW}")
    if value.lower().startswith(DEFAULTS):
        raise ImproperlyConfigured(f"{name} is a default. Make your own: openssl rand -hex 32. {HOW}")


def _random_ring(name: str, ring: list[str]) -> None:
    if not ring:
        raise ImproperlyConfigured(f"{name} is not set. {HOW}")
    for entry in ring:
        key_id, key = entry.partition(":")[0], _bytes(entry)
        if len(key) != 32:
            raise ImproperlyConfigured(f"{name}: each entry is id:base64 of 32 bytes. {HOW}")
        if key_id == "demo" or len(set(key)) < DIFFERENT_LETTERS:
            raise ImproperlyConfigured(
                f"{name}: {key_id!r} is a default. Make your own: openssl rand -base64 32. {HOW}"
            )


def _bytes(entry: str) -> bytes:
    """The key of `id:base64`. The bytes of a real one are not all alike."""
    try:
        return base64.b64decode(entry.partition(":")[2], validate=True)
    except binascii.Error:
        return b""
