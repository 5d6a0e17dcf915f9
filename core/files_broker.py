"""Messages as files, for a demonstration without Redis.

Kombu's own filesystem transport lets a reader take a message, or the list of queues, that is still being
written, and the worker then ends with an error. Here a message appears under its name only when it is complete.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

Answer = TypeVar("Answer")
PATIENCE_SECONDS = 2.0


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns():020d}_{uuid.uuid4()}"
        draft = folder / f"{name}.draft"  # no queue's name ends so, so no reader looks at it
        draft.write_text(dumps(message), encoding="utf-8")
        os.replace(draft, folder / f"{name}.{queue}.msg")  # noqa: PTH105

    def get_table(self, exchange: str) -> Any:
        return _patiently(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, *binding: Any) -> None:
        _patiently(lambda: super(Channel, self)._queue_bind(*binding))


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """From now on `filesystem://` means this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


def _patiently(read: Callable[[], Answer]) -> Answer:
    """Read again while another process has created the file and not yet written it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return read()
        except ValueError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
