"""Nothing leaves this machine in the clear: an address without TLS stops the start, unless its name is written down."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.env import flag, text, words

# PostgreSQL's words for „TLS or nothing“; what it does unasked falls back to none.
TLS_ALONE = {"require", "verify-ca", "verify-full"}
IN_CLEAR = {"http", "redis"}


def clear_hosts(*, invented: bool) -> list[str]:
    """CLEAR_HOSTS: the names an installation speaks to without TLS, because something else guards that way.

    A demonstration and what only reads code (`invented`) are not looked at. Raises ImproperlyConfigured.
    """
    allowed = [name.lower() for name in words("CLEAR_HOSTS")]
    for name, host, instead in () if invented else _without_tls():
        if host.lower() not in allowed and not _is_this_machine(host):
            raise ImproperlyConfigured(
                f"{name} leads to {host} without TLS. {instead}, or write {host} into CLEAR_HOSTS where something "
                "else guards that way. See docs/operations.md, section Variables."
            )
    return allowed


def _without_tls() -> Iterator[tuple[str, str, str]]:
    """Each variable that leads somewhere without TLS, where to, and what to do about it."""
    addresses = {name: text(name, "") for name in ("KANNEL_URL", "OSRM_URL", "REDIS_URL", "CELERY_BROKER_URL")}
    addresses["SMS_GATEWAY"] = str(json.loads(text("SMS_GATEWAY", "") or "{}").get("url", ""))
    for name, address in addresses.items():
        parts = urlsplit(address)
        if parts.scheme in IN_CLEAR and parts.hostname:
            yield name, parts.hostname, f"Give it as {parts.scheme}s://"
    if not flag("EMAIL_USE_TLS"):
        yield "EMAIL_HOST", text("EMAIL_HOST", "localhost"), "Set EMAIL_USE_TLS=1"
    parts = urlsplit(text("DATABASE_URL", ""))
    told = dict(parse_qsl(parts.query))
    host = told.get("host") or parts.hostname or ""
    if parts.scheme in {"postgres", "postgresql"} and host and told.get("sslmode") not in TLS_ALONE:
        yield "DATABASE_URL", host, "Add sslmode=verify-full and sslrootcert"


def _is_this_machine(host: str) -> bool:
    if host.startswith("/") or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
