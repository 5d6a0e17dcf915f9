"""Two real rsyslogd with the files we ship, a wire between them that is listened to, and certificates of a CA."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ops import testing
from tests.services.kannel import free_port

SHIPPED = Path(__file__).resolve().parents[2] / "ops" / "logs"
FORWARDING, RECEIVING = "help.example.bg", "logs.example.bg"
# A machine's own rsyslog.conf: its socket, its working folder, and the folder of what is dropped in.
MACHINE = """global(workDirectory="{folder}/spool")
module(load="imuxsock" SysSock.Name="{folder}/log")
include(file="{folder}/dropped.conf")
"""


def need() -> str:
    """Where rsyslogd stands. Skips where this was allowed; else a missing one is a failure."""
    found = testing.rsyslog()
    if found is None:
        if os.environ.get("ALLOW_MISSING") == "1":
            pytest.skip("needs rsyslog with RELP")
        pytest.fail("not installed: rsyslog (Debian: apt install rsyslog rsyslog-relp)")
    return found


def until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


class Authority:
    """A CA of one's own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate("logs CA", self.key, True)

    def give(self, folder: Path, name: str) -> None:
        """`ca.pem`, `this.pem`, `this.key` of a machine with this name."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        pem = serialization.Encoding.PEM
        (folder / "ca.pem").write_bytes(self.certificate.public_bytes(pem))
        (folder / "this.pem").write_bytes(self._certificate(name, key, False).public_bytes(pem))
        form = serialization.PrivateFormat.PKCS8
        (folder / "this.key").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))

    def _certificate(self, name: str, key: ec.EllipticCurvePrivateKey, is_ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = self.certificate.subject if not is_ca else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]), critical=False)
            .sign(self.key, hashes.SHA256())
        )


class Machine:
    """One rsyslogd, with a shipped file in which its operator filled in addresses: `changes` are old → new."""

    def __init__(self, folder: Path, shipped: str, changes: dict[str, str]) -> None:
        self.folder, self.binary = folder, need()
        for name in ("spool", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        text = (SHIPPED / shipped).read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text, f"{shipped} says no {old}"
            text = text.replace(old, new)
        (folder / "dropped.conf").write_text(text, encoding="utf-8")
        (folder / "rsyslog.conf").write_text(MACHINE.format(folder=folder), encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [self.binary, "-n", "-f", str(self.folder / "rsyslog.conf"), "-i", str(self.folder / "pid")]
        said = (self.folder / "said").open("ab")
        self.process = subprocess.Popen(command, stdout=said, stderr=said, cwd=self.folder)
        until(lambda: (self.folder / "log").exists(), self.said())

    def stop(self, *, kill: bool = False) -> None:
        if self.process is not None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(30)
        self.process = None
        (self.folder / "log").unlink(missing_ok=True)
        (self.folder / "pid").unlink(missing_ok=True)

    def stops_within(self, seconds: float) -> bool:
        """Whether it ends by itself so soon after it was told to."""
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def said(self) -> str:
        path = self.folder / "said"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def kept(self) -> bytes:
        """The queue on this machine's disk: what waits, and what went but was not cleared away yet."""
        return b"".join(path.read_bytes() for path in (self.folder / "spool").glob("digital-volunteers.0*"))

    def __enter__(self) -> Machine:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop(kill=True)


class Wire:
    """A cable between the two; every byte that passes is kept in `passed`."""

    def __init__(self, to: int) -> None:
        self.to, self.passed = to, bytearray()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                here, _where = self.door.accept()
            except OSError:
                return
            try:
                there = socket.create_connection(("127.0.0.1", self.to), timeout=5)
            except OSError:
                here.close()
                continue
            there.settimeout(None)
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                self.passed += piece
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.door.close()


def pair(folder: Path, ours: Authority, theirs: Authority, name: str = FORWARDING) -> tuple[Machine, Machine, Wire]:
    """Who forwards, with a certificate of `theirs` for `name`; who receives, with one of `ours`; and the wire."""
    ours.give(folder / "receiving" / "keys", RECEIVING)
    theirs.give(folder / "forwarding" / "keys", name)
    port = free_port()
    wire = Wire(port)
    keys = "/etc/digital-volunteers/logs/"
    receiving = Machine(
        folder / "receiving", "receive.conf",
        {
            '"6514"': f'"{port}"', keys: f"{folder}/receiving/keys/",
            "/var/log/installations": f"{folder}/receiving/logs",
        },
    )  # fmt: skip
    forwarding = Machine(
        folder / "forwarding", "forward.conf",
        {
            'target="logs.example.bg" port="6514"': f'target="127.0.0.1" port="{wire.port}"',
            keys: f"{folder}/forwarding/keys/", "/var/log/digital-volunteers": f"{folder}/forwarding/logs",
        },
    )  # fmt: skip
    return forwarding, receiving, wire
