"""The words of a message: the coordinator's where there are any and they still fit, else those it comes with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.errors import Invalid
from notifications import wording
from notifications.kinds import Template, Text
from notifications.models import Contact, MessageTemplate
from notifications.services import desk_tasks
from notifications.sms.segments import Size
from notifications.sms.writing import sms_size
from notifications.states import TaskKind
from places.models import Municipality

logger = logging.getLogger(__name__)
# The longest an edited short text may be, filled with the examples.
MOST_SEGMENTS = 4
# What is longer is not even tried: no field takes it.
MOST_SIGNS = 2000


def write(template: Template, contact: Contact, facts: Mapping[str, str], *, now: datetime) -> Text:
    """What this contact is told. Words that no longer fit their facts never stop a message: then the own ones go.

    The desk is told of such words.
    """
    own = MessageTemplate.objects.filter(
        municipality_id=contact.municipality_id, kind=template.kind.code, language=contact.language
    ).first()
    if own is not None:
        try:
            text = _filled((own.subject, own.body, own.short), facts)
            if text.subject and text.body and text.short:
                return text
            raise wording.UnknownPlaceholder([""])
        except Exception as error:
            # Its text may be personal: only the kind is logged.
            logger.error("Template %s does not fit its facts: %s", own, type(error).__name__)
            _tell_desk(own, contact.municipality, now)
    return default(template, contact.language, facts)


def _tell_desk(own: MessageTemplate, municipality: Municipality, now: datetime) -> None:
    desk_tasks.ask(
        municipality=municipality, kind=TaskKind.WORDING, subject_type="wording",
        subject_id=subject_of(municipality.pk, own.kind, own.language), due_at=now, now=now,
        facts={"kind": own.kind, "language": own.language},
    )  # fmt: skip


def subject_of(municipality_id: str, kind: str, language: str) -> UUID:
    """What a desk task about these words names as its subject."""
    return uuid5(NAMESPACE_URL, f"wording:{municipality_id}:{kind}:{language}")


def default(template: Template, language: str, facts: Mapping[str, str]) -> Text:
    """The words the kind comes with."""
    return _filled(standard(template, language), facts)


def standard(template: Template, language: str) -> tuple[str, str, str]:
    """Subject, body and short text as the kind comes with them, not filled."""
    with override(language):
        return str(template.subject), str(template.body), str(template.short)


def _filled(words: tuple[str, str, str], facts: Mapping[str, str]) -> Text:
    subject, body, short = (wording.fill(text, facts) for text in words)
    return Text(subject, body, short)


@dataclass(frozen=True, slots=True)
class Preview:
    """How words look with example facts; `problems` say what keeps them from being saved."""

    text: Text | None
    cyrillic: Size | None
    latin: Size | None
    problems: list[tuple[str, Invalid]]


def preview(template: Template, language: str, words: tuple[str, str, str], examples: Mapping[str, str]) -> Preview:
    """Words filled with the examples, in both letters. `words` are subject, body and short text."""
    words = _storable(words)
    if problems := _too_long(words):
        return Preview(None, None, None, problems)
    problems = _problems(template, language, words)
    try:
        text = _filled(words, examples)
    except wording.UnknownPlaceholder:
        return Preview(None, None, None, problems)
    cyrillic, latin = (sms_size(text.short, in_latin=in_latin) for in_latin in (False, True))
    if cyrillic.segments > MOST_SEGMENTS:
        said = _("Този SMS е %(count)s части, а може до %(most)s. Съкратете го.")
        counted = {"count": cyrillic.segments, "most": MOST_SEGMENTS}
        problems.append(("short", Invalid(said % counted, code="sms_too_long", field="short")))
    return Preview(text, cyrillic, latin, problems)


def _storable(words: tuple[str, str, str]) -> tuple[str, str, str]:
    """No database keeps the sign NUL; a form refuses it, what comes from elsewhere is without it."""
    subject, body, short = (text.replace("\x00", "") for text in words)
    return subject, body, short


def _too_long(words: tuple[str, str, str]) -> list[tuple[str, Invalid]]:
    said = _("Текстът е твърде дълъг. Съкратете го под %(most)s знака.") % {"most": MOST_SIGNS}
    fields = zip(("subject", "body", "short"), words, strict=True)
    return [(field, Invalid(said, code="too_long", field=field)) for field, text in fields if len(text) > MOST_SIGNS]


def _problems(template: Template, language: str, words: tuple[str, str, str]) -> list[tuple[str, Invalid]]:
    found = []
    for field, text, usual in zip(("subject", "body", "short"), words, standard(template, language), strict=True):
        strange = wording.unknown(text, template.facts)
        gone = wording.missing(text, usual) if field != "subject" else []
        if not text.strip():
            said = str(_("Напишете текста: празно съобщение не помага на никого."))
            found.append((field, Invalid(said, code="empty_text", field=field)))
        elif strange:
            said = _("Това не може да се попълни: {%(names)s}. Изберете от списъка.") % {"names": "}, {".join(strange)}
            found.append((field, Invalid(said, code="unknown_placeholder", field=field)))
        elif gone:
            named = ", ".join(wording.named(code, language) for code in gone)
            said = _("Липсва %(names)s. Без това човекът не знае какво да прави.") % {"names": named}
            found.append((field, Invalid(said, code="missing_placeholder", field=field)))
    return found


@transaction.atomic
def change(
    *,
    municipality: Municipality,
    template: Template,
    language: str,
    subject: str,
    body: str,
    short: str,
    examples: Mapping[str, str],
    now: datetime,
) -> MessageTemplate:
    """Keep a coordinator's words. Raises Invalid where a placeholder does not exist, one that must be there is not,
    or the SMS grows too long.
    """
    subject, body, short = _storable((subject, body, short))
    for _field, problem in preview(template, language, (subject, body, short), examples).problems:
        raise problem
    row, _made = MessageTemplate.objects.update_or_create(
        municipality=municipality, kind=template.kind.code, language=language,
        defaults={"subject": " ".join(subject.split()), "body": body.strip(), "short": " ".join(short.split())},
    )  # fmt: skip
    _mended(municipality, template, language, now)
    return row


@transaction.atomic
def restore(*, municipality: Municipality, template: Template, language: str, now: datetime) -> None:
    """Back to the words the kind comes with."""
    MessageTemplate.objects.filter(municipality=municipality, kind=template.kind.code, language=language).delete()
    _mended(municipality, template, language, now)


def _mended(municipality: Municipality, template: Template, language: str, now: datetime) -> None:
    about = subject_of(municipality.pk, template.kind.code, language)
    desk_tasks.finish_about(subject_type="wording", subject_id=about, result="mended", now=now)
