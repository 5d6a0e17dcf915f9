"""Why a message could not be handed over."""

from __future__ import annotations

from uuid import UUID


class CannotSend(Exception):
    """`reason` is a code without personal text. `final`: another try would end the same way.

    `provider_ok`: the provider answered and only this message was refused, so its circuit stays closed.
    `gone`: browsers that are no more. `wait`: seconds the provider asked us to wait, 0 where it did not.
    """

    def __init__(
        self, reason: str, *, final: bool = False, provider_ok: bool = False, gone: tuple[UUID, ...] = (), wait: int = 0
    ) -> None:
        super().__init__(reason)
        self.wait = wait
        self.reason = reason
        self.final = final
        self.provider_ok = provider_ok
        self.gone = gone


class MayHaveBeenSent(Exception):
    """The connection broke after the message had gone out to the provider: whether it took it, nobody knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
