"""Schemathesis against the server as an installation runs it: every operation of the API, as each role with its token,
as a volunteer and an administrator with their session, and as a stranger. No 5xx and nothing the schema does not name.

It has an environment of its own: it brings the library whose name our own room bears.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.confirming import FACTOR
from accounts.models import Membership
from accounts.roles import Role
from accounts.scopes import scopes_of
from accounts.services import tokens
from catalogue.models import Service
from catalogue.states import Verification
from tests.accounts.entering import shown
from tests.proofs.trust.town import HERE, THERE, Town, both
from tests.services.fuzzing import python_of
from tests.sizes import FULL, size

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1500)]
HARNESS = Path(__file__).with_name("schemathesis_run.py")
# Of each operation, once with right values and once with wrong ones.
EXAMPLES = size(3, 75, "cases an operation, right and wrong ones each")
LEAST = 5000 if FULL else 400


@pytest.fixture
def server(start_server: Callable[..., str]) -> str:
    """Nothing is measured here but answers: no caller is slowed down."""
    return start_server({"API_CALLS_A_MINUTE": "1000000"})


def bearer(member: Membership) -> dict[str, str]:
    now = timezone.now()
    _token, secret = tokens.create_token(
        membership=member, label="проба", scopes=scopes_of(member.role), now=now, expires_at=now + timedelta(days=1)
    )
    return {"Authorization": f"Bearer {secret}"}


def session(member: Membership, *, with_factor: bool = False) -> dict[str, str]:
    """A page of the same site: its cookies, and the CSRF token they go with."""
    client = Client()
    client.force_login(member.user)
    if with_factor:
        shown(client, member.user, method=FACTOR)
    client.get("/az/")
    word = "a" * 32
    own = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={own}; {settings.CSRF_COOKIE_NAME}={word}"
    return {"Cookie": cookies, "X-CSRFToken": word}


def callers(town: Town) -> dict[str, dict[str, str]]:
    with_tokens = {str(role): bearer(member) for role, member in town.people.items() if scopes_of(role)}
    assert town.narrowed is not None
    return {
        **with_tokens, "narrowed": bearer(town.narrowed), "stranger": {},
        "volunteer's session": session(town.people[Role.VOLUNTEER]),
        "administrator's session": session(town.people[Role.ADMINISTRATOR], with_factor=True),
        "administrator's session before a factor": session(town.people[Role.ADMINISTRATOR]),
    }  # fmt: skip


def rows(town: Town, foreign: Town) -> dict[str, dict[str, list[str]]]:
    """What may stand in a path: own rows of both villages, and one of the other municipality."""

    def keys(name: str) -> list[str]:
        return [str(place.rows[where][name]) for place in (town, foreign) for where in (HERE, THERE)][:3]

    api = "/api/v1/"
    return {
        f"{api}webhooks/": {"id": keys("subscription"), "delivery": keys("delivery")},
        f"{api}requests/": {"id": [*keys("request"), *keys("web"), *keys("asked")]},
        f"{api}offers/": {"id": keys("offer")}, f"{api}visits/": {"id": keys("visit")},
        f"{api}volunteers/": {"id": keys("volunteer")}, f"{api}help-points/": {"id": keys("help_point")},
        f"{api}settlements/": {"ekatte": keys("ekatte")}, f"{api}services/": {"code": ["ASP_HEAT"]},
    }  # fmt: skip


def bodies(town: Town) -> dict[str, dict[str, Any]]:
    """With what something is really made."""
    person = {"first_name": "Мария", "last_name": "Петрова", "phone": "0888 123 456", "address_note": "", "needs": []}
    request = {
        "resident": None, "person": {**person, "settlement": town.rows[HERE]["ekatte"]}, "source": "phone",
        "service": "ASP_HEAT", "mode": "HOME_VISIT", "help_point": None, "escort_to": None, "minutes": None,
        "free_times": [], "urgency": "in_time", "urgency_reason": "", "deadline": None, "not_before": None,
        "follows": None, "note": "", "safe_word": "люляк", "asked_by": "self", "asker_name": "", "asker_phone": "",
    }  # fmt: skip
    hook = {"label": "Деловодство", "url": "https://example.org/kuka", "events": ["visit.done"]}
    return {"POST /api/v1/requests/": request, "POST /api/v1/webhooks/": hook}


def made() -> list[Town]:
    towns = both()
    # As the facts have it.
    Service.objects.update(verification=Verification.VERIFIED)
    return towns


def run(url: str, schema: dict[str, Any], towns: list[Town], examples: int) -> dict[str, Any]:
    job = {
        "url": url, "schema": schema, "callers": callers(towns[0]), "rows": rows(*towns),
        "bodies": bodies(towns[0]), "examples": examples, "seed": 5,
    }  # fmt: skip
    command = [str(python_of("fuzz")), "-I", str(HARNESS)]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def schema_of(url: str) -> dict[str, Any]:
    """As the server hands it out."""
    with urllib.request.urlopen(f"{url}/api/v1/schema/?format=json", timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_every_operation_answers_every_caller_as_the_schema_says(server: str) -> None:
    towns, schema = made(), schema_of(server)
    found = run(server, schema, towns, EXAMPLES)
    assert not found["failures"], "\n\n".join(f"{key}\n{said}" for key, said in found["failures"].items())
    operations = {f"{verb.upper()} {path}" for path, item in schema["paths"].items() for verb in item}
    assert set(found["cases"]) == operations
    everybody = {f"{name} {label}" for name in callers(towns[0]) for label in operations}
    assert everybody <= set(found["called"])
    assert sum(found["cases"].values()) >= LEAST, sum(found["cases"].values())
    assert {"200", "201", "204", "401", "403", "404", "422"} <= set(found["statuses"]), found["statuses"]


FIRST = "POST /csp/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SECOND = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def answers(url: str, sent: str) -> list[str]:
    """The statuses that come back when all of this is written at once."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as wire:
        wire.sendall(sent.encode())
        told = b""
        while piece := wire.recv(65536):
            told += piece
    return re.findall(r"HTTP/1\.1 (\d{3})", told.decode(errors="replace"))


def test_two_lengths_are_one_request_or_none(server: str) -> None:
    """Whoever says twice where a request ends smuggles nothing: chunks go before a length, two lengths are refused."""
    assert answers(server, f"{FIRST}Content-Length: 2\r\n\r\n{{}}{SECOND}") == ["204", "200"]  # the control
    both_ways = answers(server, f"{FIRST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SECOND}")
    assert both_ways in (["204", "200"], ["204"], ["400"])  # by a length of six the second would begin with ET
    for length in ("0\r\nContent-Length: 80", "+2", "2, 80"):
        assert answers(server, f"{FIRST}Content-Length: {length}\r\n\r\n{SECOND}") == ["400"], length
    assert answers(server, f"{FIRST}Transfer-Encoding: xchunked\r\n\r\n{SECOND}")[0] in ("400", "501")


def test_an_answer_that_nobody_documented_is_noticed(server: str) -> None:
    """The control: one answer is taken out of the schema, and a field of another is told to be a number."""
    schema = deepcopy(SchemaGenerator().get_schema(public=True))
    paths = {"/api/v1/requests/", "/api/v1/services/{code}/"}
    schema["paths"] = {path: item for path, item in schema["paths"].items() if path in paths}
    del schema["paths"]["/api/v1/requests/"]["get"]["responses"]["401"]
    schema["components"]["schemas"]["Service"]["properties"]["name_bg"] = {"type": "integer"}
    kinds = {key.rpartition(" ")[0] for key in run(server, schema, made(), 4)["failures"]}
    assert kinds == {"GET /api/v1/requests/ 401", "GET /api/v1/services/{code}/ 200"}
