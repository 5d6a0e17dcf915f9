"""What is sealed opens in that browser only. The example is RFC 8291, section 5 and appendix A."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from notifications.push import encryption
from tests.notifications.push.browser import Browser, decoded, encoded

PLAIN = b"When I grow up, I want to be a watermelon"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SERVER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
    "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(text: str):
    return derive_private_key(int.from_bytes(decoded(text), "big"), SECP256R1())


def test_the_example_of_the_rfc_is_sealed_as_there() -> None:
    sealed = encryption.seal(
        PLAIN, p256dh=decoded(BROWSER_PUBLIC), auth=decoded(AUTH), salt=decoded(SALT), own=key(SERVER)
    )
    assert encoded(sealed) == SEALED


def test_the_browser_of_these_tests_opens_the_example_of_the_rfc() -> None:
    browser = Browser(key(BROWSER), decoded(AUTH))
    assert browser.p256dh == BROWSER_PUBLIC
    assert browser.read(decoded(SEALED)) == PLAIN


@pytest.mark.parametrize("length", [0, 1, 300, encryption.MOST_BYTES])
def test_any_length_arrives_and_fits_what_every_service_takes(length: int) -> None:
    browser, plain = Browser(), "ж".encode()[:1] * length
    sealed = encryption.seal(plain, p256dh=browser.point, auth=browser.secret)
    assert browser.read(sealed) == plain
    assert len(sealed) <= 4096


def test_what_does_not_fit_is_refused() -> None:
    browser = Browser()
    with pytest.raises(ValueError, match="3993"):
        encryption.seal(b"x" * (encryption.MOST_BYTES + 1), p256dh=browser.point, auth=browser.secret)


def test_another_browser_does_not_open_it_nor_does_a_changed_one_open() -> None:
    browser, other = Browser(), Browser()
    sealed = encryption.seal(PLAIN, p256dh=browser.point, auth=browser.secret)
    with pytest.raises(InvalidTag):
        other.read(sealed)
    with pytest.raises(InvalidTag):
        Browser(browser.private, other.secret).read(sealed)
    with pytest.raises(InvalidTag):
        browser.read(sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_same_text_never_looks_the_same() -> None:
    browser = Browser()
    sealed = {encryption.seal(PLAIN, p256dh=browser.point, auth=browser.secret) for _ in range(5)}
    assert len(sealed) == 5


@pytest.mark.parametrize(
    ("point", "secret"),
    [(b"", b"x" * 16), (b"\x04" + b"\x01" * 64, b"x" * 16), (Browser().point, b"short"), (b"\x02" * 65, b"x" * 16)],
    ids=["no point", "not on the curve", "a short secret", "another kind of point"],
)
def test_what_no_browser_made_is_known(point: bytes, secret: bytes) -> None:
    assert not encryption.are_keys(point, secret)


def test_a_browsers_keys_are_known() -> None:
    browser = Browser()
    assert encryption.are_keys(browser.point, browser.secret)
