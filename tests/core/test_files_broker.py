"""The broker without Redis: a message is read whole and once, also while others write."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from core import files_broker
from tests.core import bare_worker

MESSAGES = 400
WRITER = """
import sys
from kombu import Connection
from core import files_broker
files_broker.register()
options = __import__("json").loads(sys.argv[1])
channel = Connection("filesystem://", transport_options=options).channel()
for number in range(int(sys.argv[2])):
    channel._put("celery", {"body": "x" * 3000, "number": number})
"""


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    return bare_worker.options(tmp_path)


def open_channel(options: dict[str, Any]) -> Any:
    files_broker.register()
    return Connection("filesystem://", transport_options=options).channel()


def test_the_address_means_our_transport(options: dict[str, Any]) -> None:
    assert type(open_channel(options)) is files_broker.Channel


def test_two_writers_and_a_reader_lose_and_break_nothing(options: dict[str, Any]) -> None:
    channel = open_channel(options)
    command = [sys.executable, "-c", WRITER, json.dumps(options), str(MESSAGES)]
    writers = [subprocess.Popen(command) for _ in range(2)]
    received: list[int] = []
    deadline = time.monotonic() + 60
    while len(received) < 2 * MESSAGES and time.monotonic() < deadline:
        try:
            received.append(channel._get("celery")["number"])
        except Empty:
            time.sleep(0.005)
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert sorted(received) == sorted([*range(MESSAGES)] * 2)
    assert list(Path(options["data_folder_in"]).iterdir()) == []


def test_messages_come_in_the_order_they_were_sent(options: dict[str, Any]) -> None:
    channel = open_channel(options)
    for number in range(20):
        channel._put("celery", {"number": number})
    assert [channel._get("celery")["number"] for _ in range(20)] == list(range(20))


def test_a_list_of_queues_that_is_being_written_is_waited_for(options: dict[str, Any]) -> None:
    half_written = Path(options["control_folder"]) / "celery.exchange"
    half_written.touch()
    with pytest.raises(ValueError, match="Expecting value"):
        filesystem.Channel.get_table(open_channel(options), "celery")  # kombu's own trips over it
    later = threading.Timer(0.3, lambda: half_written.write_text('[["celery", "", "celery"]]', encoding="utf-8"))
    later.start()
    assert [entry.queue for entry in open_channel(options).get_table("celery")] == ["celery"]
    later.join()
