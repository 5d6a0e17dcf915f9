"""Counts for Prometheus: answers by route, tasks by name. Files below VAR_DIR/metrics hold those of every process.

Routes, codes and seconds only; whatever names a person is never a label.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.http import HttpRequest, HttpResponse

FOLDER = Path(settings.VAR_DIR) / "metrics"
if not settings.BUILDING:
    # Two containers may share the folder and give the same number to their processes.
    _own = FOLDER / socket.gethostname()
    _own.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_own))

from prometheus_client import CollectorRegistry, Histogram  # noqa: E402 - it reads the folder when imported
from prometheus_client.metrics_core import Metric  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
own = CollectorRegistry()
http = Histogram("dv_http_seconds", "Answers by route", ["method", "route", "status"], registry=own, buckets=SECONDS)
tasks = Histogram("dv_task_seconds", "Tasks run", ["task", "state"], registry=own, buckets=SECONDS)


class MetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        method = request.method if request.method in METHODS else "other"
        route = f"/{match.route}" if match else "other"
        http.labels(method, route, str(response.status_code)).observe(time.perf_counter() - began)
        return response


def connect() -> None:
    """Called once by the Celery app."""
    task_prerun.connect(_begins)
    task_postrun.connect(_ended)


def _begins(task: Any = None, **kwargs: Any) -> None:
    if task is not None:
        task.request.began_at = time.perf_counter()


def _ended(task: Any = None, state: str | None = None, **kwargs: Any) -> None:
    began = getattr(task.request, "began_at", None) if task is not None else None
    if began is not None:
        tasks.labels(task.name, (state or "unknown").lower()).observe(time.perf_counter() - began)


class OfAllProcesses:
    """What the processes of this installation counted; in a test, this one alone."""

    def collect(self) -> list[Metric]:
        if settings.BUILDING:
            return list(own.collect())
        files = [str(path) for path in FOLDER.glob("*/*.db")]
        return list(MultiProcessCollector.merge(files, accumulate=True))
