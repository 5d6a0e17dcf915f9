"""A notification stands on a screen for anybody to read: it says no more of a person than an SMS would."""

from __future__ import annotations

import pytest

from notifications import wording
from notifications.kinds import Template
from requests import messages

TEMPLATES = {name: value for name, value in vars(messages).items() if isinstance(value, Template)}
# What concerns a person.
PERSONAL = {"name", "phone", "address", "code", "documents"}


def facts_named(text: object) -> list[str]:
    return [code for code in wording.PLACEHOLDERS if f"{{{wording.PLACEHOLDERS[code][0]}}}" in _spelled(str(text))]


def _spelled(text: str) -> str:
    for code, (bulgarian, english) in wording.PLACEHOLDERS.items():
        text = text.replace(f"{{{code}}}", f"{{{bulgarian}}}").replace(f"{{{english}}}", f"{{{bulgarian}}}")
    return text


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_push_names_nothing_personal_that_the_sms_does_not(name: str) -> None:
    template = TEMPLATES[name]
    pushed = set(facts_named(f"{template.subject} {template.body}"))
    sms = set(facts_named(template.short))
    assert pushed & PERSONAL <= sms, pushed & PERSONAL - sms


def test_the_measure_sees_what_only_the_long_words_say() -> None:
    assert set(facts_named("Адрес: {адрес}. {name}")) == {"address", "name"}
    assert len(TEMPLATES) > 20
