"""Passwords where they are chosen: by an invitation and by a link from a letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import invitations
from config.settings import sign_in
from tests import factories as make

pytestmark = pytest.mark.django_db
LONG = "  Ѝ🌶 " + "три Зелени чушки. " * 7 + " "


def invited() -> str:
    admin = make.member("administrator")
    _row, secret = invitations.invite(
        municipality=admin.municipality, role="clerk", email="nov@primer.bg", name="Нов", invited_by=admin.user,
        now=timezone.now(),
    )  # fmt: skip
    return reverse("accounts:invitation", args=[secret])


def test_a_long_one_is_taken_exactly_as_it_was_typed() -> None:
    """Capitals, spaces at both ends and every sign count; nothing is cut off."""
    assert 64 < len(LONG) < 200
    assert Client().post(invited(), {"password1": LONG}).status_code == 302
    user = User.objects.get(email="nov@primer.bg")
    assert user.check_password(LONG)
    for changed in (LONG.strip(), LONG.lower(), LONG[:-1], LONG[:72], LONG + " "):
        assert not user.check_password(changed)


@pytest.mark.parametrize("weak", ["три чушки", "qwerty123456", "1q2w3e4r5t6y", "nov@primer.bg"])
def test_a_short_or_known_password_is_refused(weak: str) -> None:
    where = invited()
    page = Client().post(where, {"password1": weak})
    assert page.status_code == 200 and "errors" in page.content.decode()
    assert not User.objects.filter(email="nov@primer.bg").exists()


def test_its_field_hides_it_and_lets_it_be_pasted() -> None:
    for where, kept in ((invited(), "new-password"), (reverse("account_login"), "current-password")):
        page = Client().get(where).content.decode()
        (field,) = re.findall(r'<input[^>]*type="password"[^>]*>', page)
        assert f'autocomplete="{kept}"' in field and "readonly" not in field
    scripts = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[3].glob("*/static/*/*.js"))
    assert "paste" not in scripts


@pytest.mark.usefixtures("real_hashes")
def test_it_is_kept_by_a_slow_hash() -> None:
    """Argon2id with more memory and as many passes as OWASP asks for (19 MiB and two)."""
    assert sign_in.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    user = make.user("clerk")
    hasher = get_hasher("argon2")
    user.password = hasher.encode(LONG, hasher.salt())
    assert user.password.startswith("argon2$argon2id$") and identify_hasher(user.password).verify(LONG, user.password)
    assert hasher.memory_cost >= 19 * 1024 and hasher.time_cost >= 2


def test_no_password_grows_old() -> None:
    """Nothing asks for a new one after some time, and no table knows how old one is."""
    assert not [field.name for field in User._meta.get_fields() if "password_" in field.name or "changed" in field.name]
    assert not [one for one in sign_in.AUTH_PASSWORD_VALIDATORS if "Age" in one["NAME"] or "History" in one["NAME"]]


def test_a_session_s_key_is_long_and_never_the_same() -> None:
    """32 signs of 36: more than 128 bits, from the system's own chance."""
    keys = set()
    for _time in range(20):
        client = Client()
        client.force_login(make.user("clerk"))
        keys.add(client.session.session_key)
    assert len(keys) == 20 and all(re.fullmatch(r"[a-z0-9]{32,}", str(key)) for key in keys)
