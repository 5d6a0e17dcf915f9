"""A real Kannel for tests: bearerbox, smsbox and its fake SMS centre, on ports of their own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, unquote_to_bytes

FAKE_CENTRE = "/usr/lib/kannel/test/fakesmsc"
CONFIG = """
group = core
admin-port = {admin}
admin-password = testing
smsbox-port = {boxes}
dlr-storage = internal
box-allow-ip = 127.0.0.1
log-level = 3

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-level = 3

group = sendsms-user
username = dobrovolci
password = testing
max-messages = 10
concatenation = true

group = sms-service
keyword = default
post-url = "{callback}/vrata/kannel/in/{secret}/?id=%I"
send-sender = true
catch-all = true
max-messages = 0
omit-empty = true
"""


def is_there() -> bool:
    return shutil.which("bearerbox") is not None and Path(FAKE_CENTRE).exists()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Kannel:
    """`with Kannel(folder, callback="http://127.0.0.1:8000", secret="…") as kannel:`

    `kannel.url` is sendsms. `arrived()` are the texts the fake centre got; `send` lets a telephone write to us.
    """

    def __init__(self, folder: Path, *, callback: str, secret: str) -> None:
        self.folder, self.callback, self.secret = folder, callback, secret
        self.ports = {name: free_port() for name in ("admin", "boxes", "centre", "sendsms")}
        self.url = f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Kannel:
        config = self.folder / "kannel.conf"
        config.write_text(CONFIG.format(**self.ports, callback=self.callback, secret=self.secret))
        self._start("bearerbox", str(config))
        self._wait(self.ports["boxes"])
        self._start("smsbox", str(config))
        self._wait(self.ports["sendsms"])
        self._centre = self._start_centre("-m", "0", "1 2 text none")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()

    def arrived(self) -> list[tuple[str, str]]:
        """(number, text) of what reached the telephones so far."""
        lines = (self.folder / "fakesmsc.log").read_text(errors="replace").splitlines()
        got = (line.partition("<")[2].rpartition(">")[0] for line in lines if "Got message" in line)
        return [_read(words) for words in got]

    def send(self, sender: str, text: str) -> None:
        """A telephone writes to us, in UCS-2. Kannel's fake connection knows one centre at a time: this is the next."""
        self._centre.kill()
        self._centre.wait()
        words = quote(text.encode("utf-16-be"), safe="")
        self._centre = self._start_centre("-i", "0.1", "-m", "1", f"{sender} 1917 ucs2 {words}")

    def _start_centre(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self._start(FAKE_CENTRE, "-H", "127.0.0.1", "-r", str(self.ports["centre"]), *arguments)

    def _start(self, command: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{Path(command).name}.log").open("ab") as log:
            process = subprocess.Popen([command, *arguments], stdout=log, stderr=log)
        self._running.append(process)
        return process

    def _wait(self, port: int, seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(
            "Kannel did not start: " + (self.folder / "bearerbox.log").read_text(errors="replace")[-800:]
        )


def _read(words: str) -> tuple[str, str]:
    """`sender receiver type text`, or `sender receiver udh header type text` for a part of a long one."""
    _sender, receiver, kind, text = [*words.split(" ", 3), ""][:4]
    if kind == "udh":
        _header, kind, text = [*text.split(" ", 2), ""][:3]
    raw = unquote_to_bytes(text.replace("+", " "))
    number = unquote_to_bytes(receiver).decode()
    # A sign of two units may lie on the border of two parts only where the sender cut it there.
    return number, raw.decode("utf-8" if kind == "text" else "utf-16-be", errors="replace")
