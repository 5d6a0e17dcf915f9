"""The message catalogues: nothing the code says is lost, nothing translated is thrown away."""

from __future__ import annotations

import gettext
import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from core import catalogues, texts

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext as _p
from django.utils import translation
from gettext import gettext as other

_("Здравейте")
_("Дълъг " "текст")
_(name)
ngettext("%(n)s ден", "%(n)s дни", n)
_p("месец", "май")
translation.gettext("Пряко")
other("Не е наше")
dict.gettext("Не е превод")
"""
TEMPLATE = """{% load i18n %}{% translate "Назад" %}{% translate "May" context "месец" as month %}
{% blocktranslate count n=days|length trimmed %}
  Един
  ден{% plural %}{{ n }} дни{% endblocktranslate %}{{ title|default:_("Без име") }}{% translate "100 %" %}
{# translate "в бележка" #}{% comment %}{% translate "скрито" %}{% endcomment %}{{ name }} просто текст"""


def found(messages) -> set[tuple[str, str, str]]:
    return {(message.context, message.text, message.plural) for message in messages}


def test_python_is_read_under_whatever_name_the_functions_have():
    assert found(texts.from_python(PYTHON)) == {
        ("", "Здравейте", ""),
        ("", "Дълъг текст", ""),
        ("", "%(n)s ден", "%(n)s дни"),
        ("месец", "май", ""),
        ("", "Пряко", ""),
    }


def test_templates_are_read_with_plurals_contexts_and_defaults():
    assert found(texts.from_template(TEMPLATE)) == {
        ("", "Назад", ""),
        ("месец", "May", ""),
        ("", "Един ден", "%(n)s дни"),
        ("", "Без име", ""),
        ("", "100 %%", ""),
    }


@pytest.fixture
def project(tmp_path, settings) -> Path:
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "templates" / "a.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "app" / "views.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "t.py").write_text(PYTHON.replace("Здравейте", "само в тест"), encoding="utf-8")
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    return tmp_path


ENGLISH = {
    "Здравейте": "Hello", "Дълъг текст": "Long text", "%(n)s ден": ["%(n)s day", "%(n)s days"],
    "месец|май": "May", "Пряко": "Directly", "Назад": "Back", "месец|May": "May",
    "Един ден": ["One day", "%(n)s days"], "Без име": "No name", "100 %%": "100 %%",
}  # fmt: skip


def messages(*arguments: str) -> str:
    out = StringIO()
    call_command("messages", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def fill(project: Path, english: dict) -> str:
    (project / "en.json").write_text(json.dumps(english), encoding="utf-8")
    return messages("--fill", str(project / "en.json"))


def test_update_fill_check_and_compile_make_a_working_english(project):
    assert "10 new" in messages("--update")
    with pytest.raises(CommandError, match="10 faults"):
        messages("--check")
    assert fill(project, ENGLISH) == ""
    assert "complete" in messages("--check")
    assert "django.mo" in messages("--compile")
    english = gettext.translation("django", project / "locale", ["en"])
    assert english.gettext("Здравейте") == "Hello"
    assert english.ngettext("%(n)s ден", "%(n)s дни", 3) == "%(n)s days"
    assert english.pgettext("месец", "май") == "May"


def test_words_that_also_stand_in_a_context_are_filled_where_they_stand_alone(project):
    more = 'from django.utils.translation import gettext as _\na = _("май")\n'
    (project / "app" / "more.py").write_text(more, encoding="utf-8")
    messages("--update")
    assert fill(project, {"май": "perhaps", "месец|май": "May"}) == ""
    entries = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(po(project)))}
    assert entries[None, "май"] == "perhaps" and entries["месец", "май"] == "May"
    assert fill(project, {"май": "maybe"}) == ""
    entries = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(po(project)))}
    assert entries[None, "май"] == "maybe" and entries["месец", "май"] == "May"


def test_an_update_keeps_the_english_and_drops_what_nobody_says(project):
    messages("--update")
    fill(project, ENGLISH)
    (project / "app" / "views.py").write_text(PYTHON.replace("Здравейте", "Добър ден"), encoding="utf-8")
    assert "1 new, 1 dropped" in messages("--update")
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(po(project)))}
    assert entries["Назад"] == "Back"
    assert entries["Добър ден"] == ""
    assert "Здравейте" not in entries


def po(project: Path) -> Path:
    return project / "locale" / "en" / "LC_MESSAGES" / "django.po"


def test_a_second_update_changes_not_one_byte(project):
    messages("--update")
    before = po(project).read_bytes()
    assert "0 new, 0 dropped" in messages("--update")
    assert po(project).read_bytes() == before


@pytest.mark.parametrize(
    ("msgid", "english", "fault"),
    [
        ("Здравейте", "Здравейте", "is the same"),
        ("Здравейте", "", "has no English"),
        ("%(n)s ден", ["a day", "%(m)s days"], "other placeholders"),
        ("Здравейте", "Hello {name}", "other placeholders"),
    ],
)
def test_a_wrong_translation_is_named(project, msgid, english, fault):
    messages("--update")
    fill(project, {**ENGLISH, msgid: english})
    with pytest.raises(CommandError, match=fault):
        messages("--check")


def test_a_text_nobody_says_is_reported(project):
    messages("--update")
    assert "nobody says “Измислено”" in fill(project, {"Измислено": "Made up"})


def test_a_file_that_cannot_be_read_is_named(project):
    (project / "app" / "broken.py").write_text("from django.utils import translation\n(", encoding="utf-8")
    with pytest.raises(SyntaxError, match=r"app/broken\.py"):
        messages("--update")


def test_compiling_writes_only_what_is_out_of_date(project):
    messages("--update")
    assert messages("--compile")
    assert messages("--compile") == ""
    assert messages("--compile", "--missing") == ""


def test_many_people_fill_at_once_and_nothing_is_lost(project):
    messages("--update")
    path = po(project)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(catalogues.fill, path, {msgid: text}) for msgid, text in ENGLISH.items()]
        jobs += [pool.submit(catalogues.update, project, path) for _ in range(8)]
    assert all(job.exception() is None for job in jobs)
    assert not catalogues.faults(project, path)
    assert [p.name for p in path.parent.iterdir()] == ["django.po"]
