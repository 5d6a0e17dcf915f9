"""The handbook's words: complete in both languages, short, and never asking for what we never take."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from core import forbidden
from handbook.library import Text, modules, neighbours

# Bulgarian words that the house does not use.
UNWANTED = re.compile(r"\b(моля|успешно)\b|!", re.IGNORECASE)
LONGEST, MEAN = 14, 10


def texts() -> list[Text]:
    found: list[Text] = []
    for module in modules():
        found += [module.title, module.lead]
        found += [text for point in module.points for text in (point.head, point.text)]
        found += [text for question in module.questions for text in (question.ask, question.answer)]
    return found


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:;])[“”\"]?\s+", text) if part]


def words(sentence: str) -> int:
    return len(re.findall(r"[\w’'-]+", sentence))


def test_there_are_eight_modules_in_order_with_something_to_read_and_to_answer():
    assert [module.code for module in modules()] == [
        "who-we-are",
        "at-the-door",
        "what-we-never-touch",
        "the-e-services",
        "when-something-stops-us",
        "frauds",
        "after-the-visit",
        "your-own-safety",
    ]
    for module in modules():
        assert 3 <= module.minutes <= 6
        assert len(module.points) >= 4 and len(module.questions) >= 3, module.code


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_text_is_there_and_in_its_own_alphabet(language):
    for text in texts():
        said = getattr(text, language)
        assert said.strip() == said and said
        cyrillic = len(re.findall(r"[а-яА-Я]", said))
        latin = len(re.findall(r"[a-zA-Z]", said))
        assert (cyrillic > latin) == (language == "bg"), said


@pytest.mark.parametrize("language", ["bg", "en"])
def test_sentences_are_short(language):
    lengths = [words(sentence) for text in texts() for sentence in sentences(getattr(text, language))]
    assert max(lengths) <= LONGEST
    assert sum(lengths) / len(lengths) <= MEAN


def test_the_voice_is_the_house_s():
    for text in texts():
        assert not UNWANTED.search(text.bg), text.bg
        assert forbidden.find(text.bg) is None and forbidden.find(text.en) is None


def test_a_text_speaks_the_reader_s_language():
    text = Text(bg="да", en="yes")
    with override("en"):
        assert str(text) == "yes"
    with override("bg"):
        assert str(text) == "да"


def test_each_module_leads_to_the_next_and_the_last_to_none():
    shelf = modules()
    assert neighbours(shelf[0].code) == (shelf[0], shelf[1])
    assert neighbours(shelf[-1].code) == (shelf[-1], None)
    assert neighbours("nothing") is None
