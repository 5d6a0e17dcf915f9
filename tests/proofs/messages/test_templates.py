"""No words a coordinator can write, and no words that got into the table otherwise, keep a message from going out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.roles import Role
from core.errors import Invalid
from notifications import wording
from notifications.models import DeskTask, Message, MessageTemplate
from notifications.services import sending, wordings
from notifications.sms.writing import sms_size
from notifications.states import GONE_OUT, TaskKind
from requests import message_examples
from requests.web.wordings import LANGUAGES, TEMPLATES
from tests import factories as make
from tests.requests.web.test_detail import client_of

BROKEN = ["{", "}", "{}", "{телефонче}", "{0.__class__}", "{when!x:>{9}}", "%(where)s {where", "", " ", "\x00"]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [one for one in BROKEN if one != "\x00"])
def test_every_message_of_a_visit_goes_out_whatever_stands_in_the_table(broken: str) -> None:
    home = make.municipality()
    MessageTemplate.objects.bulk_create(
        MessageTemplate(municipality=home, kind=kind, language=language, subject=broken, body=broken, short=broken)
        for kind in TEMPLATES for language in LANGUAGES
    )  # fmt: skip
    make.visit()
    sending.send_due(now=make.NOW)
    told = list(Message.objects.all())
    assert {"request_received", "offer_made", "offer_accepted", "visit_scheduled"} <= {row.kind for row in told}
    due = [row for row in told if row.channel == "sms" and row.due_at <= make.NOW]
    assert due and all(row.state in GONE_OUT for row in due)
    standard = wordings.standard(TEMPLATES["request_received"], "bg")[2]
    said = next(row.short for row in told if row.kind == "request_received")
    assert said.startswith(standard.partition("{")[0]) and "{" not in said
    tasks = DeskTask.objects.open().filter(kind=TaskKind.WORDING)
    assert {task.facts["kind"] for task in tasks} == {row.kind for row in told}


words = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from([wording.named(code, language) for code in wording.PLACEHOLDERS for language in ("bg", "en")]),
        st.sampled_from(BROKEN),
    ),
    max_size=8,
).map(" ".join)


class AnyWords(TestCase):
    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(sorted(TEMPLATES)), words, words, words)
    def test_what_may_be_kept_can_be_told_and_is_short_enough(
        self, kind: str, subject: str, body: str, short: str
    ) -> None:
        """Every text that passes the check fills with the facts there are; every other is refused with a code."""
        template, home = TEMPLATES[kind], make.municipality()
        with override("bg"):
            facts = {code: text for code, text in message_examples.examples().items() if code in template.facts}
        try:
            wordings.change(
                municipality=home, template=template, language="bg", subject=subject[:120], body=body, short=short,
                examples=facts, now=make.NOW,
            )  # fmt: skip
        except Invalid as error:
            assert error.code in {"unknown_placeholder", "missing_placeholder", "empty_text", "sms_too_long"}
            return
        text = wordings.write(template, make.contact(), facts, now=make.NOW)
        assert not DeskTask.objects.exists()
        assert sms_size(text.short, in_latin=False).segments <= wordings.MOST_SEGMENTS


@pytest.mark.django_db
def test_the_sign_no_database_keeps_is_left_out() -> None:
    template, home, facts = TEMPLATES["visit_called_off"], make.municipality(), message_examples.examples()
    _subject, body, short = wordings.standard(template, "bg")
    said = {"municipality": home, "template": template, "language": "bg", "examples": facts, "now": make.NOW}
    kept = wordings.change(subject="От\x00мяна", body=f"\x00{body}", short=short, **said)
    assert (kept.subject, kept.body) == ("Отмяна", body)
    with pytest.raises(Invalid) as refused:
        wordings.change(subject="\x00", body=body, short=short, **said)
    assert refused.value.code == "empty_text"


@pytest.mark.django_db
@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_the_standard_of_every_kind_passes_its_own_check(kind: str, language: str) -> None:
    template = TEMPLATES[kind]
    with override(language):
        facts = message_examples.examples()
    seen = wordings.preview(template, language, wordings.standard(template, language), facts)
    assert seen.problems == [] and seen.cyrillic is not None and seen.cyrillic.segments <= template.budget


@pytest.mark.django_db
def test_a_coordinator_sees_every_one_of_them_with_both_counts() -> None:
    kamen: Client = client_of(make.user(Role.COORDINATOR))
    text = kamen.get("/saobshteniya/tekstove/").content.decode()
    assert text.count(", бюджет ") == len(TEMPLATES) * len(LANGUAGES)
    assert "за поправка" not in text
