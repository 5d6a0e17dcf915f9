"""`python -m ops.certificates FOLDER [SERVICE=UID …]`: by which the services of Compose know one another.

An authority of our own, and for each service a folder that only this service is given: `ca.crt`, its client
certificate (the common name is its role in the database) and, where others connect to it, its server certificate.
What stands is left alone; what ends within RENEW, or is not by this authority, is made anew. Private keys belong to
the account named for the service (`postgres=999`), mode 0600. It needs no right but CHOWN: folders stay root's, and
no key that was given away is read again.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ops.say import Trouble, complain, say

AUTHORITY = "authority"
AUTHORITY_LIFE, LIFE = timedelta(days=3650), timedelta(days=730)
# More than a year: whoever starts the house anew once a year never meets a certificate that has ended.
RENEW = timedelta(days=400)
# Clocks differ a little.
BEFORE = timedelta(minutes=5)


@dataclass(frozen=True)
class Service:
    """`client`: the common name it connects with; for PostgreSQL the role. `server`: others connect to it."""

    client: str
    server: bool = False


SERVICES = {
    "postgres": Service("postgres", server=True),
    "redis": Service("redis", server=True),
    "migrate": Service("dv_owner"),
    "web": Service("dv_app", server=True),
    "worker": Service("dv_app"),
    "sender": Service("dv_app"),
    "beat": Service("beat"),  # no role: the schedule reads no row
}


@dataclass(frozen=True)
class Wanted:
    """`extensions`: what the certificate says, each with whether it must be understood."""

    subject: x509.Name
    extensions: list[tuple[x509.ExtensionType, bool]]


@dataclass(frozen=True)
class Authority:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make(folder: Path, owners: dict[str, int], now: datetime) -> list[Path]:
    """Make what is missing or ends soon below `folder`; the certificates that were made, oldest first.

    `owners`: service → the uid its keys belong to; a service without one is ours. Raises OSError.
    """
    _open_folder(folder, 0o755)
    authority, made = _authority(folder / AUTHORITY, now)
    for name, service in SERVICES.items():
        place, uid = folder / name, owners.get(name, os.geteuid())
        _open_folder(place, 0o755)
        public = _pem(authority.certificate)
        if not (place / "ca.crt").exists() or (place / "ca.crt").read_bytes() != public:
            _write(place / "ca.crt", public, 0o644)
        for kind in ("server", "client") if service.server else ("client",):
            wanted = _wanted(name, service, kind)
            if not _stands(place / f"{kind}.crt", wanted, authority, uid, now):
                _issue(place / f"{kind}.crt", wanted, authority, uid, now)
                made.append(place / f"{kind}.crt")
    return made


def _wanted(name: str, service: Service, kind: str) -> Wanted:
    """Whom the certificate names and what it is good for; who signs it and until when comes later."""
    common = name if kind == "server" else service.client
    subject = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, name)]
    subject.append(x509.NameAttribute(NameOID.COMMON_NAME, common))
    use = ExtendedKeyUsageOID.SERVER_AUTH if kind == "server" else ExtendedKeyUsageOID.CLIENT_AUTH
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage([use]), False),
    ]
    if kind == "server":
        here = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        extensions.append((x509.SubjectAlternativeName([x509.DNSName(name), *here]), False))
    return Wanted(x509.Name(subject), extensions)


def _stands(path: Path, wanted: Wanted, authority: Authority, uid: int, now: datetime) -> bool:
    """Whether this certificate is what is wanted, by this authority, for longer than RENEW, with its key beside it."""
    key = path.with_suffix(".key")
    if not path.exists() or not key.exists() or key.stat().st_uid != uid:
        return False
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        found.verify_directly_issued_by(authority.certificate)
    except (ValueError, InvalidSignature):
        return False
    if found.not_valid_after_utc - now <= RENEW:
        return False
    says = [extension.value for extension in found.extensions]
    return found.subject == wanted.subject and all(extension in says for extension, _critical in wanted.extensions)


def _issue(path: Path, wanted: Wanted, authority: Authority, uid: int, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer)
    until = min(now + LIFE, authority.certificate.not_valid_after_utc)
    builder = x509.CertificateBuilder().subject_name(wanted.subject).issuer_name(authority.certificate.subject)
    for extension, critical in [*wanted.extensions, (named, False)]:
        builder = builder.add_extension(extension, critical=critical)
    certificate = _signed(builder, key, authority.key, now, until)
    # Without the certificate the pair is made anew at the next start: a power cut leaves no key beside a stranger's.
    path.unlink(missing_ok=True)
    _write(path.with_suffix(".key"), _private(key), 0o600, uid)
    _write(path, _pem(certificate), 0o644)


def _authority(folder: Path, now: datetime) -> tuple[Authority, list[Path]]:
    """The authority in `folder`, and its certificate's path when it was made just now."""
    _open_folder(folder, 0o700)
    key_path, path = folder / "ca.key", folder / "ca.crt"
    if key_path.exists() and path.exists():
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc - now > RENEW:
            return Authority(key, certificate), []
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Digital volunteers, this installation")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    certificate = _signed(builder, key, key, now, now + AUTHORITY_LIFE)
    path.unlink(missing_ok=True)
    _write(key_path, _private(key), 0o600)
    _write(path, _pem(certificate), 0o644)
    return Authority(key, certificate), [path]


def _signed(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    now: datetime,
    until: datetime,
) -> x509.Certificate:
    known_by = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(known_by, critical=False).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - BEFORE).not_valid_after(until).sign(by, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption())


def _open_folder(folder: Path, mode: int) -> None:
    """Make the folder; one that stands (a volume) keeps the rights it was given."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def _write(path: Path, content: bytes, mode: int, uid: int | None = None) -> None:
    """The file whole or as it was, never open to others for a moment."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
        if uid is not None and uid != os.geteuid():
            os.fchown(file.fileno(), uid, -1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def main(arguments: list[str]) -> int:
    owners: dict[str, int] = {}
    for word in arguments[1:]:
        name, _, uid = word.partition("=")
        if name not in SERVICES or not uid.isdigit():
            arguments = []
            break
        owners[name] = int(uid)
    if not arguments:
        print(f"usage: python -m ops.certificates FOLDER [SERVICE=UID …]: {', '.join(SERVICES)}", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    try:
        made = make(folder, owners, datetime.now(UTC))
    except OSError as error:
        complain(Trouble(f"Сертификатите не се направиха: {error}.", f"The certificates could not be made: {error}."))
        return 1
    for path in made:
        say(f"{path.relative_to(folder)}", "made")
    end = min(x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc for path in folder.glob("*/*.crt"))
    say(f"Сертификатите важат до {end:%d.%m.%Y}.", f"The certificates are good until {end:%Y-%m-%d}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
