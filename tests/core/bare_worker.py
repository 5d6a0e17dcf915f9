"""A worker of its own, without Django: `celery -A tests.core.bare_worker worker`.

Its broker is BROKER, what it makes and the messages of `filesystem://` are in FOLDER. With AS_KOMBU it uses Kombu's
own transports.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from celery import Celery

from core import files_broker, redis_broker

FOLDER = Path(os.environ.get("FOLDER", "."))


def options(folder: Path) -> dict[str, Any]:
    """Transport options of `filesystem://`, whose folders are made."""
    for name in ("queue", "processed", "control"):
        (folder / name).mkdir(exist_ok=True)
    return {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,
    }


if "AS_KOMBU" not in os.environ:
    files_broker.register()
    redis_broker.register()
app = Celery("bare", broker=os.environ.get("BROKER", "filesystem://"))
app.conf.broker_connection_retry_on_startup = True
app.conf.task_acks_late = True


@app.task
def touch(name: str, seconds: float = 0.0) -> None:
    """Make `name-begun`, and `name` so many seconds later."""
    (FOLDER / f"{name}-begun").touch()
    time.sleep(seconds)
    (FOLDER / name).touch()


if "FOLDER" in os.environ and app.conf.broker_url == "filesystem://":
    app.conf.broker_transport_options = options(FOLDER)
