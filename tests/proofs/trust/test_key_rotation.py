"""A new key while people work: everything is sealed anew, nothing they write is lost, and the old key may go.

The command runs as its own process, is killed in the middle and begun again, while threads correct the same people.
The control takes the comparison away and shows that a correction is then lost.
"""

from __future__ import annotations

import base64
import sys
import threading
from typing import Any

import pytest
from django.db import connections

from core import crypto, rotation
from core.fields import Sealed
from notifications.models import Callback, Contact, InboundMessage
from requests.models import HelpRequest, Resident
from tests import factories as make
from tests.services.fixtures import test_database_url
from tests.sizes import size

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def key(name: str, letter: str) -> str:
    return f"{name}:{base64.b64encode(letter.encode() * 32).decode()}"


OLD, NEW = key("old", "o"), key("new", "n")


def opened() -> dict[str, int]:
    """How many values of each table open now; raises where one does not."""
    counts = {}
    for model in rotation.tables():
        fields = rotation.sealed_fields(model)
        for row in model._base_manager.all():
            texts = [getattr(row, field.attname) for field in fields]
            counts[model._meta.label] = counts.get(model._meta.label, 0) + sum(1 for text in texts if text)
    return counts


class Writers:
    """Threads that correct people without a pause, each their own; what each wrote last is what must stand."""

    def __init__(self, rows: list[Resident], threads: int) -> None:
        self.said: dict[Any, str] = {}
        self.failed: list[BaseException] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(rows[number::threads],)) for number in range(threads)
        ]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, mine: list[Resident]) -> None:
        number = 0
        try:
            while not self._stop.is_set():
                number += 1
                row = Resident.objects.get(pk=mine[number % len(mine)].pk)
                row.address_note = f"порта {number}"
                row.save(update_fields=["address_note"])
                self.said[row.pk] = row.address_note
        except BaseException as error:
            self.failed.append(error)
        finally:
            connections.close_all()


def people(number: int) -> list[Resident]:
    who = [make.resident(f"Име{index}") for index in range(number)]
    for person in who[::10]:
        make.help_request(person, note="не чува добре")
    where = make.municipality()
    InboundMessage.objects.create(
        municipality=where, sender="+359888000111", sender_hash="x", text="да", reference="1", received_at=make.NOW
    )
    Callback.objects.create(
        municipality=where, phone="+359888000111", phone_hash="x", source="missed", since=make.NOW, due_at=make.NOW,
        reason="пита", recording_url="https://pbx.example/1.wav",
    )  # fmt: skip
    return who


def test_rotation_under_load_killed_in_the_middle(settings: Any, start_process: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    who = people(size(150, 3000, "people"))
    before = opened()
    settings.FIELD_KEYS = [NEW, OLD]
    command = [sys.executable, "manage.py", "rotate_keys", "--batch", "5"]
    env = {"FIELD_KEYS": f"{NEW},{OLD}", "DATABASE_URL": test_database_url(), "BUILDING": "1"}
    with Writers(who, size(3, 8, "writers")) as writers:
        first = start_process("rotation", command, env)
        first.wait_for("sealed anew")
        first.kill()
        left = rotation.in_use()
        assert left["old"] > 0, "it was killed too late to prove anything"
        assert left["new"] > 0
        again = start_process("rotation", command, env)
        again.wait_for("\nKey old:")
    assert writers.failed == []
    assert "Key old: seals nothing any more. It may leave FIELD_KEYS." in again.log()
    assert set(rotation.in_use()) == {"new"}
    settings.FIELD_KEYS = [NEW]
    assert opened() == before
    assert len(writers.said) > len(who) // 2
    for row in Resident.objects.filter(pk__in=writers.said):
        assert row.address_note == writers.said[row.pk]


def between(monkeypatch: Any, person: Resident, compared: bool) -> None:
    """Rotate while somebody corrects this person at the worst moment: after it was read, before it is written."""
    real, corrected = rotation.compare_and_set, []

    def slow(model: Any, row_key: Any, old: Any, new: Any) -> bool:
        if model is Resident and not corrected:
            corrected.append(True)
            fresh = Resident.objects.get(pk=person.pk)
            fresh.address_note = "нова порта"
            fresh.save()
        return real(model, row_key, old if compared else {}, new)

    monkeypatch.setattr(rotation, "compare_and_set", slow)
    list(rotation.rotate(Resident))
    assert corrected


@pytest.mark.parametrize("compared", [True, False])
def test_what_is_written_in_between_stands_only_because_it_is_compared(
    settings: Any, monkeypatch: Any, compared: bool
) -> None:
    settings.FIELD_KEYS = [OLD]
    person = make.resident()
    settings.FIELD_KEYS = [NEW, OLD]
    between(monkeypatch, person, compared)
    stands = Resident.objects.get(pk=person.pk).address_note
    assert (stands == "нова порта") == compared


def test_a_process_that_still_seals_with_the_old_key_is_told_apart(settings: Any) -> None:
    """Said of the old key only when no value of it is left."""
    settings.FIELD_KEYS = [NEW, OLD]
    person = make.resident()
    list(rotation.rotate(Resident))
    settings.FIELD_KEYS = [OLD, NEW]
    person.refresh_from_db()
    person.address_note = "друга порта"
    person.save()
    settings.FIELD_KEYS = [NEW, OLD]
    assert rotation.in_use()["old"] > 0
    assert [step.done for step in rotation.rotate(Resident)] == [1]
    assert rotation.in_use()["old"] == 0


def test_phone_address_notes_texts_and_callbacks_all_stand_sealed(settings: Any) -> None:
    people(1)
    sealed = {
        Contact: ["phone"], Resident: ["first_name", "address_note"], HelpRequest: ["note", "safe_word"],
        InboundMessage: ["sender", "text"], Callback: ["phone", "reason", "recording_url"],
    }  # fmt: skip
    for model, names in sealed.items():
        for name in names:
            stands = model._base_manager.exclude(**{name: Sealed("")}).values_list(name, flat=True)
            assert stands and all(crypto.key_of(value) == crypto.first_key() for value in stands), (model, name)
