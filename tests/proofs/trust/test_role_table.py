"""Every address and every operation of the API, as every role and as nobody, in two municipalities, with own rows, the
other village's, the other municipality's and rows that do not exist: the answer is what accounts/policy.py says.

The addresses come from the resolver, the operations from the schema. A page without an entry in the table, or an
address in which something stands that nobody named, fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.policy import POLICY, Reach, requires
from accounts.roles import Role
from requests.models import HelpRequest
from tests.proofs.spine import demo_addresses
from tests.proofs.trust.addresses import TAKES, Opened, everything, undecided
from tests.proofs.trust.calling import MISSING, NOT_SO, OPEN, OUTSIDE_THE_TABLE, Caller, expected
from tests.proofs.trust.town import HERE, THERE, Town, unknown
from tests.sizes import FULL

pytestmark = pytest.mark.django_db
CALLERS = [None, *Role, "narrowed"]
URLCONF = "tests.proofs.spine.demo_addresses"


@pytest.fixture(scope="module", autouse=True)
def _as_the_demonstration() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=URLCONF):
        yield


def caller_of(towns: list[Town], who: str | None, number: int) -> Caller:
    town, foreign = towns[number], towns[1 - number]
    if who is None:
        return Caller(town, foreign)
    if who == "narrowed":
        return Caller(town, foreign, Role.CLERK, town.narrowed, narrowed=True)
    return Caller(town, foreign, who, town.people[who])


def wrong_answers(caller: Caller, one: Opened) -> list[str]:
    """Where an address answers this caller otherwise than the table says. What has no such method says nothing."""
    told = []
    kinds = {"own": caller.own()}
    if expected(one, caller, "own") == OPEN and one.takes:
        others = {"kin": caller.kin(), "theirs": caller.theirs()}
        others = {kind: rows for kind, rows in others.items() if expected(one, caller, kind) == MISSING}
        kinds |= others | ({"nobody's": {**caller.own(), **unknown()}} if others else {})
    bodies: dict[str, str] = {}
    for kind, rows in kinds.items():
        found, body, _status = caller.call(one, rows)
        wanted = MISSING if kind == "nobody's" else expected(one, caller, kind)
        bodies[kind] = _without_address(body, one.url(rows))
        if found not in (wanted, NOT_SO):
            told.append(f"{one.method} {one.name}, {kind}: {found}, not {wanted}")
    for kind in others_of(bodies):
        if bodies[kind] != bodies["nobody's"]:
            told.append(f"{one.method} {one.name}, {kind}: is told from what does not exist")
    return told


def others_of(bodies: dict[str, str]) -> list[str]:
    return [kind for kind in ("kin", "theirs") if kind in bodies]


def _without_address(body: bytes, url: str) -> str:
    text = body.decode(errors="replace").replace(url, "·")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def concerns(who: str | None, one: Opened) -> bool:
    """Whoever is kept to one village differs from their colleagues where the table reaches as far as places."""
    return who != "narrowed" or bool(one.takes and one.action in POLICY and POLICY[one.action].reach == Reach.PLACES)


def dealt(towns: list[Town], addresses: list[Opened]) -> set[tuple[int, str | None]]:
    """Which address is called by whom: full, each by everybody.

    Reduced, of those whom the table answers alike one, in turn; and every action and method meets every caller.
    """
    plain = {who: Caller(*towns, "clerk" if who == "narrowed" else who, narrowed=who == "narrowed") for who in CALLERS}
    pairs = [(place, who) for place, one in enumerate(addresses) for who in CALLERS if concerns(who, one)]
    alike: dict[tuple[int, str, str], list[str | None]] = {}
    for place, who in pairs:
        said = (expected(addresses[place], plain[who], rows) for rows in ("own", "kin"))
        alike.setdefault((place, *said), []).append(who)
    chosen = {(place, group[place % len(group)]) for (place, *_said), group in alike.items()}

    def met(place: int, who: str | None) -> tuple[str, str, str | None]:
        return addresses[place].action, addresses[place].method, who

    seen = {met(*pair) for pair in chosen}
    for pair in pairs:
        if FULL or met(*pair) not in seen:
            chosen.add(pair)
            seen.add(met(*pair))
    return chosen


@pytest.mark.parametrize("who", CALLERS, ids=lambda who: str(who or "stranger"))
def test_every_address_answers_as_the_table_says(towns: list[Town], who: str | None) -> None:
    """Reduced, each address is called from one of the two municipalities, in turn; full, from both."""
    wrong, called, addresses = [], 0, everything()
    chosen, here = dealt(towns, addresses), [caller_of(towns, who, number) for number in (0, 1)]
    for place, one in enumerate(addresses):
        for number, caller in enumerate(here):
            if (place, who) in chosen and (FULL or number == (place // 2 + CALLERS.index(who)) % 2):
                wrong += wrong_answers(caller, one)
                called += 1
    assert not wrong, "\n".join(wrong)
    assert called > 60


def test_every_address_and_every_action_is_dealt_out(towns: list[Town]) -> None:
    """Also reduced: each address to somebody for each answer of the table, each action to every caller it is about."""
    addresses = everything()
    chosen = dealt(towns, addresses)
    assert {place for place, _who in chosen} == {*range(len(addresses))}
    called = {(addresses[place].action, addresses[place].method, who) for place, who in chosen}
    assert called == {(one.action, one.method, who) for one in addresses for who in CALLERS if concerns(who, one)}


def test_every_address_has_its_entry() -> None:
    known = {*POLICY, *OUTSIDE_THE_TABLE}
    assert [f"{one.method} {one.name}" for one in everything() if one.action not in known] == []
    assert undecided() == [], "say in tests/proofs/trust/addresses.py what stands in these"


def test_every_action_of_the_table_opens_something() -> None:
    assert {*POLICY} - {one.action for one in everything()} == set()


ANY_KEY = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


def test_every_operation_of_the_schema_is_among_them() -> None:
    paths: dict[str, Any] = SchemaGenerator().get_schema(public=True)["paths"]
    verbs = {"get", "post", "put", "patch", "delete"}
    named = {(_shape(path), method) for path, methods in paths.items() for method in methods if method in verbs}
    called = {(_shape(_pattern(one)), one.method) for one in everything() if one.is_api}
    assert named - called == set()
    assert {name for _shape, name in called} <= verbs


def _pattern(one: Opened) -> str:
    return reverse(one.name, args=[ANY_KEY for _part in one.takes])


def _shape(path: str) -> str:
    """The address with a dot for whatever stands in it."""
    return re.sub(rf"\{{\w+\}}|{ANY_KEY}", "·", path)


def test_the_table_has_no_address_that_is_gone() -> None:
    assert {*TAKES} - {one.name for one in everything()} == set()


def test_the_own_request_opens_with_its_code_and_no_other(towns: list[Town]) -> None:
    """A resident and whoever asked for them, of either municipality; the wrong phone opens nothing."""
    for town, foreign in (towns, towns[::-1]):
        code, phone = town.codes[HERE]
        for typed in (phone, "+359888999777"):
            client = Client()
            assert client.post(reverse("requests:track"), {"code": code, "phone": typed}).status_code == 302
            page = client.get(reverse("requests:tracking")).content.decode()
            number = HelpRequest.objects.get(pk=town.rows[HERE]["request"]).number
            assert f"{number}" in page and town.municipality.name_bg in page
        stranger = Client()
        for wrong in (foreign.codes[HERE][1], town.codes[THERE][1]):
            assert stranger.post(reverse("requests:track"), {"code": code, "phone": wrong}).status_code == 200
        assert stranger.get(reverse("requests:tracking")).status_code == 302


def _open_to_nobody_knows(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@requires("help_request.read")
def _forgets_its_scope(request: HttpRequest, pk: Any) -> HttpResponse:
    """What the proof is for: the role is asked for and the municipality is not."""
    return HttpResponse(HelpRequest.objects.get(pk=pk).number)


urlpatterns = [
    *demo_addresses.urlpatterns,
    path("zabraveno/", _open_to_nobody_knows, name="forgotten"),
    path("zabraveno/<uuid:pk>/", _forgets_its_scope, name="help-request-careless"),
]


def test_the_proof_sees_a_page_without_an_entry() -> None:
    """The control: a page nobody decided about, and one in which something stands that nobody named."""
    known = {*POLICY, *OUTSIDE_THE_TABLE}
    assert {one.name for one in everything(__name__) if one.action not in known} == {"forgotten"}
    assert undecided(__name__) == ["help-request-careless"]


def test_the_proof_sees_a_page_that_forgets_its_scope(towns: list[Town], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the role is right, and the row is another municipality's, another village's, nobody's."""
    monkeypatch.setitem(TAKES, "help-request-careless", ("request",))
    with override_settings(ROOT_URLCONF=__name__):
        one = next(one for one in everything() if one.name == "help-request-careless")
        told = wrong_answers(caller_of(towns, "narrowed", 0), one)
    assert [line.partition(", ")[2] for line in told[:3]] == [
        "kin: open, not not found", "theirs: open, not not found", "nobody's: failed with 500, not not found",
    ]  # fmt: skip
