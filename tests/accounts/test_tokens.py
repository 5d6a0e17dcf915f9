from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Membership, digest
from accounts.roles import Role

SignIn = Callable[[Membership], Client]
FORM = {"label": "Табло в общината", "scopes": ["places.read", "help_request.read"], "days": "90"}


def test_a_key_is_shown_once_and_kept_nowhere(kamen: Membership, signed_in: SignIn) -> None:
    client = signed_in(kamen)
    page = client.post(reverse("accounts:tokens"), FORM).content.decode()
    shown = re.search(r'id="secret" readonly value="([\w-]{43})"', page)
    assert shown
    token = ApiToken.objects.get()
    assert token.secret_hash == digest(shown[1])
    assert token.scopes == ["help_request.read", "places.read"]
    listed = client.get(reverse("accounts:tokens")).content.decode()
    assert "Табло в общината" in listed
    assert shown[1] not in listed


def test_a_key_without_a_scope_says_what_is_missing(kamen: Membership, signed_in: SignIn) -> None:
    page = signed_in(kamen).post(reverse("accounts:tokens"), {**FORM, "scopes": []}).content.decode()
    assert "Изберете поне едно." in page
    assert not ApiToken.objects.exists()


def test_a_key_is_stopped_by_its_owner_and_by_nobody_else(
    kamen: Membership, make_member: Callable[..., Membership], signed_in: SignIn
) -> None:
    signed_in(kamen).post(reverse("accounts:tokens"), FORM)
    token = ApiToken.objects.get()
    other = signed_in(make_member("druga", Role.COORDINATOR))
    assert other.post(reverse("accounts:token-revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    signed_in(kamen).post(reverse("accounts:token-revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "спрян" in signed_in(kamen).get(reverse("accounts:tokens")).content.decode()
