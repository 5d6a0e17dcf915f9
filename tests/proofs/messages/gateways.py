"""A gateway of the generic kind that misbehaves as it is told, and keeps what it was given."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType

Manner = Callable[[socket.socket, str], None]
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Gateway:
    """`with Gateway() as gateway:`; `gateway.manner` answers each message, `gateway.had` counts them by id."""

    def __init__(self, manner: Manner) -> None:
        self.manner, self.had = manner, Counter[str]()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"

    def __enter__(self) -> Gateway:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            raw = b""
            while b"\r\n\r\n" not in raw:
                raw += connection.recv(65536)
            head, _, body = raw.partition(b"\r\n\r\n")
            length = int(next(line for line in head.lower().split(b"\r\n") if b"content-length" in line).split(b":")[1])
            while len(body) < length:
                body += connection.recv(65536)
            # In JSON as in Kannel's XML, whose address for reports names the message.
            (name,) = set(ID.findall(body.decode()))
            self.had[name] += 1
            self.manner(connection, name)


def answer(connection: socket.socket, body: bytes, status: str = "200 OK", length: int | None = None) -> None:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + body)


def takes(connection: socket.socket, name: str) -> None:
    """What a good one does."""
    answer(connection, json.dumps({"id": f"ref-{name[:8]}"}).encode())


def hangs(connection: socket.socket, name: str) -> None:
    time.sleep(60)


def drips(connection: socket.socket, name: str) -> None:
    """Each byte comes before any patience with a single one ends, and the whole never does."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    try:
        for _byte in range(600):
            connection.sendall(b" ")
            time.sleep(0.1)
    except OSError:
        return


def says_500(connection: socket.socket, name: str) -> None:
    answer(connection, b"<h1>Internal Server Error</h1>", "500 Internal Server Error")


def says_504(connection: socket.socket, name: str) -> None:
    answer(connection, b"", "504 Gateway Time-out")


def rubbish(connection: socket.socket, name: str) -> None:
    answer(connection, b"\x00\xff\xfe<rubbish>")


def not_http(connection: socket.socket, name: str) -> None:
    connection.sendall(b"220 smtp.example ESMTP\r\n")


def endless(connection: socket.socket, name: str) -> None:
    try:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)
    except OSError:
        return


def closes_before(connection: socket.socket, name: str) -> None:
    return


def closes_half_way(connection: socket.socket, name: str) -> None:
    answer(connection, b'{"id": "re', length=400)
