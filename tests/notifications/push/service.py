"""A push service on this machine: takes what it is sent, and answers as it is told."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """`answers`: path → status codes, the first for the first push; the last one stays. Without any: 201."""

    answers: dict[str, list[int]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    hangs: float = 0.0
    asks_to_wait: str = ""
    _server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def to(self, path: str) -> list[Taken]:
        return [one for one in self.taken if one.path == path]

    def __enter__(self) -> PushService:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                service.taken.append(Taken(self.path, dict(self.headers), body))
                time.sleep(service.hangs)
                codes = service.answers.get(self.path) or [201]
                code = codes.pop(0) if len(codes) > 1 else codes[0]
                self.send_response(code)
                self.send_header("Location", f"{service.url}/kept/0:{len(service.taken)}")
                if code == HTTPStatus.TOO_MANY_REQUESTS and service.asks_to_wait:
                    self.send_header("Retry-After", service.asks_to_wait)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
