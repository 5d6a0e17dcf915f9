"""Messages as files: where nothing may leave the house, as in the demonstration."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from notifications.channels.errors import CannotSend
from notifications.channels.parcel import Parcel, Receipt


class File:
    """The file is named by the message, so a message carried twice is still one file."""

    provider = "file"
    is_repeatable = True
    reports = False

    def carry(self, parcel: Parcel) -> Receipt:
        content = {
            "to": parcel.recipient,
            "channel": parcel.channel,
            "subject": parcel.subject,
            "body": parcel.text,
            "link": parcel.link,
        }
        try:
            _write_whole(spool() / f"{parcel.id}.json", json.dumps(content, ensure_ascii=False, indent=1))
        except OSError as error:
            raise CannotSend(f"{type(error).__name__} {error.errno}") from error
        return Receipt()


def spool() -> Path:
    """The folder the files lie in; only its owner reads it."""
    folder = Path(settings.MESSAGE_SPOOL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write_whole(target: Path, text: str) -> None:
    """All of the text under the name, or nothing: a reader never finds half a message."""
    part = target.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
