from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.management.commands.draw_policy import drawn
from accounts.menu import ENTRIES, ONLY_OF_OTHERS, ONLY_OF_THE_CLERK, menu_for
from accounts.models import Membership
from accounts.policy import POLICY, allows, by_code, requires
from accounts.roles import Role, WithoutAccount, may_grant
from accounts.scopes import SCOPES, scopes_of

SignIn = Callable[[Membership], Client]


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, path)
        else:
            yield path, one


def _decisions(view: Any) -> set[str]:
    """Every policy this address can be opened under; a view set may name one for each action."""
    owner = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if own := getattr(view, "policy", None):
        return {own}
    per_action = set(getattr(owner, "policies", {}).values())
    return per_action | ({owner.policy} if getattr(owner, "policy", None) else set())


def test_every_address_says_who_may_open_it() -> None:
    undecided = [path for path, one in _patterns(get_resolver()) if not _decisions(one.callback)]
    assert undecided == []


def test_every_address_names_an_action_of_the_table() -> None:
    known = {*POLICY, "public", "signed_in"}
    wrong = {path: _decisions(one.callback) - known for path, one in _patterns(get_resolver())}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_an_action_nobody_knows_is_refused_where_it_is_written() -> None:
    with pytest.raises(KeyError):
        requires("help_request.reed")
    with pytest.raises(KeyError):
        allows(Role.CLERK, "help_request.reed")


def test_without_a_role_nothing_is_allowed() -> None:
    assert not any(allows(None, action) for action in POLICY)


SETTINGS_PAGES = [
    "accounts:settings",
    "accounts:desk",
    "accounts:rules",
    "accounts:help-points",
    "accounts:help-point-new",
    "accounts:holidays",
    "accounts:coverage",
    "accounts:staff",
    "accounts:invite",
    "accounts:tokens",
]


@pytest.mark.parametrize("name", SETTINGS_PAGES)
def test_a_coordinator_may_and_a_clerk_and_a_volunteer_may_not(
    name: str, kamen: Membership, alisa: Membership, ivanka: Membership, signed_in: SignIn
) -> None:
    assert signed_in(kamen).get(reverse(name)).status_code == 200
    for other in (alisa, ivanka):
        page = signed_in(other).get(reverse(name))
        assert page.status_code == 403
        assert "не е за вашата роля" in page.content.decode()


@pytest.mark.parametrize("name", SETTINGS_PAGES)
def test_a_stranger_is_asked_to_sign_in_first(name: str, client: Client, db: None) -> None:
    answer = client.get(reverse(name))
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


def test_somebody_whose_membership_ended_is_nobody_here(kamen: Membership, signed_in: SignIn) -> None:
    client = signed_in(kamen)
    Membership.objects.filter(pk=kamen.pk).update(active=False)
    assert client.get(reverse("accounts:settings")).status_code == 403


def test_a_guarded_page_is_not_even_called(rf: Any, alisa: Membership) -> None:
    called: list[bool] = []

    @requires("places.settings")
    def page(request: Any) -> HttpResponse:
        called.append(True)
        return HttpResponse()

    request = rf.get("/")
    request.user, request.membership = alisa.user, alisa
    with pytest.raises(Exception, match="не е за вашата роля"):
        page(request)
    assert called == []


def test_the_page_about_the_table_is_drawn_from_it() -> None:
    call_command("draw_policy", check=True)


def test_every_role_stands_in_the_page_also_those_without_an_account() -> None:
    page = drawn()
    assert all(f"| {role.value} | {role.label} |" in page for role in (*Role, *WithoutAccount))
    assert all(f"| {action.partition('.')[2]} | {rule.words} |" in page for action, rule in POLICY.items())


def test_only_an_administrator_names_who_watches_over_the_others() -> None:
    for role in (Role.SAFEGUARDING, Role.AUDITOR):
        assert [giver for giver in Role if may_grant(giver, role)] == [Role.ADMINISTRATOR]


def test_an_auditor_opens_no_row_with_personal_data() -> None:
    """National tables, help points and the journal; the handbook is the same for everybody."""
    opened = {action for action, rule in POLICY.items() if Role.AUDITOR in rule.roles}
    assert opened == {"journal.read", "places.read", "help_point.read", "catalogue.read", "handbook.read"}


def test_a_page_of_the_own_request_needs_no_account() -> None:
    with pytest.raises(ValueError, match="needs an account"):
        by_code("help_request.read")


def test_a_token_can_be_given_only_what_the_role_may() -> None:
    assert set(SCOPES) <= set(POLICY)
    assert "help_request.read" in scopes_of(Role.CLERK)
    assert "help_request.read" not in scopes_of(Role.VOLUNTEER)


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_shows_only_what_opens(role: str, make_member: Callable[..., Membership], signed_in: SignIn) -> None:
    client = signed_in(make_member("nyakoy", role))
    entries = menu_for(role)
    assert (entries == []) == (role == Role.VOLUNTEER)
    for entry in entries:
        assert client.get(entry["url"]).status_code == 200, entry["url"]


def test_the_menu_of_a_coordinator_is_whole_and_marks_where_one_is(kamen: Membership) -> None:
    entries = menu_for(Role.COORDINATOR, "settings")
    whole = [reverse(name) for key, _words, name in ENTRIES if key not in ONLY_OF_THE_CLERK | ONLY_OF_OTHERS]
    assert [entry["url"] for entry in entries] == whole
    assert [entry["label"] for entry in entries if entry["current"]] == ["Настройки"]
