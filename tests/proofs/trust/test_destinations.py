"""What the application speaks to is a list, and there is no other way out: no row and no other module opens one."""

from __future__ import annotations

import ast
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import outbound
from core.errors import Invalid
from notifications.channels import http
from notifications.channels.errors import CannotSend
from notifications.services import webhooks
from notifications.webhooks import posting
from ops.checks import ROOMS
from tests.services.receiver import Receiver

ROOT = Path(__file__).resolve().parents[3]
# What can open a connection. The room `requests` is ours, so the library of that name cannot be imported at all.
LIBRARIES = {
    "aiohttp", "asyncio", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "multiprocessing.connection",
    "nntplib", "poplib", "pycurl", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3",
    "websocket", "websockets", "xmlrpc",
}  # fmt: skip
# What of them opens none: answers, codes, errors, limits of patience.
HARMLESS = {
    "httpx": {
        "codes", "ConnectError", "ConnectTimeout", "HTTPError", "InvalidURL", "Limits", "PoolTimeout", "Response",
        "Timeout", "UnsupportedProtocol",
    },
    # A pipe to a process of one's own.
    "multiprocessing.connection": {"Connection"},
    "smtplib": {"SMTPException", "SMTPRecipientsRefused", "SMTPResponseException"},
    "socket": {"SOCK_STREAM", "gethostname"},
}  # fmt: skip
# The ways out: the list, and events to subscribed systems, whose addresses are looked up and looked at.
WAYS = {
    "core/outbound.py": {"httpx"},
    "notifications/webhooks/posting.py": {"httpcore", "ssl", "httpx.create_ssl_context"},
    "notifications/webhooks/addresses.py": {"socket.getaddrinfo"},
    "notifications/push/hosts.py": {"socket.getaddrinfo"},
    # Whom the broker's own library believes; it is handed the connection.
    "core/redis_tls.py": {"ssl", "socket.socket"},
}


def library(name: str) -> str:
    """The library a dotted name belongs to; „“ where it is none of them."""
    return next((one for one in LIBRARIES if name == one or name.startswith(f"{one}.")), "")


def uses(source: str) -> set[str]:
    """Names of those libraries a module takes that can open a connection: `library`, or `library.name`."""
    found: set[str] = set()
    tree = ast.parse(source)
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if known := library(one.name):
                    bound[one.asname or one.name] = known
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                if known := library(node.module) or library(f"{node.module}.{one.name}"):
                    found.add(known if one.name == "*" or known != node.module else f"{known}.{one.name}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "__import__",
            "importlib.import_module",
            "import_module",
        }:
            words = [
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            found |= {known for word in words if (known := library(word))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (known := bound.get(ast.unparse(node.value))):
            found.add(f"{known}.{node.attr}")
    taken = {name.rpartition(".")[0] for name in found}
    # Bound and never looked into: handed on, so nobody knows for what.
    found |= {known for name, known in bound.items() if known not in taken and _handed_on(tree, name)}
    return {one for one in found if one.rpartition(".")[2] not in HARMLESS.get(one.rpartition(".")[0], set())}


def _handed_on(tree: ast.AST, name: str) -> bool:
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return any(isinstance(node, ast.Name) and node.id == name and id(node) not in inner for node in ast.walk(tree))


def modules() -> list[Path]:
    rooms = [room for room in ROOMS if room != "ops"]
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def test_no_module_opens_a_connection_but_the_ways_out() -> None:
    found = {str(path.relative_to(ROOT)): uses(path.read_text(encoding="utf-8")) for path in modules()}
    assert len(found) > 400
    open_ = {path: names for path, names in found.items() if names}
    assert set(open_) == set(WAYS), "another way out, or one that is no longer needed"
    for path, names in open_.items():
        allowed = WAYS[path]
        assert {name for name in names if name not in allowed and library(name) not in allowed} == set(), path


@pytest.mark.parametrize(
    "source",
    [
        "import httpx\nhttpx.get('https://x')", "import httpx as h\nh.Client()", "from httpx import AsyncClient",
        "import urllib.request\nurllib.request.urlopen('x')", "from urllib import request",
        "from urllib.request import urlopen", "import socket\nsocket.create_connection(('x', 1))",
        "from http import client", "import http.client\nhttp.client.X", "from smtplib import SMTP",
        "import importlib\nimportlib.import_module('urllib.request')", "__import__('socket')",
        "import httpx\nway = httpx\nway.post('x')", "from socket import *",
    ],
)  # fmt: skip
def test_the_control_each_of_these_would_be_found(source: str) -> None:
    assert uses(source), source


@pytest.mark.parametrize(
    "source",
    ["import httpx\nhttpx.codes.OK", "from smtplib import SMTPException", "import socket\nsocket.gethostname()"],
)
def test_and_what_opens_nothing_is_not(source: str) -> None:
    assert not uses(source)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address this process looks up or connects to."""
    tried: list[Any] = []
    plain, found = socket.socket.connect, socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: (tried.append(where), plain(self, where))[1])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **kw: (tried.append(host), found(host, *more, **kw))[1]
    )
    return tried


@pytest.fixture(autouse=True)
def _an_installation(settings: Any) -> None:
    settings.KANNEL_URL = settings.OSRM_URL = ""
    settings.SMS_GATEWAY, settings.PUSH_LOCAL_SERVICE, settings.WEBHOOK_HOSTS = {}, False, []
    settings.PUSH_HOSTS = ["fcm.googleapis.com", "*.push.apple.com"]


def test_what_the_settings_name_is_reached_and_the_same_address_is_not_once_they_name_another(
    settings: Any, connected: list[Any]
) -> None:
    with Receiver(200) as there:
        for name, value in (("KANNEL_URL", there.url), ("OSRM_URL", there.url), ("SMS_GATEWAY", {"url": there.url})):
            setattr(settings, name, value)
            assert http.post(there.url, content=b"x").status_code == 200, name
            setattr(
                settings, name, {"url": "http://other.example/"} if name == "SMS_GATEWAY" else "http://other.example/"
            )
            connected.clear()
            with pytest.raises(CannotSend, match="NotListed"):
                http.post(there.url, content=b"x")
            assert connected == [], name
        assert len(there.received) == 3


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://sms.example.bg/send", True), ("https://SMS.example.bg:443/other", True),
        ("http://sms.example.bg/send", False), ("https://sms.example.bg:8443/send", False),
        ("https://a.sms.example.bg/", False), ("https://sms.example.bg.evil/", False),
        ("https://sms.example.bg@evil.example/", False), ("https://evil.example/?sms.example.bg", False),
        ("https://fcm.googleapis.com/fcm/send/x", True), ("http://fcm.googleapis.com/", False),
        ("https://web.push.apple.com/x", True), ("https://push.apple.com/", False),
        ("https://evilpush.apple.com/", False), ("https://fcm.googleapis.com:8443/", False),
        ("http://127.0.0.1/", False), ("http://169.254.169.254/", False), ("file:///etc/passwd", False),
        ("ftp://sms.example.bg/", False),
    ],
)  # fmt: skip
def test_a_destination_is_its_scheme_its_host_and_its_port(url: str, listed: bool, settings: Any) -> None:
    settings.SMS_GATEWAY = {"url": "https://sms.example.bg/send"}
    assert outbound.is_listed(httpx.URL(url)) is listed


def test_a_redirect_leads_nowhere_else(settings: Any) -> None:
    with Receiver(307) as there:
        settings.KANNEL_URL = there.url
        assert http.post(there.url, content=b"x").status_code == 307
        assert len(there.received) == 1


@pytest.mark.parametrize(
    ("host", "may"),
    [("events.example.bg", True), ("a.town.example", True), ("b.a.town.example", True), ("town.example", False),
     ("eviltown.example", False), ("events.example.bg.evil.example", False), ("other.example", False),
     ("events.example.bg.", True), ("EVENTS.example.bg", True)],
)  # fmt: skip
def test_an_operator_closes_the_list_of_systems_that_may_be_subscribed(host: str, may: bool, settings: Any) -> None:
    settings.WEBHOOK_REACH = "public"
    webhooks.check_address(f"https://{host}/hook")  # the control: without a list each of them may
    settings.WEBHOOK_HOSTS = ["events.example.bg", "*.town.example"]
    if may:
        webhooks.check_address(f"https://{host}/hook")
    else:
        with pytest.raises(Invalid, match="списъка"):
            webhooks.check_address(f"https://{host}/hook")


def test_a_subscription_from_before_the_list_was_closed_gets_nothing(settings: Any, connected: list[Any]) -> None:
    settings.WEBHOOK_REACH = "loopback"
    with Receiver(200) as there:
        assert posting.post(there.url, {}, b"{}").taken
        connected.clear()
        settings.WEBHOOK_HOSTS = ["events.example.bg"]
        assert posting.post(there.url, {}, b"{}").reason == "NotListed"
        assert connected == [] and len(there.received) == 1
        settings.WEBHOOK_HOSTS = ["127.0.0.1"]
        assert posting.post(there.url, {}, b"{}").taken
