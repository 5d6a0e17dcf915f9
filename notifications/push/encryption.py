"""RFC 8291: a message sealed for one browser, as one record of `aes128gcm` (RFC 8188).

Our key of the moment and the browser's agree on a secret; its `auth` and both public keys go into the derivation, so
that neither the push service nor anybody on the way can read or change the text.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES, AUTH_BYTES, POINT_BYTES = 16, 16, 65
# Every push service takes a body of 4096 bytes: less header, mark of the last record and tag.
RECORD = 4096
MOST_BYTES = RECORD - SALT_BYTES - 4 - 1 - POINT_BYTES - 1 - 16
LAST_RECORD = b"\x02"


def seal(
    plain: bytes, *, p256dh: bytes, auth: bytes, salt: bytes = b"", own: EllipticCurvePrivateKey | None = None
) -> bytes:
    """The body for the push service. Raises ValueError where the text is too long or the keys are none.

    `salt` and `own` are chosen anew for each message; only the RFC's example gives them.
    """
    if len(plain) > MOST_BYTES:
        raise ValueError(f"a push holds {MOST_BYTES} bytes, not {len(plain)}")
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh)
    own, salt = own or generate_private_key(SECP256R1()), salt or os.urandom(SALT_BYTES)
    ours = point(own)
    agreed = _derive(own.exchange(ECDH(), theirs), salt=auth, info=b"WebPush: info\0" + p256dh + ours, length=32)
    key = _derive(agreed, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derive(agreed, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return header + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def point(key: EllipticCurvePrivateKey) -> bytes:
    """The public half, as 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def are_keys(p256dh: bytes, auth: bytes) -> bool:
    """Whether a browser could have made these."""
    if len(auth) != AUTH_BYTES or len(p256dh) != POINT_BYTES:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh)
    except ValueError:
        return False
    return True


def b64(raw: bytes) -> str:
    """base64url without padding, as everything in web push is written."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of it. Raises ValueError."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
