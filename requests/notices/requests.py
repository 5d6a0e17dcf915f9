"""What people are told about their request."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from requests import messages
from requests.models import HelpRequest
from requests.notices.telling import call_us, tell


def request_received(help_request: HelpRequest, *, now: datetime) -> None:
    def facts() -> dict[str, str]:
        code = _spaced(help_request.tracking_code)
        return {"number": str(help_request.number), "code": code, "phone": call_us(help_request)}

    tell(
        help_request.resident.contact, f"request:{help_request.pk}:received", messages.REQUEST_RECEIVED, facts,
        now=now, link=reverse("requests:track"),
    )  # fmt: skip


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def request_expired(help_request: HelpRequest, *, now: datetime) -> None:
    tell(
        help_request.resident.contact, f"request:{help_request.pk}:expired:{help_request.attempt}",
        messages.REQUEST_EXPIRED,
        lambda: {"number": str(help_request.number), "phone": call_us(help_request)},
        now=now, link=reverse("requests:track"),
    )  # fmt: skip
