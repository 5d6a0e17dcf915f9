"""The cast: a municipality, and Ива who is reached by e-mail, telephone and in the app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core import nudge
from notifications import channels
from notifications.channels import CannotSend, MayHaveBeenSent, Parcel, Receipt
from notifications.kinds import Kind, Text
from notifications.models import Contact, Message
from notifications.services.contacts import make_contact
from notifications.services.outbox import enqueue
from notifications.states import Channel, MessageClass
from places.models import Municipality
from tests.notifications.smtp_sink import Sink

NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _spool_and_mail(settings: Any, tmp_path: Path) -> None:
    settings.MESSAGE_SPOOL = tmp_path / "spool"
    settings.VAR_DIR = tmp_path
    settings.SITE_URL = "https://dobrovolci.example"
    settings.SMS_TO_FILES = False


@pytest.fixture(autouse=True)
def _nothing_was_nudged() -> Iterator[None]:
    nudge.forget()
    yield
    nudge.forget()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def radomir(db: None) -> Municipality:
    return Municipality.objects.create(code="PER36", name_bg="Радомир", name_en="Radomir", active=True)


@pytest.fixture
def iva(radomir: Municipality) -> Contact:
    return make_contact(municipality=radomir, phone="+359888123456", email="iva@example.org", in_app=True)


@pytest.fixture
def awake(iva: Contact) -> Contact:
    """Ива on a day on which she may be told anything at any hour: the tests run at any hour themselves."""
    iva.quiet_until, iva.on_free_days = iva.quiet_from, True
    iva.save()
    return iva


@pytest.fixture
def tell(iva: Contact) -> Callable[..., list[Message]]:
    """Tell Ива something; every word of it can be given otherwise."""

    def tell_iva(
        key: str = "offer:17:made",
        *,
        code: str = "offer_made",
        message_class: MessageClass = MessageClass.ORDINARY,
        must_arrive: bool = False,
        or_call: bool = False,
        subject: str = "Покана за четвъртък",
        body: str = "В Извор ви чакат в 10:30 ч.",
        short: str = "Извор, чт 10:30. ДА 4821?",
        **given: Any,
    ) -> list[Message]:
        kind = Kind(code, message_class, must_arrive=must_arrive, or_call=or_call)
        about: dict[str, Any] = {"contact": iva, "now": NOW, "link": "/pokani/17/"}
        return enqueue(key=key, kind=kind, text=Text(subject, body, short), **(about | given))

    return tell_iva


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server that the e-mail channel speaks to."""
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


class Carrier:
    """Fails as often as it is told to, then carries; remembers what it carried."""

    def __init__(
        self,
        failures: int = 0,
        final: bool = False,
        error: Exception | None = None,
        unknown: bool = False,
        is_repeatable: bool = True,
        reports: bool = False,
        provider: str = "smtp",
    ) -> None:
        self.failures, self.final, self.error, self.unknown = failures, final, error, unknown
        self.is_repeatable, self.reports, self.provider = is_repeatable, reports, provider
        self.carried: Counter[Any] = Counter()
        self.parcels: list[Parcel] = []

    def carry(self, parcel: Parcel) -> Receipt:
        if self.failures:
            self.failures -= 1
            if self.unknown:
                raise MayHaveBeenSent("ReadTimeout")
            raise self.error or CannotSend("ConnectionRefusedError", final=self.final)
        self.carried[parcel.id] += 1
        self.parcels.append(parcel)
        return Receipt(reference=f"ref-{parcel.id}")


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Carrier]:
    """Let a channel, e-mail unless told otherwise, be carried by a carrier that fails as it is told."""

    def replace(channel: Channel = Channel.EMAIL, **given: Any) -> Carrier:
        carrier = Carrier(**given)
        monkeypatch.setitem(channels.CARRIERS, channel, carrier)
        return carrier

    return replace


@pytest.fixture
def letter(tell: Callable[..., list[Message]]) -> Message:
    """A letter to Ива that waits to be sent."""
    return tell(channels=[Channel.EMAIL])[0]
