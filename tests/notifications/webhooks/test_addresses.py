"""Events go to public addresses by https, however the address is dressed up."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from notifications.webhooks import addresses


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.WEBHOOK_REACH = "public"


def refused(url: str) -> str:
    with pytest.raises(addresses.Refused) as error:
        addresses.check(url)
    return error.value.reason


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://intranet/", "https://printer.local/",
        "https://10.0.0.8/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/meta",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://224.0.0.1/", "https://[::1]/", "https://[fe80::1]/",
        "https://[fd00::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://a.localhost./",
    ],
)  # fmt: skip
def test_an_inner_address_is_refused(url: str) -> None:
    assert refused(url) == "NotPublic"


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://a.bg/"])
def test_anything_but_https_is_refused(url: str) -> None:
    assert refused(url) in ("NotHttps", "NotAnAddress")


@pytest.mark.parametrize(
    "url",
    ["https://user:word@example.org/", "https://@example.org/", "https:///path", "https://example.org:99999/",
     "https://example.org/#part", "https://example.org/\n", "https://exa mple.org/", "example.org", "",
     "https://example.org/" + "a" * 500],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    assert refused(url) in ("NotAnAddress", "NotHttps")


@pytest.mark.parametrize(
    "url", ["https://example.org/hook?a=1", "https://8.8.8.8/", "https://[2606:4700::1111]:8443/x"]
)
def test_a_public_address_may_be_used(url: str) -> None:
    assert addresses.check(url).scheme == "https"


def test_a_name_that_points_inside_is_found_out_when_something_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*_given: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.8")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(addresses.Refused) as error:
        addresses.look_up("rebind.example.org", 443)
    assert error.value.reason == "NotPublic"


def test_numbers_that_only_look_like_a_name_are_looked_up_and_refused() -> None:
    # The resolver reads all of these as 127.0.0.1.
    for host in ("2130706433", "0x7f000001", "127.1", "017700000001"):
        with pytest.raises(addresses.Refused):
            addresses.look_up(host, 443)


def test_the_demonstration_reaches_this_machine_and_nothing_else(settings: Any) -> None:
    settings.WEBHOOK_REACH = "loopback"
    assert addresses.check("http://127.0.0.1:8080/x").port == 8080
    assert addresses.look_up("localhost", 80)
    assert refused("https://8.8.8.8/") == "NotPublic"
    assert refused("http://192.168.1.1/") == "NotPublic"
