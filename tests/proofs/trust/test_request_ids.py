"""One id goes from a page's answer into the lines of the worker that did what the page set off."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.requests.web.test_desk import client_of, said
from tests.services.fixtures import Process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.postgres]
PATIENCE_SECONDS = 30.0


def lines(worker: Process, request_id: str) -> list[str]:
    """What the worker wrote about this request, once it finished something for it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = [line for line in worker.log().splitlines() if request_id in line]
        if any("succeeded" in line for line in found) or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


@pytest.fixture
def clerk() -> Client:
    return client_of(make.user("clerk"))


def test_what_a_page_set_off_is_found_by_its_id(clerk: Client, start_worker: Callable[..., Process]) -> None:
    worker = start_worker(env={"LOG_FORMAT": "json", "SOLVER_SECONDS": "0.3"})
    answer = clerk.post(reverse("requests:desk"), said(person=str(make.resident().pk)))
    assert answer.status_code == 302
    found = [json.loads(line) for line in lines(worker, answer.headers["X-Request-ID"])]
    ended = [line["message"] for line in found if "succeeded" in line["message"]]
    assert any("planning.tasks.plan_due" in message for message in ended), worker.log()[-2000:]
    assert {line["request_id"] for line in found} == {answer.headers["X-Request-ID"]}
    other = clerk.get(reverse("requests:desk")).headers["X-Request-ID"]
    assert other not in worker.log()
