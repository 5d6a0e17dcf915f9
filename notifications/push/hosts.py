"""Where a push may be sent. A browser names the address, so whoever signs in could name any: known services only."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from core.outbound import is_push_service


def is_known(endpoint: str) -> bool:
    """Whether this address belongs to one of `PUSH_HOSTS` (`*.` stands for any name before it), by https."""
    try:
        where = urlsplit(endpoint)
        port = where.port
    except ValueError:
        return False
    host = (where.hostname or "").lower()
    if where.username or where.password or not host or any(sign <= " " or sign == "\\" for sign in endpoint):
        return False
    return is_push_service(where.scheme, host, 443 if port is None else port)


def is_public(endpoint: str) -> bool:
    """Whether the name leads out of the house at this moment. Raises OSError where it leads nowhere."""
    if settings.PUSH_LOCAL_SERVICE:
        return True
    found = socket.getaddrinfo(urlsplit(endpoint).hostname, 443, type=socket.SOCK_STREAM)
    return all(ip_address(str(where[0]).partition("%")[0]).is_global for *_kind, where in found)
