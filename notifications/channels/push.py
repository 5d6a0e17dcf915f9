"""Web push: to every browser on which the person switched notifications on.

One message is one receipt, however many browsers there are: it is sent when one push service took it. The browser
itself confirms with the token it is given. Carried twice it is shown once: browser and service know it by its name.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from core.crypto import lookup_hash
from notifications.channels.errors import CannotSend, MayHaveBeenSent
from notifications.channels.http import asked_to_wait, post
from notifications.channels.parcel import Device, Parcel, Receipt
from notifications.push import hosts, vapid
from notifications.push.encryption import seal, unb64
from notifications.states import MessageClass

# How long a push service keeps it for a telephone that is off; never past the moment it would come too late.
KEPT_SECONDS = 24 * 3600
# Signs of the text: a telephone shows no more, and all of it fits in one record in any alphabet.
MOST_SIGNS = 300
TAKEN, NO_MORE, TRY_AGAIN = (200, 201, 202, 204), (404, 410), (408, 425, 429)


class Push:
    provider = "push"
    is_repeatable = True
    reports = True

    def carry(self, parcel: Parcel) -> Receipt:
        if not parcel.devices:
            raise CannotSend("NoDevice", final=True, provider_ok=True)
        taken, refused = [], []
        for device in parcel.devices:
            try:
                taken.append(_to_device(parcel, device))
            except CannotSend as error:
                refused.append(error)
        gone = tuple(one for error in refused for one in error.gone)
        if taken:
            return Receipt(reference=taken[0], gone=gone)
        again = [error for error in refused if not error.final]
        worst = (again or refused)[0]
        provider_ok = any(error.provider_ok for error in refused)
        # The service that is ready first is tried again first.
        wait = min((error.wait for error in again), default=0)
        raise CannotSend(worst.reason, final=not again, provider_ok=provider_ok, gone=gone, wait=wait)


def _to_device(parcel: Parcel, device: Device) -> str:
    """The push service's name for it. Raises CannotSend."""
    try:
        allowed = hosts.is_known(device.endpoint) and hosts.is_public(device.endpoint)
    except OSError as error:
        raise CannotSend(type(error).__name__) from error
    if not allowed:
        raise CannotSend("PushHost", final=True, provider_ok=True, gone=(device.id,))
    body = seal(payload(parcel), p256dh=unb64(device.p256dh), auth=unb64(device.auth))
    try:
        answer = post(device.endpoint, content=body, headers=_headers(parcel, device.endpoint))
    except MayHaveBeenSent as error:
        raise CannotSend(error.reason) from error
    code = answer.status_code
    if code in TAKEN:
        return urlsplit(answer.headers.get("Location", "")).path.rpartition("/")[2]
    if code in NO_MORE:
        raise CannotSend(f"Push {code}", final=True, provider_ok=True, gone=(device.id,))
    if code in TRY_AGAIN or code >= 500:
        raise CannotSend(f"Push {code}", wait=asked_to_wait(answer))
    # Our key or our form: another try ends the same way. What is wrong with us is told by the circuit.
    raise CannotSend(f"Push {code}", final=True)


def _headers(parcel: Parcel, endpoint: str) -> dict[str, str]:
    pressing = parcel.message_class != MessageClass.ORDINARY
    return {
        "Authorization": vapid.authorization(endpoint, vapid.own_key()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_seconds_left(parcel)),
        # A second one under the same topic takes the place of one that still waits.
        "Topic": parcel.id.hex,
        "Urgency": "high" if pressing else "normal",
    }


def _seconds_left(parcel: Parcel) -> int:
    if parcel.expires_at is None:
        return KEPT_SECONDS
    left = (parcel.expires_at - datetime.now(UTC)).total_seconds()
    return max(0, min(KEPT_SECONDS, int(left)))


def payload(parcel: Parcel) -> bytes:
    """What the service worker shows, opens at a tap, and confirms."""
    words = {
        "id": str(parcel.id),
        "title": shortened(parcel.subject),
        "body": shortened(parcel.text),
        "lang": parcel.language,
        "link": parcel.link.removeprefix(settings.SITE_URL) or "/",
        "token": confirm_token(parcel.id),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()


def shortened(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1].rstrip()}…"


def confirm_token(message_id: object) -> str:
    """What a browser must bring along to say that it showed this message."""
    return lookup_hash(str(message_id), purpose="push")
