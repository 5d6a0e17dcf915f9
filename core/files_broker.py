"""Messages as files, for a demonstration without Redis.

Kombu's own filesystem transport lets a reader take a message, or the list of queues, that is still being
written, and the worker then ends with an error. Here a message appears under its name only when it is complete.
It also keeps a worker from its event loop, whose processes then share one pipe under one lock: an idle process that
is killed takes the lock with it and the worker stays deaf. Here the loop looks, as it does with Redis.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
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
    implements = filesystem.Transport.implements.extend(asynchronous=True)

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        loop.call_repeatedly(self.polling_interval, self._take_all)

    def _take_all(self) -> None:
        """Everything the worker may take now; what it may not yet stays where it is."""
        cycle: Any = self.cycle
        with contextlib.suppress(Empty):
            while True:
                cycle.get(self._deliver)


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
