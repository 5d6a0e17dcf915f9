"""The cast: Ива, who is reached by SMS alone and at any hour, and a gateway that is told how to behave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import nudge
from notifications.channels import http
from notifications.kinds import Kind, Text
from notifications.models import Contact, Message
from notifications.services.contacts import make_contact
from notifications.services.outbox import enqueue
from notifications.states import Channel, MessageClass
from tests import factories as make
from tests.proofs.messages.gateways import Gateway, takes

SECRET = "a-secret-word"
BODY = {"to": "{to}", "from": "{from}", "text": "{text}", "id": "{id}"}


@pytest.fixture
def real_carriers(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.VAR_DIR, settings.MESSAGE_SPOOL = tmp_path, tmp_path / "spool"
    settings.SMS_TO_FILES, settings.GATEWAY_SECRET = False, SECRET
    nudge.forget()
    yield
    nudge.forget()


@pytest.fixture
def iva(db: None, real_carriers: None) -> Contact:
    contact = make_contact(municipality=make.municipality(), phone="+359888123456", channels=[Channel.SMS])
    contact.quiet_until, contact.on_free_days = contact.quiet_from, True
    contact.save()
    return contact


@pytest.fixture
def tell(iva: Contact) -> Callable[..., Message]:
    """Tell Ива something that must arrive."""

    def tell_iva(key: str = "visit:1:moved", **given: Any) -> Message:
        kind = Kind("visit_moved", MessageClass.CANCELLATION, must_arrive=True)
        text = Text("Друг час", "Идваме в четвъртък.", "Идваме в четвъртък.")
        return enqueue(contact=iva, key=key, kind=kind, text=text, **{"now": make.NOW, **given})[0]

    return tell_iva


@pytest.fixture
def gateway(real_carriers: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Behaves well until it is told otherwise; patience with it is a second instead of ten."""
    monkeypatch.setattr(http._client, "timeout", httpx.Timeout(1.0))
    monkeypatch.setattr(http, "ANSWER_SECONDS", 1.0)
    with Gateway(takes) as server:
        settings.SMS_GATEWAY = {"url": server.url, "body": BODY, "reference": "id"}
        yield server
