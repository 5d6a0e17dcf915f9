"""A second factor set, removed or taken away stands in the journal, for the auditor to see."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import changes
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import factors
from planning.selectors.rows import change_token
from requests.models import JournalEntry
from requests.services import anchoring
from tests import factories as make
from tests.accounts.entering import shown, stand_still, with_app, with_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_still(monkeypatch)
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = True
    cache.clear()


@pytest.fixture
def clerk() -> User:
    return make.user(Role.CLERK)


Told = list[tuple[str, str, str, dict[str, Any]]]


def told(user: User) -> Told:
    """Where, what, by whom and how, of this person's way in."""
    rows = JournalEntry.objects.filter(subject_type="sign_in", subject_id=user.pk, help_request_id=None).order_by("pk")
    return [(row.municipality_id, row.verb, row.actor, row.facts) for row in rows]


def test_what_somebody_sets_and_removes_themselves(clerk: User) -> None:
    with_app(clerk)
    with_paper(clerk)
    factors.set_key(user=clerk, name="Телефонът ми", credential={"id": "a"}, now=timezone.now())
    app = Authenticator.objects.get(user=clerk, type="totp")
    for _twice in range(2):
        factors.remove(user=clerk, key=app.pk, must_keep_one=True, now=timezone.now())
    by = f"user:{clerk.pk}"
    assert told(clerk) == [
        ("PER36", "factor_set", by, {"kind": "totp"}),
        ("PER36", "factor_set", by, {"kind": "recovery_codes"}),
        ("PER36", "factor_set", by, {"kind": "webauthn"}),
        ("PER36", "factor_removed", by, {"kind": "totp"}),
    ]
    assert "Телефонът ми" not in str(list(JournalEntry.objects.values()))


def test_a_colleague_who_takes_them_away_is_named_by_key(clerk: User) -> None:
    with_app(clerk)
    with_paper(clerk)
    kamen = make.member(Role.COORDINATOR)
    client = Client()
    client.force_login(kamen.user)
    shown(client, kamen.user, method="mfa")
    client.post(reverse("accounts:reset-factor", args=[Membership.objects.get(user=clerk).pk]))
    assert told(clerk)[-1] == ("PER36", "factors_taken", f"user:{kamen.user_id}", {"count": 2})


def test_the_operator_s_command_too(clerk: User) -> None:
    call_command("reset_second_factor", clerk.email, stdout=StringIO())
    assert told(clerk) == [("PER36", "factors_taken", "operator", {"count": 0})]


def test_each_municipality_one_works_in_is_told_once_and_no_other(clerk: User) -> None:
    here, there = make.municipality(), make.municipality("PER32", "Перник")
    for where, role, active in ((there, Role.CLERK, True), (there, Role.AUDITOR, True), (here, Role.AUDITOR, False)):
        Membership.objects.create(user=clerk, municipality=where, role=role, active=active)
    factors.reset(user=clerk, by=None, now=timezone.now())
    assert [where for where, *_rest in told(clerk)] == ["PER32", "PER36"]
    Membership.objects.filter(user=clerk).update(active=False)
    factors.reset(user=clerk, by=None, now=timezone.now())
    assert len(told(clerk)) == 2


def test_neither_the_change_nor_its_entry_is_there_without_the_other(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(change: changes.Change, now: Any) -> None:
        raise ZeroDivisionError

    with_app(clerk)
    before = told(clerk)
    monkeypatch.setattr(changes, "KEEPERS", [*changes.KEEPERS, broken])
    for act in (
        lambda: factors.reset(user=clerk, by=None, now=timezone.now()),
        lambda: with_paper(clerk),
        lambda: factors.remove(user=clerk, key=Authenticator.objects.get().pk, must_keep_one=False, now=timezone.now()),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
    clerk.refresh_from_db()
    assert [row.type for row in Authenticator.objects.filter(user=clerk)] == ["totp"]
    assert told(clerk) == before and clerk.session_epoch == 0


def test_the_auditor_reads_it_among_all_else_and_alone(clerk: User) -> None:
    with_app(clerk)
    factors.reset(user=clerk, by=None, now=timezone.now())
    auditor = make.user(Role.AUDITOR)
    client = Client()
    client.force_login(auditor)
    shown(client, auditor, method="mfa")
    for question in ("", "?kind=sign_in"):
        page = client.get(reverse("requests:journal") + question).content.decode()
        for said in ("factor_set", "factors_taken", "operator", str(clerk.pk), "достъп", "count=1"):
            assert said in page, said
        assert clerk.email not in page and clerk.get_full_name() not in page
    assert "factors_taken" not in client.get(reverse("requests:journal") + "?kind=visit").content.decode()


def test_it_is_chained_with_the_rest(clerk: User) -> None:
    with_app(clerk)
    assert anchoring.anchor(now=timezone.now() + timedelta(days=1)) is not None
    said = StringIO()
    call_command("check_journal", stdout=said)
    assert "1 entries under 1 anchors are as they were written." in said.getvalue()


def test_no_plan_is_made_anew_for_it(clerk: User) -> None:
    where = make.municipality()
    before = change_token(where)
    with_app(clerk)
    assert change_token(where) == before
    JournalEntry.objects.create(
        municipality=where, at=timezone.now(), subject_type="message", subject_id=clerk.pk, verb="message_resent",
        actor="beat",
    )  # fmt: skip
    assert change_token(where) != before  # the control
