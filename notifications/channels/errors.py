"""Why a message could not be handed over."""

from __future__ import annotations


class CannotSend(Exception):
    """`reason` is a code without personal text. `final`: another try would end the same way."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
