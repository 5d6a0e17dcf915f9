"""A browser names the address we write to: only known push services, by https, and never inside the house."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from notifications.push import hosts


@pytest.fixture(autouse=True)
def _as_installed(settings: Any) -> None:
    settings.PUSH_LOCAL_SERVICE = False


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
        "https://FCM.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint: str) -> None:
    assert hosts.is_known(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://fcm.googleapis.com.example.org/abc",
        "https://evilfcm.googleapis.com/abc",
        "https://push.apple.com.example.org/",
        "https://fcm.googleapis.com@127.0.0.1/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://localhost/abc",
        "https://169.254.169.254/latest/meta-data/",
        "http://redis:6379/",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "https://fcm.googleapis.com\\@example.org/",
        "https://fcm.googleapis.com:99999/",
        "//fcm.googleapis.com/",
        "",
    ],
)
def test_everything_else_is_not(endpoint: str) -> None:
    assert not hosts.is_known(endpoint)


@pytest.mark.parametrize(("address", "public"), [("142.250.1.1", True), ("10.0.0.5", False), ("127.0.0.1", False)])
def test_a_known_name_that_leads_into_the_house_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, public: bool
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    assert hosts.is_public("https://fcm.googleapis.com/abc") is public


def test_a_private_address_of_the_newer_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("fe80::1%eth0", "fc00::1", "::1", "::ffff:10.0.0.1"):
        found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443, 0, 0))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, found=found, **_more: found)
        assert not hosts.is_public("https://fcm.googleapis.com/abc"), address
