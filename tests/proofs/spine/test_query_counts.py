"""Every list, with one row and with thirty of distinct residents, villages, services, volunteers and teams, as each
role: the same number of queries. The addresses come from the resolver and the API's own schema; whatever has no
parameter is a list or is explained.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Membership
from accounts.roles import Role
from core.models import InstallationMark
from requests.models import HelpRequest
from requests.states import RequestState
from tests import factories as make
from tests.proofs.spine import crowd, demo_addresses
from tests.proofs.spine.addresses import Address, pages
from tests.sizes import FULL, size
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
ROWS = size(3, 30, "rows")
# Name of the address → what is asked of it. Each shows a row for every one of the crowd to somebody.
LISTS = {
    "accounts:help-points": "",
    "accounts:holidays": "",
    "accounts:coverage": "",
    "accounts:staff": "",
    "accounts:tokens": "",
    "catalogue:services": "",
    "demo-phones": "",
    "planning:board": "",
    "planning:queue": "",
    "planning:today": "",
    "reports:assignments": "",
    "reports:assignments_file": "",
    "requests:callbacks": "",
    "requests:calls": "",
    "requests:desk": "",
    "requests:desk_search": "",
    "requests:inbox": "",
    # One of the crowd writes more than a page of fifty; of visits it writes nine.
    "requests:journal": "?kind=visit",
    "requests:kept_apart": "",
    "requests:mine": "",
    "requests:my_offers": "",
    "requests:my_today": "",
    "requests:my_week": "",
    "requests:openings": "",
    "requests:store": "",
    "requests:operators": "",
    "requests:safeguarding": "",
    "requests:webhooks": "",
    "volunteers:apply": "",
    "volunteers:list": "",
}
# Asked by POST, with this.
POSTED: dict[str, dict[str, str]] = {"requests:desk_search": {"q": crowd.SURNAME}}
# Asked at every pause in typing, for the list alone; without scripts the same address answers the whole page.
WHOLE_PAGE = ", whole page"
HTMX = {"HX-Request": "true"}
# These show the eight nearest people, or the first ten messages, whatever there is.
CUT_SHORT = {"requests:desk", "requests:desk_search", f"requests:desk_search{WHOLE_PAGE}", "requests:operators"}
NOT_LISTS = {
    "a form or an answer to one": {
        *("account_login", "account_logout", "account_inactive", "account_request_login_code"),
        *(
            "account_confirm_login_code",
            "account_choose_person",
            "account_reset_password",
            "account_reset_password_done",
        ),
        *("account_reset_password_from_key_done", "accounts:desk", "accounts:rules", "accounts:help-point-new"),
        *(
            "accounts:confirm",
            "accounts:factor-app",
            "accounts:factor-key",
            "accounts:factor-paper",
            "accounts:password",
            "mfa_authenticate",
        ),
        *("accounts:invite", "requests:ask_check", "requests:ask_done", "requests:track", "volunteers:applied"),
        *("requests:stop", "requests:tracking_wishes", "volunteers:my_wishes"),
        *("requests:webhook_new", "requests:keeping", "requests:tracking_answer", "requests:tracking_relative"),
    },
    "leads on to another page": {"accounts:start", "accounts:settings", "requests:ask"},
    "one request, the reader's own": {
        *("requests:tracking", "requests:tracking_another_time", "requests:tracking_correct"),
        *("requests:tracking_withdraw", "requests:card"),
    },
    "takes only POST": {
        *(
            "accounts:factor-remove",
            "accounts:switch",
            "requests:tracking_confirm",
            "requests:tracking_leave",
            "planning:plan_now",
        ),
        *("planning:advise_now", "push-changed", "requests:calendar_renew", "requests:calendar_stop"),
    },
    "the reader's own profile": {"accounts:me", "volunteers:me", "requests:my_calendar", "requests:my_data"},
    "two texts with the municipality's telephone": {"requests:privacy", "requests:accessibility"},
    "a few fixed lines": {"", "requests:home", "handbook:index", "planning:progress", "service-worker"},
    "one line a browser of the reader's, five at most": {"requests:push"},
    "one line a device or factor of the reader's own": {"accounts:devices", "accounts:factors"},
    "a drawing": {"accounts:factor-app-drawing"},
    "one line a village and day; tests/requests/web/test_paper.py counts": {"requests:paper_sheets"},
    "a line for each kind of message, or for each channel": {"requests:words", "requests:speed"},
    "one line for each municipality that works here": {"requests:choose_town"},
}
# The most queries each list may ask of the database, whoever reads it.
CEILINGS: dict[str, int] = tomllib.loads(
    (Path(__file__).parents[1] / "trust" / "ceilings.toml").read_text(encoding="utf-8")
)["queries"]
NOT_LIST_ENDPOINTS = {"/api/v1/volunteers/me/availability/": "the reader's own hours"}
NOT_LIST_ENDPOINTS["/api/v1/messages/speed/"] = "a line for each channel"
ROLES = (None, *Role)


@pytest.fixture(autouse=True)
def _also_the_demonstration(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.proofs.spine.demo_addresses"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def me(now: datetime) -> Volunteer:
    make.municipality()
    InstallationMark.objects.get_or_create(kind="demo")
    return make.volunteer()


def endpoints() -> list[Address]:
    """The API's lists: what its schema answers with GET and without a parameter in the path."""
    paths: dict[str, Any] = SchemaGenerator().get_schema(public=True)["paths"]
    found = [path for path, verbs in paths.items() if "get" in verbs and "{" not in path]
    return [Address(path, path, "", False) for path in found if path not in NOT_LIST_ENDPOINTS]


def details(me: Volunteer) -> list[Address]:
    """Pages about one row that list many others."""
    declined = HelpRequest.objects.filter(state=RequestState.OPEN, unserved_reason="busy").earliest("created_at")
    groups = [
        Address(f"{reverse(name)}?group={group}", f"{name}, {group}", "report.read", False)
        for name in ("reports:assignments", "reports:assignments_file")
        for group in ("settlement", "service")
    ]
    return [
        *groups,
        *(Address(reverse(name), f"{name}{WHOLE_PAGE}", "help_request.intake", False) for name in POSTED),
        Address(reverse("planning:candidates", args=[declined.pk]), "planning:candidates", "help_request.assign", True),
        Address(reverse("volunteers:detail", args=[me.pk]), "volunteers:detail", "volunteer.read", True),
        Address(reverse("requests:ask_question", args=["kade"]), "requests:ask_question", "public", True),
    ]


def clients(me: Volunteer, colleague: Membership) -> dict[str | None, Client]:
    """Somebody of each role; the volunteer and the coordinator are those everything happens to."""
    found: dict[str | None, Client] = {}
    for role in ROLES:
        client = found[role] = Client()
        if role is not None:
            ours = {Role.VOLUNTEER: me.user, Role.COORDINATOR: colleague.user}
            client.force_login(ours.get(role) or make.user(role))
        _answer_the_first_questions(client)
    return found


def _answer_the_first_questions(client: Client) -> None:
    """As far as the question that lists every village and every help point."""
    client.get(reverse("requests:ask"))
    client.post(reverse("requests:ask_question", args=["kakvo"]), {"service": "unknown", "note": ""})
    client.post(reverse("requests:ask_question", args=["kak"]), {"mode": "HELP_POINT"})


Measured = dict[tuple[str, str | None], tuple[int, int]]
# Everything happens to these two; reduced, one more of those who may open a list looks at it, each role in its turn.
ALWAYS = (Role.VOLUNTEER, Role.COORDINATOR)


def measure(addresses: list[Address], people: dict[str | None, Client]) -> Measured:
    """(address, role) → queries, size of the answer; only what opens to the role.

    What a process asks once and then knows (content types) is no part of it: everything is asked twice.
    """
    found: Measured = {}
    for number, address in enumerate(addresses):
        turn = number % len(ROLES)
        others = [role for role in (*ROLES[turn:], *ROLES[:turn]) if role not in ALWAYS]
        for role in (*ALWAYS, *others):
            if _open(people[role], address).status_code == 200:
                found |= _measured(people, address, role)
                if role in others and not FULL:
                    break
    return found


def measure_again(addresses: list[Address], people: dict[str | None, Client], before: Measured) -> Measured:
    """The same, when everything is known already; in full also of those to whom nothing opened before."""
    found: Measured = {}
    for address in addresses:
        for role in ROLES:
            if FULL or (address.name, role) in before:
                found |= _measured(people, address, role)
    return found


def _measured(people: dict[str | None, Client], address: Address, role: str | None) -> Measured:
    with CaptureQueriesContext(connection) as asked:
        answer = _open(people[role], address)
    return {(address.name, role): (len(asked), len(answer.getvalue()))} if answer.status_code == 200 else {}


def _open(client: Client, address: Address) -> Any:
    if (body := POSTED.get(address.name.removesuffix(WHOLE_PAGE))) is not None:
        whole = address.name.endswith(WHOLE_PAGE)
        return client.post(address.path, body, headers={} if whole else HTMX)
    return client.get(address.path + LISTS.get(address.name, ""))


def compare(few: Measured, many: Measured, grown: Callable[[int, int], bool]) -> list[str]:
    wrong = [
        f"{name} as {role}: {few[name, role][0]} queries, then {queries}"
        for (name, role), (queries, _size) in many.items()
        if few[name, role][0] != queries
    ]
    names = {name for name, _role in many}
    shown = {name for (name, role), (_queries, size) in many.items() if grown(few[name, role][1], size)}
    return wrong + [f"{name} showed nobody any of the rows" for name in sorted(names - shown - CUT_SHORT)]


def over(found: Measured, ceilings: dict[str, int]) -> list[str]:
    """Lists that ask more than the file allows, that are not in it, and lines of it without a list."""
    most: dict[str, int] = {}
    for (name, _role), (queries, _size) in found.items():
        most[name] = max(queries, most.get(name, 0))
    wrong = [
        f"{name}: {queries} queries, at most {ceilings.get(name, 'unknown')}"
        for name, queries in sorted(most.items())
        if queries > ceilings.get(name, -1)
    ]
    return wrong + [f"{name} is gone" for name in sorted(ceilings.keys() - most.keys())]


def test_every_page_without_a_parameter_is_a_list_or_is_explained() -> None:
    known = {*LISTS, *(name for names in NOT_LISTS.values() for name in names)}
    there = {address.name for address in pages(demo_addresses)}
    assert there - known == set(), "say whether these are lists"
    assert known - there == set(), "these are gone"


def test_lists_ask_as_many_queries_for_thirty_rows_as_for_one(me: Volunteer, now: datetime) -> None:
    colleague = make.member(Role.COORDINATOR)
    crowd.ring(1, me, colleague, now)
    people = clients(me, colleague)
    lists = [address for address in pages(demo_addresses) if address.name in LISTS]
    lists += [*endpoints(), *details(me)]
    few = measure(lists, people)
    assert {name for name, _role in few} == {address.name for address in lists}, "nobody may open these"
    for number in range(2, ROWS + 1):
        crowd.ring(number, me, colleague, now)
    many = measure_again(lists, people, few)
    assert few.keys() == many.keys()
    told = over(many, CEILINGS)
    assert not told, "\n".join(told)
    assert not compare(few, many, lambda one, thirty: thirty > one + 20 * (ROWS - 1))


def test_the_ceilings_are_close() -> None:
    """The control: one query above it, a list nobody wrote down and a line without a list are told."""
    found: Measured = {("a", None): (3, 100), ("a", "clerk"): (5, 100), ("b", None): (1, 100)}
    assert over(found, {"a": 5, "b": 1}) == []
    assert over(found, {"a": 4, "c": 9}) == ["a: 5 queries, at most 4", "b: 1 queries, at most unknown", "c is gone"]


def test_the_measure_sees_a_query_for_every_row() -> None:
    """The control: one query more is told, and so is a list that shows nothing of what is there."""
    few: Measured = {("a", None): (3, 100), ("b", None): (3, 100)}
    many: Measured = {("a", None): (32, 900), ("b", None): (3, 100)}
    assert compare(few, many, lambda one, thirty: thirty > one) == [
        "a as None: 3 queries, then 32", "b showed nobody any of the rows",
    ]  # fmt: skip
