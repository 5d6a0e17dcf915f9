"""RFC 8292: who sends, proved to the push service by a token signed with this installation's own key."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications.push.encryption import b64, point, unb64

KEY_BYTES = 32
# A push service refuses more than 24 hours.
HOURS = 12


def new_key() -> str:
    """A private key as it stands in `PUSH_VAPID_PRIVATE_KEY`: 32 bytes in base64url."""
    return b64(generate_private_key(SECP256R1()).private_numbers().private_value.to_bytes(KEY_BYTES))


def public_of(private: str) -> str:
    """What a browser is given to subscribe with."""
    return b64(point(_read(private)))


def own_key() -> str:
    """This installation's private key; empty where none is set. A demonstration makes its own and keeps it."""
    if settings.PUSH_VAPID_PRIVATE_KEY or not settings.DEMO:
        return str(settings.PUSH_VAPID_PRIVATE_KEY)
    file = Path(settings.VAR_DIR) / "vapid.key"
    with suppress(FileExistsError):
        if not file.exists():
            _keep(file, new_key())
    return file.read_text(encoding="ascii").strip()


def authorization(endpoint: str, private: str) -> str:
    """The header's value for one push service. `exp` and `aud` bound the token to a day and to that service."""
    where = urlsplit(endpoint)
    claims: dict[str, str | int] = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int(time.time()) + HOURS * 3600,
        "sub": settings.PUSH_CONTACT,
    }
    said = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(_read(private).sign(said.encode(), ECDSA(SHA256())))
    token = f"{said}.{b64(r.to_bytes(KEY_BYTES) + s.to_bytes(KEY_BYTES))}"
    return f"vapid t={token}, k={public_of(private)}"


def _part(words: dict[str, str | int]) -> str:
    return b64(json.dumps(words, separators=(",", ":")).encode())


@lru_cache(maxsize=4)
def _read(private: str) -> EllipticCurvePrivateKey:
    try:
        raw = unb64(private)
        if len(raw) != KEY_BYTES:
            raise ValueError(len(raw))
        return derive_private_key(int.from_bytes(raw), SECP256R1())
    except ValueError as error:
        raise ImproperlyConfigured("PUSH_VAPID_PRIVATE_KEY is no key. `./run manage vapid_keys` makes one.") from error


def _keep(file: Path, key: str) -> None:
    """All of it under its name, only for its owner; whoever came first has made it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as part:
            part.write(key + "\n")
        os.link(name, file)
    finally:
        Path(name).unlink()
