"""The words of every message, in both languages: facts that exist, a size that fits, sentences that end once."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from notifications import wording
from notifications.kinds import Template
from notifications.services import wordings
from notifications.sms.writing import sms_size
from requests import message_examples, messages
from volunteers import messages as volunteers_messages

ALL = [*messages.ALL, *volunteers_messages.ALL]


def id_of(template: Template) -> str:
    return template.kind.code


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({template.kind.code for template in ALL}) == len(ALL)


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("template", ALL, ids=id_of)
def test_the_words_ask_only_for_facts_there_are(template: Template, language: str) -> None:
    with override(language):
        for words in (template.subject, template.body, template.short):
            assert wording.unknown(str(words), template.facts) == []
            assert str(words).strip()


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("template", ALL, ids=id_of)
def test_the_sms_fits_its_budget_with_long_facts(template: Template, language: str) -> None:
    with override(language):
        facts = {code: text for code, text in message_examples.examples().items() if code in template.facts}
        text = wordings.default(template, language, facts)
    for in_latin in (False, True):
        measured = sms_size(text.short, in_latin=in_latin)
        assert measured.segments <= template.budget, (measured, text.short)


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("template", ALL, ids=id_of)
def test_a_filled_message_reads_like_sentences(template: Template, language: str) -> None:
    with override(language):
        facts = {code: text for code, text in message_examples.examples().items() if code in template.facts}
        text = wordings.default(template, language, facts)
    for words in (text.body, text.short):
        assert not re.search(r"\.\.|  |[{}]|%\(", words), words
        assert words.endswith((".", "?", "…")), words


def test_facts_that_are_empty_leave_no_gap() -> None:
    facts = {**message_examples.examples(), "phone": "", "reply": ""}
    for template in ALL:
        text = wordings.default(template, "bg", {code: facts[code] for code in template.facts})
        assert not re.search(r"  |\s$", text.short), text.short
