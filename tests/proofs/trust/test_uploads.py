"""There is no door for files. What goes out as a table runs nowhere."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from core.limits import LONGEST_QUERY, LimitsMiddleware
from places.models import Settlement
from reports.export import FORMULA, safe
from tests import factories as make
from tests.proofs.spine.addresses import patterns

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("accounts", "catalogue", "config", "core", "handbook", "notifications", "places", "planning", "reports")
ROOMS += ("requests", "volunteers")
# Ways in which Django, DRF and Python take a file from somebody or open what is packed.
DOORS = re.compile(
    r"request\.FILES|\b(File|Image|FilePath)Field\(|MultiPartParser|FileUploadParser|import (zipfile|tarfile|gzip)"
    r"|load_workbook|openpyxl|default_storage"
)


def test_no_room_knows_how_to_take_a_file() -> None:
    """Who builds an import finds this red, and brings limits of size, kind, time and memory with it."""
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for match in DOORS.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()
    assert DOORS.search("form = ImportForm(request.POST, request.FILES)")  # the control


@pytest.mark.parametrize("where", ["/zayavka/", "/vhod/", "/dobrovoltsi/stanete/", "/gishe/", "/nastroyki/pravila/"])
def test_a_file_ends_the_request_before_it_is_kept(where: str) -> None:
    make.municipality()
    client = Client(raise_request_exception=False)
    client.force_login(make.user("coordinator"))
    bomb = SimpleUploadedFile("import.xlsx", b"PK\x03\x04" + b"\x00" * 1000, "application/zip")
    answer = client.post(where, {"file": bomb, "code": "1"})
    assert answer.status_code == 400 and "Спряхме тук" in answer.content.decode()


def test_nor_does_the_api_take_one() -> None:
    client = APIClient()
    client.force_login(make.user("administrator"))
    bomb = SimpleUploadedFile("import.csv", b"=1+1")
    assert client.post("/api/v1/requests/", {"file": bomb}, format="multipart").status_code == 415


@pytest.mark.parametrize(
    ("where", "kind"), [("/zayavka/", "text/html"), ("/api/v1/requests/", "application/problem+json")]
)
def test_more_than_any_form_holds_is_not_read(where: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make.municipality()
    client = Client()
    client.force_login(make.user("administrator"))
    monkeypatch.setattr("django.http.request.HttpRequest.read", lambda *args: pytest.fail("it was read"))
    answer = client.post(where, b"{" * 300_000, content_type="application/json")
    assert answer.status_code == 413 and answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    ("where", "kind"), [("/dnevnik/", "text/html"), ("/api/v1/requests/", "application/problem+json")]
)
def test_an_address_longer_than_any_page_makes_is_refused_and_not_said_again(where: str, kind: str) -> None:
    make.municipality()
    client = Client()
    client.force_login(make.user("auditor" if where == "/dnevnik/" else "administrator"))
    assert client.get(f"{where}?x={'a' * (LONGEST_QUERY - 2)}").status_code == 200
    answer = client.get(f"{where}?x={'a' * LONGEST_QUERY}")
    assert answer.status_code == 414 and answer.headers["Content-Type"].startswith(kind)
    assert b"aaaa" not in answer.content


@pytest.mark.parametrize("told", ["-1", "x", "", "٣", "9" * 400])
def test_a_length_that_is_none_breaks_nothing(told: str) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    request = RequestFactory().get("/api/v1/requests/", CONTENT_LENGTH=told)
    answer = LimitsMiddleware(lambda _request: HttpResponse("on"))(request)
    assert answer.status_code == (413 if len(told) > 9 else 200)


@pytest.mark.parametrize("begin", FORMULA)
def test_a_cell_that_begins_like_a_formula_is_text(begin: str) -> None:
    assert safe(f"{begin}cmd|' /C calc'!A0").startswith("'")
    assert safe("Извор") == "Извор"


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_table_that_goes_out_is_disarmed(language: str) -> None:
    """Whatever answers with a table is found by opening it: a new one has to be asked for here."""
    make.help_request(make.resident(home="Извор"))
    Settlement.objects.filter(name_bg="Извор").update(name_bg="=HYPERLINK(1)", name_en="@SUM(A1)")
    client = Client()
    client.force_login(make.user("coordinator"))
    tables = {}
    from django.urls import get_resolver

    for path, names, one in patterns(get_resolver(), "/", ()):
        if one.pattern.regex.groups or path.startswith("/api/"):
            continue
        answer = client.get(f"{language}{path}" if ":" in ":".join(names) else path)
        if answer.headers.get("Content-Type", "").partition(";")[0] in ("text/csv", "application/vnd.ms-excel"):
            tables[":".join(names)] = (
                b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
            )
    assert set(tables) == {"reports:assignments_file"}
    for text in tables.values():
        separator = "," if language else ";"
        cells = [
            cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator) for cell in row
        ]
        assert any("HYPERLINK" in cell or "SUM" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(FORMULA)]


def test_the_file_is_named_by_us() -> None:
    client = Client()
    client.force_login(make.user("coordinator"))
    answer = client.get(reverse("reports:assignments_file"), {"group": 'x"\r\nX-Nasty: 1', "from": "../../etc"})
    assert answer.status_code in (200, 302) and "X-Nasty" not in answer.headers
    good = client.get(reverse("reports:assignments_file")).headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="spravka-[\w-]+\.csv"', good)
