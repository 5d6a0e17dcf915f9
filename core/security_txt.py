"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Renewed with a release at least once a year; a test fails 30 days before.
EXPIRES = datetime(2027, 10, 31, tzinfo=UTC)
PATH = ".well-known/security.txt"


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    contact = settings.SECURITY_CONTACT or "mailto:" + parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    lines = [
        f"Contact: {contact}",
        f"Expires: {EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: bg, en",
        f"Canonical: {settings.SITE_URL}/{PATH}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
