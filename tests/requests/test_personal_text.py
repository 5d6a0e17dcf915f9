"""Personal text: what is never written down, what is sealed, and whom a code lets in."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from core.crypto import CannotOpen
from core.phones import normalise
from requests.models import HelpRequest, JournalEntry, Resident
from requests.selectors.access import by_tracking_code
from requests.services import residents
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
# ЕГН, ЛНЧ, IBAN and a card number as people type them
SECRETS = ["75-23 16/9263", "ЕГН:7523169263.", "ЛНЧ 1000000001", "BG80 BNBG 9661 1020 3456 78", "4111-1111 1111 1111"]


class TestNeverWrittenDown:
    @pytest.mark.parametrize("secret", SECRETS)
    @pytest.mark.parametrize("field", ["note", "safe_word", "asker_name"])
    def test_not_in_a_request(self, secret: str, field: str, caplog: pytest.LogCaptureFixture) -> None:
        who = make.resident()
        with caplog.at_level(logging.DEBUG), pytest.raises(ValidationError) as told:
            make.help_request(who, **{field: f"моля, {secret}"})
        assert (
            told.value.code.startswith("forbidden_") and "не го пазим" in told.value.message
        ) or "не я" in told.value.message
        assert not HelpRequest.objects.exists() and not JournalEntry.objects.exists()
        assert secret not in caplog.text and secret not in str(told.value)

    @pytest.mark.parametrize("secret", SECRETS)
    @pytest.mark.parametrize("field", ["first_name", "middle_name", "last_name", "address_note"])
    def test_not_about_a_person(self, secret: str, field: str, caplog: pytest.LogCaptureFixture) -> None:
        words = {"first_name": "Мария", "last_name": "Петрова", "settlement": make.village(), "phone": "0888 123 456"}
        person = residents.Person(**{**words, field: secret})
        with caplog.at_level(logging.DEBUG), pytest.raises(ValidationError):
            residents.register(municipality=make.municipality(), person=person, now=make.NOW)
        assert not Resident.objects.exists() and secret not in caplog.text

    def test_no_table_has_a_place_for_it(self) -> None:
        never = ("egn", "pin", "iban", "diagnosis", "password", "lnch")
        names = {
            f"{model.__name__}.{field.name}"
            for model in apps.get_app_config("requests").get_models()
            for field in model._meta.get_fields()
        }
        assert not {name for name in names if set(never) & set(name.rpartition(".")[2].split("_"))}


class TestSealed:
    def raw(self, statement: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchall())

    def key(self, row: Resident):
        return row.pk if connection.vendor == "postgresql" else row.pk.hex

    def raw_name(self, row: Resident) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_name FROM requests_resident WHERE id = %s", [self.key(row)])
            return str(cursor.fetchone()[0])

    def test_the_database_holds_no_personal_text(self) -> None:
        make.help_request(
            make.resident("Мария", "Петрова", phone="0888 765 432"),
            note="кучето лае", safe_word="люляк", asked_by="relative", asker_name="Донка", asker_phone="0899 123 456",
        )  # fmt: skip
        for table in ("requests_helprequest", "requests_resident", "notifications_contact", "requests_residentnamekey"):
            rows = self.raw(f"SELECT * FROM {table}")
            for plain in ("Мария", "Петрова", "чешмата", "888765432", "кучето", "люляк", "Донка", "899123456"):
                assert plain not in rows, f"{plain} stands open in {table}"

    def test_and_the_row_reads_as_it_was_written(self) -> None:
        pk = make.help_request(note="кучето лае", asker_phone="0899 123 456").pk
        row = HelpRequest.objects.get(pk=pk)
        assert (row.note, row.safe_word, row.asker_phone) == ("кучето лае", "люляк", "+359899123456")
        assert (row.resident.name, row.resident.address_note) == ("Мария Петрова", "до чешмата, синя порта")

    def test_a_value_moved_to_another_row_does_not_open(self) -> None:
        one, other = make.resident(), make.resident("Стоян")
        sealed = self.raw_name(one)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE requests_resident SET last_name = %s WHERE id = %s", [sealed, self.key(other)])
        moved = Resident.objects.get(pk=other.pk)
        with pytest.raises(CannotOpen):
            str(moved.last_name)
        assert moved.first_name == "Стоян"


class TestTracking:
    def test_by_code_and_the_persons_own_phone(self) -> None:
        row = make.help_request(make.resident(phone="0888 123 456"))
        spaced = f"{row.tracking_code[:4]} {row.tracking_code[4:]}"
        assert by_tracking_code(spaced, normalise("0888123456")) == row

    def test_by_code_and_the_phone_of_who_asked(self) -> None:
        row = make.help_request(asked_by="relative", asker_name="Донка", asker_phone="0899 123 456")
        assert by_tracking_code(row.tracking_code, "+359899123456") == row

    def test_not_by_the_code_alone_nor_with_another_phone(self) -> None:
        row = make.help_request(make.resident(phone="0888 123 456"))
        assert by_tracking_code(row.tracking_code, "+359888123457") is None
        assert by_tracking_code("00000000", "+359888123456") is None

    def test_one_phone_may_belong_to_two_people(self) -> None:
        maria, stoyan = make.resident(phone="0888 123 456"), make.resident("Стоян", phone="+359 88 812 3456")
        assert maria.contact.phone_hash == stoyan.contact.phone_hash
        rows = [make.help_request(maria), make.help_request(stoyan)]
        assert [by_tracking_code(row.tracking_code, "+359888123456") for row in rows] == rows
