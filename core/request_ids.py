"""One id for all that a request sets off: in its answer, its log lines, and those of the tasks it sent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_KNOWN = re.compile(r"[0-9a-zA-Z-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Our proxy's id where it names one, else a new one. A stranger's own is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.headers.get(HEADER, "") if settings.SECURE_PROXY_SSL_HEADER else ""
        token = current.set(named if _KNOWN.fullmatch(named) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = current.get()
            return response
        finally:
            current.reset(token)


def connect() -> None:
    """Called once by the Celery app."""
    before_task_publish.connect(_send_along)
    task_prerun.connect(_take_over)
    task_postrun.connect(_let_go)


def _send_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None and current.get():
        headers["request_id"] = current.get()


def _take_over(task: Any = None, task_id: str = "", **kwargs: Any) -> None:
    """A task of the schedule has no request: its own id names it."""
    sent = str(getattr(task.request, "request_id", None) or "") if task is not None else ""
    current.set(sent if _KNOWN.fullmatch(sent) else task_id)


def _let_go(**kwargs: Any) -> None:
    current.set("")
