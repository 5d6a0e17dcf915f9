"""Where events may go: to public addresses by https. A name is looked up once, and what was looked at is connected to.

`WEBHOOK_REACH`: `public`; `loopback`, this machine only, also by http, as in the demonstration; `anywhere`, for a
network of one's own that nothing else guards. Where `WEBHOOK_HOSTS` names hosts, to no other.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from core.outbound import fits

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 500
# IPv6 networks whose addresses hold an IPv4 address that somebody else would connect to.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """`reason` is a code: `NotAnAddress`, `NotHttps`, `NotPublic`, `NotListed`, `NotFound`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(url: str) -> SplitResult:
    """The parts of an address as somebody typed it. Raises Refused; names are looked up only when something is sent."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("NotAnAddress") from error
    if not host or not url.isascii() or len(url) > LONGEST or set(url) & set(' \t\r\n\\"<>'):
        raise Refused("NotAnAddress")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("NotAnAddress")
    allowed = ("https",) if settings.WEBHOOK_REACH == "public" else ("https", "http")
    if parts.scheme not in allowed:
        raise Refused("NotHttps")
    literal = _literal(host)
    if (literal is not None and not may_be_reached(literal)) or (literal is None and _is_local_name(host)):
        raise Refused("NotPublic")
    if settings.WEBHOOK_HOSTS and not any(fits(host.rstrip("."), one) for one in settings.WEBHOOK_HOSTS):
        raise Refused("NotListed")
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    name = host.rstrip(".").lower()
    return settings.WEBHOOK_REACH == "public" and ("." not in name or name.endswith((".localhost", ".local")))


def look_up(host: str, port: int) -> list[str]:
    """The addresses behind a name, all of them reachable for us. Raises Refused where one of them is not."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("NotFound") from error
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    # A name that points both outside and inside is a trick.
    if not texts or not all(may_be_reached(ipaddress.ip_address(text.partition("%")[0])) for text in texts):
        raise Refused("NotPublic")
    return texts


def may_be_reached(address: Address) -> bool:
    address = _inner(address)
    if settings.WEBHOOK_REACH == "anywhere":
        return True
    if settings.WEBHOOK_REACH == "loopback":
        return address.is_loopback
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    wrapped = address.ipv4_mapped or address.sixtofour
    if wrapped is None and address.teredo is not None:
        wrapped = address.teredo[1]
    return wrapped or address
