"""Tries are counted for each subject, together where Redis is, alone where it is not."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.test import RequestFactory, override_settings

from core import shared_counts
from core.tries import Tries

AWAY = {"default": {"BACKEND": "core.shared_counts.SharedCounts", "LOCATION": "redis://127.0.0.1:9/0"}}
THREE = Tries("three", most=3, pause_seconds=60)


@pytest.fixture(autouse=True)
def _empty() -> None:
    caches["default"].clear()


def test_after_so_many_it_is_enough() -> None:
    assert [THREE.take("0888") for _ in range(4)] == [True, True, True, False]
    assert THREE.too_many("0888") and not THREE.too_many("0889")
    THREE.forget("0888")
    assert THREE.take("0888")


def test_addresses_are_told_apart_and_never_written_down(rf: RequestFactory) -> None:
    one, other = rf.get("/", REMOTE_ADDR="192.0.2.1"), rf.get("/", REMOTE_ADDR="192.0.2.2")
    for _ in range(3):
        THREE.count(one)
    assert THREE.too_many(one) and not THREE.too_many(other)
    assert "192.0.2" not in THREE._key(one)


def test_without_redis_each_process_counts_alone_and_no_page_waits() -> None:
    with override_settings(CACHES=AWAY):
        began = time.monotonic()
        assert [THREE.take("0888") for _ in range(4)] == [True, True, True, False]
        assert time.monotonic() - began < 2 * shared_counts.ANSWER_SECONDS


def test_with_redis_they_are_counted_together() -> None:
    url = os.environ.get("TEST_REDIS_URL", "").replace("redis+socket", "unix").replace("?virtual_host", "?db")
    if not url:
        pytest.skip("no Redis here")
    there = {"default": {"BACKEND": "core.shared_counts.SharedCounts", "LOCATION": url}}
    many = Tries("together", most=20, pause_seconds=60)
    with override_settings(CACHES=there):
        caches["default"].clear()
        with ThreadPoolExecutor(8) as hands:
            taken = list(hands.map(lambda _: many.take("0888"), range(50)))
        assert sum(taken) == 20
        assert many.so_far("0888") == 50
