"""What a visitor has answered so far: in their session on the server, sealed like every personal text.

Only answers that passed their form come here, so no forbidden number ever rests in a session.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from core import crypto
from requests.forms.asking import Stored

ANSWERS, TOKEN, DONE, PLACE = "ask", "ask_token", "ask_done", "ask_place"


class Answers:
    """`token` names this one conversation: the same token never makes two requests."""

    def __init__(self, request: HttpRequest) -> None:
        self._session: SessionBase = request.session
        self._signed_in = request.user.is_authenticated
        self.given: Stored = self._open()

    @property
    def token(self) -> str:
        return str(self._session.get(TOKEN, ""))

    def begin(self) -> None:
        """A new conversation; what was answered before is forgotten."""
        self._session.pop(ANSWERS, None)
        self._session[TOKEN] = secrets.token_urlsafe(16)
        self.given = {}
        if not self._signed_in:
            # The computer may be the library's: it forgets when the browser closes.
            self._session.set_expiry(0)

    def give(self, step: str, answer: dict[str, Any]) -> None:
        self.given[step] = answer
        self._session[ANSWERS] = crypto.seal(json.dumps(self.given), bound_to=self._bound_to)

    def finish(self) -> None:
        self._session.pop(ANSWERS, None)
        self._session[DONE] = self._session.pop(TOKEN, "")
        self.given = {}

    def was_sent(self, token: str) -> bool:
        return bool(token) and self._session.get(DONE) == token

    @property
    def _bound_to(self) -> str:
        return f"session:ask:{self.token}"

    def _open(self) -> Stored:
        sealed = self._session.get(ANSWERS)
        if not sealed or not self.token:
            return {}
        try:
            given: Stored = json.loads(crypto.unseal(sealed, bound_to=self._bound_to))
        except crypto.CannotOpen:
            return {}
        return given
