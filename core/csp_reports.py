"""What browsers report of our content security policy: counted by day, rule and host, and nothing else kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.headers import POLICY
from core.models import CspCount
from core.tries import ALL, Tries

LARGEST = 8 * 1024
KINDS = {"application/csp-report", "application/reports+json", "application/json"}
BY_ADDRESS = Tries("csp", 20, 60)
TOGETHER = Tries("csp-all", 300, 60)
# Anybody may send reports of hosts they made up.
MOST_A_DAY = 200
KEPT = timedelta(days=30)
_DIRECTIVES = {line.split()[0] for line in POLICY.split("; ")} | {"script-src-elem", "script-src-attr"}
_DIRECTIVES |= {"style-src-elem", "style-src-attr"}
_WORDS = {"inline", "eval", "self", "data", "blob", "wasm-eval", "trusted-types-policy"}
_HOST = re.compile(r"[a-z0-9.-]{1,100}")


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """204, whatever it was: whoever sends nonsense learns nothing."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        return HttpResponse(status=413)
    if not BY_ADDRESS.take(request) or not TOGETHER.take(ALL):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    if request.content_type in KINDS:
        for directive, blocked in _read(request.body):
            _count(directive, blocked)
    return HttpResponse(status=204)


def _read(body: bytes) -> Iterator[tuple[str, str]]:
    """At most ten reports of one call, in either of the two forms browsers use."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in (found if isinstance(found, list) else [found])[:10]:
        report: Any = (one.get("csp-report") or one.get("body")) if isinstance(one, dict) else None
        if not isinstance(report, dict):
            continue
        directive = report.get("effective-directive") or report.get("effectiveDirective")
        directive = directive or report.get("violated-directive")
        if isinstance(directive, str) and directive.split(" ")[0] in _DIRECTIVES:
            yield directive.split(" ")[0], _host(report.get("blocked-uri") or report.get("blockedURL"))


def _host(address: object) -> str:
    """The host alone: an address may hold anything."""
    if not isinstance(address, str):
        return "other"
    if address in _WORDS:
        return address
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return "other"
    return host if _HOST.fullmatch(host) else "other"


def _count(directive: str, blocked: str) -> None:
    today = timezone.now().date()
    row = {"day": today, "directive": directive, "blocked": blocked}
    if CspCount.objects.filter(**row).update(count=F("count") + 1):
        return
    if CspCount.objects.filter(day=today).count() >= MOST_A_DAY:
        row["blocked"] = "other"
    CspCount.objects.filter(day__lt=today - KEPT).delete()
    CspCount.objects.bulk_create([CspCount(**row)], ignore_conflicts=True)
    CspCount.objects.filter(**row).update(count=F("count") + 1)
