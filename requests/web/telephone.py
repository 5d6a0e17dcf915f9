"""Where the municipality's telephone system tells of missed calls and voicemails."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.policy import public
from core.crypto import lookup_hash
from core.errors import Invalid
from core.phones import normalise
from notifications.services import callbacks, inbound
from notifications.states import CallbackSource
from notifications.talk import VOICEMAIL
from places.models import Municipality
from requests.web.gateways import READ_REPLIES, knows, object_of, refused, taken

SOURCES = {"missed": CallbackSource.MISSED, "voicemail": CallbackSource.VOICEMAIL}
LANGUAGES = ("bg", "en")
# A clock that goes wrong at the telephone system is not believed beyond this.
OLDEST = timedelta(days=30)


@public
@csrf_exempt
@require_POST
def event(request: HttpRequest, secret: str) -> HttpResponse:
    """A JSON object: `id`, `kind` (missed, voicemail), `from`, and if known `to`, `at`, `recording`, `language`.

    The same `id` again changes nothing. What has no number to ring is read by a person.
    """
    if not knows(secret):
        return refused()
    said, now = {name: str(value) for name, value in object_of(request).items()}, timezone.now()
    source = SOURCES.get(said.get("kind", ""))
    if source is None:
        return HttpResponse("kind: missed, voicemail", status=422, content_type="text/plain")
    home = _home(said.get("to", ""), said.get("from", ""))
    if home is None:
        return HttpResponse("no municipality", status=503, content_type="text/plain")
    reference = said.get("id") or lookup_hash(request.body.hex(), purpose="telephone")
    recording, language = _recording(said.get("recording", "")), said.get("language", "")
    try:
        callbacks.take_in(
            municipality=home, phone=said.get("from", ""), source=source,
            reference=reference, now=now, since=_since(said.get("at", ""), now), recording_url=recording,
            language=language if language in LANGUAGES else "",
        )  # fmt: skip
    except Invalid:
        _without_number(said.get("from", ""), recording, reference, now)
    return taken()


def _without_number(sender: str, recording: str, reference: str, now: datetime) -> None:
    """Nobody can ring back a hidden number; but who left word said something, and a person hears it."""
    if recording:
        name = f"{VOICEMAIL}{reference}"
        inbound.receive(sender=sender or "?", text=recording, reference=name, now=now, nudge=READ_REPLIES)


def _home(called: str, caller: str) -> Municipality | None:
    """Whose number was called; else who knows the caller; else the installation's first."""
    active = list(Municipality.objects.filter(active=True).order_by("pk"))
    for municipality in active:
        if called and municipality.phone and _same(called, municipality.phone):
            return municipality
    return (_knows(caller) if len(active) > 1 else None) or next(iter(active), None)


def _knows(caller: str) -> Municipality | None:
    try:
        return inbound.home_of(normalise(caller))
    except Invalid:
        return None


def _same(one: str, other: str) -> bool:
    try:
        return normalise(one) == normalise(other)
    except Invalid:
        return False


def _since(said: str, now: datetime) -> datetime:
    try:
        moment = parse_datetime(said)
    except ValueError:
        return now
    if moment is None or timezone.is_naive(moment) or not now - OLDEST < moment <= now:
        return now
    return moment


def _recording(said: str) -> str:
    """Only an address of the web may become a link."""
    try:
        return said if urlsplit(said).scheme in ("http", "https") and len(said) <= 300 else ""
    except ValueError:
        return ""
