"""Another system on this machine: takes events over real HTTP, checks every signature, and misbehaves when told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

# Codes, or one of: hang (says nothing), half (stops inside its headers), drip (a byte now and then), rubbish, close.
Behaviour = int | str
RETRY_AFTER = 777


@dataclass(frozen=True)
class Received:
    """One post as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_by(self, secret: str) -> bool:
        """As a receiver checks it: over the raw body, any of the signatures may be ours."""
        key = base64.b64decode(secret.split("_", 1)[1])
        text = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        ours = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
        return f"v1,{ours}" in self.headers["webhook-signature"].split()


class Receiver:
    """A server on a port of its own. `behave` says how it answers, one after another; the last one stays."""

    def __init__(self, *behave: Behaviour) -> None:
        self.received: list[Received] = []
        self.behave: list[Behaviour] = list(behave or (204,))
        self._over = threading.Event()
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                receiver._handle(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self._server = Server(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/events"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, connection: socketserver.StreamRequestHandler) -> None:
        first = connection.rfile.readline().decode()
        headers: dict[str, str] = {}
        while line := connection.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = connection.rfile.read(int(headers.get("content-length", 0)))
        self.received.append(Received(first.split()[1], headers, body))
        how = self.behave.pop(0) if len(self.behave) > 1 else self.behave[0]
        self._answer(connection, how)

    def _answer(self, connection: socketserver.StreamRequestHandler, how: Behaviour) -> None:
        write = connection.wfile.write
        if how == "hang":
            self._over.wait(60)
        elif how == "half":
            write(b"HTTP/1.1 200 OK\r\nContent-Le")
        elif how == "rubbish":
            write(b"\x00\xff these are no headers\r\n\r\n")
        elif how == "drip":
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000:
                if self._over.wait(0.05):
                    return
                write(bytes([byte]))
        elif how != "close":
            words = f"HTTP/1.1 {how} Said\r\nLocation: {self.url}/elsewhere\r\nRetry-After: {RETRY_AFTER}\r\n"
            # It takes one post a connection, and says so: a client would send its next one into the closing.
            write(f"{words}Connection: close\r\nContent-Length: 6\r\n\r\nsecret".encode())


def until(holds: Any, what: str, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
