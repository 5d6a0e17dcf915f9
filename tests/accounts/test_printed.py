"""Codes on paper: what is kept of them, that each is good once, and that a sheet from before goes on working."""

from __future__ import annotations

from threading import Barrier
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services import factors, printed
from accounts.tasks import hash_printed_codes
from core import crypto
from tests import factories as make
from tests.accounts.entering import shown, with_old_paper, with_paper
from tests.proofs.spine.hands import race

pytestmark = pytest.mark.django_db
PAPER = "accounts:factor-paper"


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = True
    cache.clear()


@pytest.fixture
def clerk() -> User:
    return make.user(Role.CLERK)


def sheet_of(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type="recovery_codes")


def is_taken(user: User, code: str) -> bool:
    return factors.use_code(user=user, code=code, now=timezone.now()) is not None


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return shown(client, user, method="mfa")


def shown_codes(client: Client) -> list[str]:
    sheet = client.post(reverse(PAPER)).content.decode()
    return [line.partition("</li>")[0].replace(" ", "") for line in sheet.split("<li>")[1:]]


@pytest.mark.usefixtures("slow_paper")
def test_a_code_is_kept_as_a_slow_hash_with_the_salt_of_its_sheet_and_a_key(clerk: User, settings: Any) -> None:
    other = make.user(Role.COORDINATOR)
    codes = with_paper(clerk)
    with_paper(other)
    rows = [printed.SlowHash().decode(one) for one in sheet_of(clerk).data["hashes"]]
    assert len(rows) == len(codes) == 29 and {len(code) for code in codes} == {8}
    assert {(row["variety"], row["memory_cost"], row["time_cost"]) for row in rows} == {("argon2id", 19 * 1024, 2)}
    salts = {row["salt"] for row in rows}
    assert len(salts) == 1 and len(salts.pop()) * 6 >= 32  # bits
    assert rows[0]["salt"] != printed.SlowHash().decode(sheet_of(other).data["hashes"][0])["salt"]
    # Whoever has the tables alone, without the key of the environment, finds no code by trying all.
    assert not Argon2PasswordHasher().verify(codes[0], sheet_of(clerk).data["hashes"][0])
    assert Argon2PasswordHasher().verify(printed._keyed(codes[0]), sheet_of(clerk).data["hashes"][0])  # the control
    settings.LOOKUP_KEY = "another" * 10
    assert not is_taken(clerk, codes[0])


def test_one_hash_is_computed_for_a_typed_code_however_many_are_left(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes, asked = with_paper(clerk), []
    encode = printed.SlowHash.encode
    monkeypatch.setattr(printed.SlowHash, "encode", lambda self, *more: asked.append(1) or encode(self, *more))
    assert is_taken(clerk, codes[-1]) and len(asked) == 1
    assert not is_taken(clerk, "000000") and len(asked) == 1  # six digits are an app's


def test_each_code_is_good_once_and_in_any_order(clerk: User) -> None:
    codes = with_paper(clerk)
    for done, code in enumerate([codes[28], codes[0], codes[13]], 1):
        assert is_taken(clerk, f"{code[:4]} {code[4:]}") and not is_taken(clerk, code)
        assert printed.left(sheet_of(clerk)) == 29 - done
    assert not is_taken(clerk, "") and is_taken(clerk, codes[1])


def test_nobody_sees_a_sheet_a_second_time(clerk: User) -> None:
    client = at_the_desk(clerk)
    codes = shown_codes(client)
    assert len(set(codes)) == 30
    kept = str(dict(client.session))
    sealed = crypto.unseal(client.session["factor_list"], bound_to=f"session:factor_list:{clerk.pk}")
    for page in (client.get(reverse(PAPER)).content.decode(), kept, sealed):
        assert not any(code in page.replace(" ", "") for code in codes)
    client.post(reverse(PAPER), {"code": codes[0]})
    said = str(sheet_of(clerk).data) + "".join(
        client.get(reverse(name)).content.decode().replace(" ", "") for name in (PAPER, "accounts:factors")
    )  # fmt: skip
    assert not any(code in said for code in codes)
    assert "Остават 29 кода." in client.get(reverse("accounts:factors")).content.decode()
    assert "factor_list" not in client.session
    # Asked for anew it is another sheet.
    assert not set(shown_codes(client)) & set(codes)


def test_the_sign_in_library_has_no_codes_of_its_own_for_such_a_sheet(clerk: User) -> None:
    codes = with_paper(clerk)
    library = RecoveryCodes(sheet_of(clerk))
    assert library.generate_codes() == library.get_unused_codes() == [] and not library.validate_code(codes[0])
    assert is_taken(clerk, codes[0])


def test_a_sheet_from_before_works_and_is_hashed_with_what_was_used_staying_used(clerk: User) -> None:
    codes = with_old_paper(clerk)
    assert "seed" in sheet_of(clerk).data
    assert is_taken(clerk, codes[3]) and not is_taken(clerk, codes[3]) and printed.left(sheet_of(clerk)) == 28
    hash_printed_codes()
    data = sheet_of(clerk).data
    assert "seed" not in data and len(data["hashes"]) == printed.left(sheet_of(clerk)) == 28
    assert not is_taken(clerk, codes[3])
    assert is_taken(clerk, codes[4]) and not is_taken(clerk, codes[4])
    before = sheet_of(clerk).data
    assert printed.hash_old() == 0 and sheet_of(clerk).data == before


def test_a_sheet_that_no_key_opens_keeps_no_other_from_being_hashed(clerk: User) -> None:
    other = make.user(Role.COORDINATOR)
    with_old_paper(clerk)
    with_old_paper(other)
    lost = sheet_of(clerk)
    lost.data["seed"] = "gone." + lost.data["seed"].partition(".")[2]
    lost.save()
    assert printed.hash_old(most=1) == 1
    assert "seed" in sheet_of(clerk).data and "seed" not in sheet_of(other).data


def at_once(user: User, code: str) -> list[object]:
    return sorted(race([lambda: is_taken(user, code)] * 4), key=str)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sheet", [with_paper, with_old_paper])
def test_the_same_code_many_times_at_once_is_good_once(clerk: User, sheet: Any) -> None:
    codes = sheet(clerk)
    assert at_once(clerk, codes[2]) == [False, False, False, True]
    assert printed.left(sheet_of(clerk)) == 28


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_good_more_often(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same four tries where nobody waits for the others."""
    codes = with_paper(clerk)
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    meet, place_of = Barrier(4), printed.place_of

    def slow(code: str, hashes: list[str]) -> int | None:
        place = place_of(code, hashes)
        meet.wait(timeout=20)
        return place

    monkeypatch.setattr(printed, "place_of", slow)
    assert at_once(clerk, codes[2]) == [True, True, True, True]
