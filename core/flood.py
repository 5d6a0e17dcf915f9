"""When unusually much comes through the public forms, each one costs a little: a computation, or a minute of waiting.

On a usual day nobody notices. Without JavaScript one waits and presses again; whoever cannot do either telephones.
No foreign service is asked, and nobody is made to read crooked letters.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

from core.crypto import lookup_hash
from core.tries import ALL, Tries

SPAN_SECONDS = 600
# About a second of a telephone from ten years ago; one more doubles it.
FEWEST_BITS, MOST_BITS = 15, 20
TASK_SECONDS = 15 * 60
WAIT_SECONDS = 60
# Those who waited instead: from one address, and of everybody together.
WAITED_HERE = Tries("waited", 3, SPAN_SECONDS)
WAITED = Tries("waited-all", 30, SPAN_SECONDS)
_SIGNER = signing.TimestampSigner(salt="core.flood")


@dataclass(frozen=True)
class Work:
    """What the page asks of the browser: a number that makes SHA-256 of `task:number` begin with `bits` zeros."""

    task: str
    bits: int
    seconds: int = WAIT_SECONDS


def asked(request: HttpRequest) -> Work | None:
    """Call it once for each form that was sent. None: let it in; else what the form must bring with it."""
    here, together = Tries("forms", settings.CALM_FORMS_HERE, SPAN_SECONDS), Tries("forms-all", 0, SPAN_SECONDS)
    rate = max(here.count(request) / settings.CALM_FORMS_HERE, together.count(ALL) / settings.CALM_FORMS)
    if rate <= 1 or _brought(request):
        return None
    bits = min(MOST_BITS, FEWEST_BITS + int(math.log2(rate)))
    return Work(_SIGNER.sign(f"{bits}.{secrets.token_urlsafe(16)}"), bits)


def _brought(request: HttpRequest) -> bool:
    """A task of ours, not too old, not used before, and solved or waited for."""
    task, answer = request.POST.get("work_task", ""), request.POST.get("work_answer", "")
    try:
        bits = int(_SIGNER.unsign(task, max_age=TASK_SECONDS).partition(".")[0])
    except (signing.BadSignature, ValueError):
        return False
    if not (solves(task, answer, bits) or _waited(request, task)):
        return False
    return bool(cache.add("work:" + lookup_hash(task, purpose="work"), 1, TASK_SECONDS))


def solves(task: str, answer: str, bits: int) -> bool:
    if not (answer.isascii() and answer.isdigit() and len(answer) < 12):
        return False
    found = hashlib.sha256(f"{task}:{answer}".encode()).digest()
    return int.from_bytes(found[:4], "big") >> (32 - bits) == 0


def _waited(request: HttpRequest, task: str) -> bool:
    try:
        _SIGNER.unsign(task, max_age=WAIT_SECONDS)
    except signing.SignatureExpired:
        return WAITED_HERE.take(request) and WAITED.take(ALL)
    return False
