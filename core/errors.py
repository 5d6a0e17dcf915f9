"""Domain errors: what went wrong, in words that say what to do.

Web pages show `message`; the API answers problem+json with `code`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the house forbids this. `code` is stable, `message` says what to do."""

    code = "rule"
    status = 409
    message: str | Promise = _("Това не може да стане сега.")

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        code: str | None = None,
        field: str = "",
        **details: Any,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.field = field
        self.details = details
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """What was given is wrong; `field` names where."""

    code = "invalid"
    status = 422
    message = _("Нещо не е попълнено вярно.")


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = _("Тази страница не е за вашата роля.")


class Gone(DomainError):
    """Somebody was faster, or the time ran out. Nobody is to blame."""

    code = "gone"
    status = 409
    message = _("Някой ви изпревари. Благодарим ви.")


class IllegalMove(DomainError):
    """The transition table does not allow this step from where the row stands now."""

    code = "illegal_move"
    status = 409
    message = _("Междувременно нещо се промени. Вижте как стои сега.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "core/error.html", {"code": "csrf"}, status=403)
