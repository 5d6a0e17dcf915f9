"""A coordinator's words: checked before they are kept, and never in the way of a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Invalid
from notifications.kinds import Kind, Template
from notifications.models import Contact, DeskTask, MessageTemplate
from notifications.services import wordings
from notifications.states import TaskKind
from places.models import Municipality
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
OFFER = Template(
    Kind("offer_made"), "Покана", "Покана за {where}", "Покана: {where}, {when}. {reply}", "{where}, {when}. {reply}",
    ("where", "when", "reply"), budget=2,
)  # fmt: skip
FACTS = {"where": "с. Извор", "when": "чт 15.10 в 10:30", "reply": "Отговорете ДА 4821."}
OWN = {"subject": "Идвате ли?", "body": "Идвате ли в {къде}, {when}? {отговор}", "short": "{where} {кога}? {reply}"}


@pytest.fixture
def change(radomir: Municipality) -> Callable[..., MessageTemplate]:
    def keep(**words: Any) -> MessageTemplate:
        said = {**OWN, **words}
        return wordings.change(municipality=radomir, template=OFFER, language="bg", examples=FACTS, now=NOW, **said)

    return keep


def test_own_words_are_told_with_names_in_either_language(iva: Contact, change: Any) -> None:
    change()
    assert wordings.write(OFFER, iva, FACTS, now=NOW).short == "с. Извор чт 15.10 в 10:30? Отговорете ДА 4821."


def test_another_municipality_and_another_language_keep_the_standard(iva: Contact, change: Any) -> None:
    change()
    iva.language = "en"
    assert wordings.write(OFFER, iva, FACTS, now=NOW).subject == "Покана за с. Извор"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"short": "{where} {when} {reply} {телефонче}"}, "unknown_placeholder"),
        ({"short": "{where} {when} {reply} {"}, "unknown_placeholder"),
        ({"subject": "{phone}"}, "unknown_placeholder"),
        ({"body": "   "}, "empty_text"),
        ({"short": "{where} {when}"}, "missing_placeholder"),
        ({"body": "Елате. {reply} {when}"}, "missing_placeholder"),
        ({"short": "{where} {when} {reply}" + "а" * 300}, "sms_too_long"),
    ],
)
def test_words_that_would_break_a_message_are_not_kept(change: Any, words: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as error:
        change(**words)
    assert error.value.code == code
    assert not MessageTemplate.objects.exists()


def test_the_preview_shows_what_is_wrong_and_both_sizes() -> None:
    seen = wordings.preview(OFFER, "bg", ("Тема", OFFER.body, "{where}: да? {reply} {when}"), FACTS)  # type: ignore[arg-type]
    assert seen.problems == [] and seen.text is not None
    assert seen.cyrillic is not None and seen.latin is not None
    assert not seen.cyrillic.is_gsm and seen.latin.is_gsm
    broken = wordings.preview(OFFER, "bg", ("Тема", "{x}", ""), FACTS)
    assert broken.text is None
    assert [(field, error.code) for field, error in broken.problems] == [
        ("body", "unknown_placeholder"), ("short", "empty_text"),
    ]  # fmt: skip


@pytest.mark.parametrize("broken", ["{телефонче}", "{", "{{when}}", "{when!r:>{0}}", "{0.__class__}", ""])
def test_words_that_no_longer_fit_send_the_standard_and_tell_the_desk(iva: Contact, change: Any, broken: str) -> None:
    change()
    MessageTemplate.objects.update(short=broken)
    for _twice in range(2):
        text = wordings.write(OFFER, iva, FACTS, now=NOW)
        assert text.short == "с. Извор, чт 15.10 в 10:30. Отговорете ДА 4821."
    task = DeskTask.objects.get(kind=TaskKind.WORDING)
    assert task.facts == {"kind": "offer_made", "language": "bg"}


def test_mending_the_words_closes_the_task(iva: Contact, radomir: Municipality, change: Any) -> None:
    change()
    MessageTemplate.objects.update(body="{x}")
    wordings.write(OFFER, iva, FACTS, now=NOW)
    change()
    assert DeskTask.objects.get(kind=TaskKind.WORDING).done_at == NOW
    wordings.restore(municipality=radomir, template=OFFER, language="bg", now=NOW)
    assert wordings.write(OFFER, iva, FACTS, now=NOW).subject == "Покана за с. Извор"


def test_what_no_field_would_take_is_not_filled_but_said() -> None:
    long = "<" * (wordings.MOST_SIGNS + 1)
    seen = wordings.preview(OFFER, "bg", ("Тема", long, "{where}"), FACTS)
    assert seen.text is None
    assert [(field, problem.code) for field, problem in seen.problems] == [("body", "too_long")]
