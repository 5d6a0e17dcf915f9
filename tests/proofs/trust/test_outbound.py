"""What a stranger names is never connected to inside the house: not by name, number, redirect or a name that turns."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from notifications.push import hosts
from notifications.webhooks import addresses, posting
from tests.services.receiver import Receiver

INSIDE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255",
    "224.0.0.1", "[::1]", "[::]", "[fc00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "intranet", "printer.local", "a.localhost",
]  # fmt: skip
# Ways of writing 127.0.0.1 that some resolvers understand.
DISGUISED = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "①②⑦.0.0.1"]


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.WEBHOOK_REACH = "public"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address this process tries to connect to."""
    tried: list[Any] = []
    plain = socket.socket.connect

    def connect(self: socket.socket, where: Any) -> None:
        tried.append(where[0] if isinstance(where, tuple) else where)
        plain(self, where)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.mark.parametrize("host", INSIDE + DISGUISED)
def test_an_address_inside_is_refused_and_nothing_is_tried(host: str, connected: list[Any]) -> None:
    answer = posting.post(f"https://{host}/", {}, b"{}", seconds=2)
    assert answer.reason in {"NotPublic", "NotAnAddress", "NotFound"}
    assert connected == []


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "file:///etc/passwd", "gopher://example.org/", "https://user:word@example.org/",
     "https://example.org\\@127.0.0.1/", "https://example.org/ HTTP/1.1\r\nX: y", "//127.0.0.1/", "https:///"],
)  # fmt: skip
def test_an_address_that_is_a_trick_is_none(url: str, connected: list[Any]) -> None:
    assert posting.post(url, {}, b"{}", seconds=2).reason in {"NotAnAddress", "NotHttps"}
    assert connected == []


def looked_up(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The resolver answers these one after the other, the last one for ever."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.7"], []])
def test_a_name_that_leads_inside_is_refused(found: list[str], monkeypatch: Any, connected: list[Any]) -> None:
    looked_up(monkeypatch, found)
    assert posting.post("https://evil.example/", {}, b"{}", seconds=2).reason == "NotPublic"
    assert connected == []


def test_a_name_that_turns_inside_after_it_was_looked_at_gains_nothing(monkeypatch: Any) -> None:
    """DNS rebinding: what was looked at is connected to, the name is not asked a second time."""
    asked = looked_up(monkeypatch, ["192.88.99.7"], ["127.0.0.1"])
    tried: list[str] = []

    def connect(self: Any, host: str, *args: Any, **kwargs: Any) -> Any:
        tried.append(host)
        raise posting.httpcore.ConnectError

    monkeypatch.setattr(posting.httpcore.SyncBackend, "connect_tcp", connect)
    posting.post("https://evil.example/", {}, b"{}", seconds=2)
    assert asked == ["evil.example"] and tried == ["192.88.99.7"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, settings: Any) -> None:
    settings.WEBHOOK_REACH = "loopback"  # the control: this one is reached
    with Receiver(status) as there:
        assert posting.post(there.url, {}, b"{}").status == status
        assert len(there.received) == 1


def test_a_browser_s_address_is_that_of_a_known_push_service(monkeypatch: Any) -> None:
    assert hosts.is_known("https://fcm.googleapis.com/fcm/send/x")
    for host in [*INSIDE, *DISGUISED, "evil.example", "fcm.googleapis.com.evil.example", "fcm.googleapis.com:8443"]:
        assert not hosts.is_known(f"https://{host}/x"), host
    looked_up(monkeypatch, ["10.0.0.7"])
    assert not hosts.is_public("https://fcm.googleapis.com/fcm/send/x")
    with pytest.raises(addresses.Refused):
        addresses.look_up("fcm.googleapis.com", 443)
