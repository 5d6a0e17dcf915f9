"""The measuring of messages: its gateway takes its time and counts, and what was given twice is no kept promise."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks import messages
from benchmarks.message_house import _free_port
from tests.services.fixtures import ROOT


@pytest.fixture
def gateway() -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.slow_gateway", str(port), "--seconds", "0.05"]
    process = subprocess.Popen(command, cwd=ROOT)
    address, deadline = f"http://127.0.0.1:{port}/", time.monotonic() + 20
    while True:
        try:
            httpx.get(address, trust_env=False)
            break
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield address
    process.kill()
    process.wait()


class House:
    def __init__(self, address: str) -> None:
        self.address = address

    def arrived(self) -> Any:
        return httpx.get(self.address, trust_env=False).json()["ids"]


def test_what_the_gateway_was_given_twice_is_seen(gateway: str) -> None:
    with httpx.Client(trust_env=False) as client:
        began = time.monotonic()
        assert client.post(gateway, json={"id": "a", "text": "Ще дойдем"}).json() == {"id": "gw-a"}
        assert time.monotonic() - began >= 0.05
        client.post(gateway, json={"id": "b"})
        house: Any = House(gateway)
        assert messages._each_once(house, 2)
        assert not messages._each_once(house, 3)
        client.post(gateway, json={"id": "b"})
    assert not messages._each_once(house, 2)


def test_calls_that_are_late_are_made_all_the_same() -> None:
    began = time.monotonic()
    assert messages._steadily(100, 0.1, lambda number: number) == list(range(10))
    assert 0.09 <= time.monotonic() - began < 5
    assert messages._part([3.0, 1.0, 2.0], 0.99) == 3.0
