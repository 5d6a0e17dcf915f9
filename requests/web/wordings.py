"""The words of messages: a coordinator reads, tries and changes them; what was changed goes back with one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import requires
from core.forms import FreeTextField
from notifications import wording
from notifications.kinds import Template
from notifications.models import MessageTemplate
from notifications.services import wordings
from notifications.states import MessageClass
from requests import message_examples, messages
from requests.web.doing import FORMS
from volunteers import messages as of_volunteers

LANGUAGES = {"bg": gettext_lazy("български"), "en": gettext_lazy("английски")}
TEMPLATES: dict[str, Template] = {one.kind.code: one for one in (*messages.ALL, *of_volunteers.ALL)}
EMPTY = {"required": gettext_lazy("Напишете текста: празно съобщение не помага на никого.")}


class WordsForm(forms.Form):
    use_required_attribute = False
    subject = FreeTextField(label=gettext_lazy("Тема"), max_length=120, error_messages=EMPTY)
    body = FreeTextField(
        label=gettext_lazy("Имейл и приложение"), max_length=1200, error_messages=EMPTY,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    short = FreeTextField(
        label=gettext_lazy("SMS"), max_length=460, error_messages=EMPTY, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Read out in the language it is written in.
            field.widget.attrs["lang"] = language

    def words(self) -> tuple[str, str, str]:
        """What was typed, whether it may be saved or not."""
        return tuple(str(self[name].value() or "") for name in ("subject", "body", "short"))  # type: ignore[return-value]


@dataclass(frozen=True)
class Line:
    """A template in one language: whose words they are, and how large they are as an SMS."""

    language: str
    name: str
    is_own: bool
    seen: wordings.Preview


@require_safe
@requires("message.words")
@never_cache
def words(request: HttpRequest) -> HttpResponse:
    """Every message with its size in both languages and both letters."""
    rows = MessageTemplate.objects.filter(municipality=request.membership.municipality)  # type: ignore[attr-defined]
    own = {(row.kind, row.language): row for row in rows}
    facts = {language: _examples(language) for language in LANGUAGES}
    lines = [
        (template, [_line(template, language, own.get((code, language)), facts[language]) for language in LANGUAGES])
        for code, template in TEMPLATES.items()
    ]
    return render(request, "requests/messaging/words.html", {"lines": lines, "changed": len(own)})


@require_http_methods(FORMS)
@requires("message.words")
@never_cache
def word(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """One message in one language; `do`: preview, save, restore."""
    template = TEMPLATES.get(kind)
    if template is None or language not in LANGUAGES:
        raise Http404
    municipality, now = request.membership.municipality, timezone.now()  # type: ignore[attr-defined]
    do = request.POST.get("do", "preview") if request.method == "POST" else ""
    if do == "restore":
        wordings.restore(municipality=municipality, template=template, language=language, now=now)
        said.success(request, _("Пак важи стандартният текст."))
        return redirect("requests:word", kind, language)
    own = MessageTemplate.objects.filter(municipality=municipality, kind=kind, language=language).first()
    form = _form(request, template, language, own)
    facts = _examples(language)
    seen = wordings.preview(template, language, form.words(), facts)
    if do == "save" and form.is_valid():
        for field, problem in seen.problems:
            form.add_error(field, str(problem.message))
        if form.is_valid():
            wordings.change(
                municipality=municipality, template=template, language=language, examples=facts, now=now,
                **dict(zip(("subject", "body", "short"), form.words(), strict=True)),
            )  # fmt: skip
            said.success(request, _("Записано. Следващото съобщение тръгва с този текст."))
            return redirect("requests:words")
    return render(request, "requests/messaging/word.html", _context(template, language, own, form, seen, do, facts))


def _form(request: HttpRequest, template: Template, language: str, own: MessageTemplate | None) -> WordsForm:
    usual = (own.subject, own.body, own.short) if own else wordings.standard(template, language)
    named = [wording.in_words(text, language) for text in usual]
    initial = dict(zip(("subject", "body", "short"), named, strict=True))
    return WordsForm(language, request.POST if request.method == "POST" else None, initial=initial)


def _context(
    template: Template, language: str, own: MessageTemplate | None, form: WordsForm, seen: wordings.Preview,
    do: str, facts: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    if do == "preview":
        # Only tried: what is wrong stands beside the preview, not over the form.
        form = WordsForm(language, initial=dict(zip(("subject", "body", "short"), form.words(), strict=True)))
    return {
        "template": template,
        "language": language,
        "language_name": LANGUAGES[language],
        "own": own,
        "form": form,
        "seen": seen,
        "most": wordings.MOST_SEGMENTS,
        "placeholders": [(wording.named(code, language), facts[code]) for code in template.facts if code in facts],
        "standard": [wording.in_words(text, language) for text in wordings.standard(template, language)],
        "message_class": MessageClass(template.kind.message_class).label,
    }


def _line(template: Template, language: str, own: MessageTemplate | None, facts: dict[str, str]) -> Line:
    words = (own.subject, own.body, own.short) if own else wordings.standard(template, language)
    seen = wordings.preview(template, language, words, facts)
    return Line(language, str(LANGUAGES[language]), own is not None, seen)


def _examples(language: str) -> dict[str, str]:
    with override(language):
        return message_examples.examples()
