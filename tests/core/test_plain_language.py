"""What people read is short, warm and certain: measured in the code's messages and their English."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from core import plain_language, texts

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(path for path in ROOT.glob("*/templates/**/*") if path.suffix in {".html", ".txt"})
# The base templates of the pages that people read alone.
ALONE = re.compile(r'{%\s*extends "core/(resident|public|print|error)\.html"')


def english() -> dict[tuple[str, str], polib.POEntry]:
    catalogue = polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    return {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}


def test_sentences_do_not_end_at_abbreviations_hours_or_numbers():
    text = "Идваме в 10:30\u00a0ч. при Вас, с. Извор. Номерът е №\u00a04821. Ще се обадим?"
    assert len(plain_language.sentences(text)) == 3


def test_a_placeholder_and_a_time_are_one_word_each_and_markup_none():
    assert plain_language.count(plain_language.sentences("<b>%(who)s</b> идва в 10:30")[0]) == 4


@pytest.mark.parametrize(
    "text",
    [
        "Моля, изчакайте.", "Заявката е приета успешно.", "Готово!", 'Натиснете "Да".', "в 10:30 ч. идваме",
        "%(n)s км път", "Please wait.",
        "Назначеният от общината доброволец ще осъществи посещение на посочения от Вас адрес в уговорения ден и час.",
    ],
)  # fmt: skip
def test_the_language_of_an_office_is_noticed(text):
    assert list(plain_language.faults(text))


@pytest.mark.parametrize(
    "text", ["Заявката е при нас. Номер 4821.", "Идваме в 10:30\u00a0ч.", "Не искаме пари, ПИН или парола. Никога."]
)
def test_the_voice_of_the_house_passes(text):
    assert not list(plain_language.faults(text))


def test_a_list_of_words_is_no_long_sentence():
    assert not list(plain_language.faults(", ".join(["люляк"] * 20)))
    assert list(plain_language.faults(", ".join(["люляк"] * 20) + " и орех"))


def test_bulgarian_outside_the_catalogue_is_noticed():
    source = (
        '{% translate "Да" %}<p>Не</p>{% blocktranslate %}Може{% endblocktranslate %}<i lang="bg">български</i>{# не #}'
    )
    assert list(plain_language.untranslated(source)) == ["<p>Не</p>"]


def test_every_message_of_the_house_is_plain():
    found = [
        f"{min(message.files)}: {fault}"
        for _, message in sorted(texts.extract(ROOT).items())
        for text in filter(None, [message.text, message.plural])
        for fault in plain_language.faults(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_a_template_says_can_be_read_in_english(path):
    assert not list(plain_language.untranslated(path.read_text(encoding="utf-8")))


def alone() -> list[Path]:
    """Templates of pages people read alone, and what lies beside them without being a desk or volunteer page."""
    sources = {path: path.read_text(encoding="utf-8") for path in TEMPLATES}
    folders = {path.parent for path, source in sources.items() if ALONE.search(source)}
    others = re.compile(r'{%\s*extends "core/(desk|pocket)\.html"')
    return [path for path, source in sources.items() if path.parent in folders and not others.search(source)]


def test_pages_people_read_alone_are_plain_in_both_languages():
    catalogue = english()
    said: list[str] = []
    told: list[str] = []
    for path in alone():
        for message in texts.from_template(path.read_text(encoding="utf-8")):
            entry = catalogue.get(message.key)
            said += filter(None, [message.text, message.plural])
            told += filter(None, [entry.msgstr, *entry.msgstr_plural.values()]) if entry else []
    assert said
    assert plain_language.mean(said) <= plain_language.MOST_MEAN
    assert plain_language.mean(told) <= plain_language.MOST_MEAN
    assert not [fault for text in told for fault in plain_language.faults(text)]
