"""Password or factor are asked for again before everything dangerous, by every page and operation of the table."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from accounts import confirming
from accounts.models import User
from accounts.policy import POLICY
from accounts.roles import Role
from tests import factories as make
from tests.accounts.entering import (
    shown,
)
from tests.proofs.trust.addresses import Opened, everything
from tests.proofs.trust.town import Town
from tests.proofs.trust.without_rows import call, leads_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_earnest(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = settings.ASK_AGAIN = settings.SMS_TO_FILES = True
    cache.clear()


# Every action somebody decided needs no second question. A new one is in neither list and fails.
NEEDS_NONE = {
    *("own_request.read", "own_request.change", "places.read", "help_point.read", "catalogue.read", "handbook.read"),
    *("places.settings", "accounts.staff", "webhooks.read", "help_request.intake", "help_request.read"),
    *("help_request.change", "help_request.assign", "offer.answer_for", "visit.report", "desk_task.read"),
    *("desk_task.work", "callback.work", "message.words", "message.operate", "volunteer.read", "volunteer.manage"),
    *("volunteer.self", "offer.answer", "visit.own", "api.offers", "api.visits", "planning.read", "planning.run"),
    *("report.read", "person_rule.manage", "safeguarding.read", "openings.read", "keeping.terms", "journal.read"),
}
# Export and erasure of a person; roles, invitations, tokens, keys; a colleague's factor; the sealed store.
DANGEROUS = {
    *("person.rights", "person.erase", "accounts.invite", "accounts.narrow", "accounts.tokens"),
    *("accounts.reset_factor", "webhooks.manage", "evidence.open", "volunteer.rights", "volunteer.sign_in"),
}


def undecided(table: Any) -> set[str]:
    return ({*table} - NEEDS_NONE - {name for name, rule in table.items() if rule.asks_again}) | (
        DANGEROUS - {name for name, rule in table.items() if rule.asks_again}
    )


def test_every_action_was_decided_on() -> None:
    assert undecided(POLICY) == set()
    assert {name for name, rule in POLICY.items() if rule.asks_again} == DANGEROUS


def test_a_new_action_is_noticed() -> None:
    new = POLICY | {"person.merge": POLICY["planning.run"]}
    assert undecided(new) == {"person.merge"}


def dangerous() -> list[Opened]:
    return [one for one in everything() if one.action in DANGEROUS]


def who_may(town: Town, action: str) -> User:
    return next(town.people[role].user for role in Role if role in POLICY[action].roles)


@pytest.mark.parametrize("one", dangerous(), ids=lambda one: f"{one.method}-{one.name}")
def test_every_page_and_operation_of_a_dangerous_action_asks_again(towns: list[Town], one: Opened) -> None:
    user = who_may(towns[0], one.action)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    shown(client, user, ago=601, method=confirming.FACTOR)
    old = call(client, one)
    shut = old.status_code == 403 if one.is_api else leads_to(old, "accounts:confirm")
    assert shut or old.status_code == 405, old.status_code  # a page that takes no such method has nothing to ask for
    shown(client, user, ago=1, method=confirming.FACTOR)
    fresh = call(client, one)
    # The control: asked a moment ago, the same call goes on, to a form or to „no such row“.
    assert not leads_to(fresh, "accounts:confirm") and fresh.status_code != 403


def test_nothing_was_left_out_of_the_walk() -> None:
    assert {one.action for one in dangerous()} == DANGEROUS
    with override_settings(ASK_AGAIN=True):
        assert len(dangerous()) >= 30


def test_a_session_without_any_record_is_asked_too() -> None:
    ana = make.user(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(ana)
    shown(client, ana, ago=700, method=confirming.FACTOR)
    assert leads_to(client.get(reverse("accounts:tokens")), "accounts:confirm")
    # Somebody else's record in the session counts for nothing.
    session = client.session
    session["account_authentication_methods_user"] = str(make.user().pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    assert leads_to(client.get(reverse("accounts:tokens")), "accounts:factors")
