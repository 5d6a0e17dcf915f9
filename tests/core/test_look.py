"""The page kinds, the forms in the look of the house, and what every template keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from core.templatetags.dv import icon_names
from tests.core import gallery

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(path for path in ROOT.glob("*/templates/**/*.html") if path.parts[len(ROOT.parts)] != "tests")
CSP_BREAKERS = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)|javascript:""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_keeps_to_the_policy_and_the_sprite(path):
    source = path.read_text(encoding="utf-8")
    assert not CSP_BREAKERS.findall(source)
    assert set(re.findall(r'{% icon "([^"]+)"', source)) <= icon_names()


@pytest.mark.parametrize("kind", ["parts", "question", "phone", "card"])
def test_a_page_has_one_heading_a_language_and_a_way_past_the_header(kind):
    with override("bg"):
        html = gallery.page(kind)
    assert html.count("<h1") == 1
    assert '<html lang="bg">' in html
    assert '<a class="skip" href="#main">' in html
    assert html.count('id="main"') == 1
    assert "измислени" in html


def test_without_demo_nothing_is_marked():
    assert "измислени" not in gallery.page("question", DEMO=False)


def test_the_title_of_a_page_with_errors_says_so():
    assert "<title>Грешка: С какво да помогнем? · Цифрови доброволци</title>" in gallery.page("question")
    assert "Грешка:" not in gallery.page("question", form=gallery.GalleryForm())


def test_the_summary_takes_the_focus_and_leads_to_each_control():
    html = gallery.page("parts")
    assert 'tabindex="-1" data-focus' in html
    for target in ("id_when", "id_agreed"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_a_group_is_led_to_by_its_first_choice():
    form = gallery.GalleryForm({})
    html = gallery.page("parts", form=form)
    assert 'href="#id_need_0"' in html
    assert 'id="id_need_0"' in html


def test_an_error_is_tied_to_its_control():
    html = gallery.page("parts")
    assert '<p id="id_when_error"><b>Напишете ден.</b> Например „вторник“.' in html
    assert re.search(
        r'<input type="text" name="when"[^>]*aria-invalid="true"[^>]*aria-describedby="id_when_error"', html
    )
    assert re.search(r'name="phone"[^>]*aria-describedby="id_phone_helptext"', html)


def test_choices_carry_their_hints_and_segments_their_row():
    html = gallery.page("parts")
    assert '<span>Помощ за отопление<span class="hint">Подава се до 31 октомври.</span></span>' in html
    assert '<div class="seg"><label for="id_how_0">' in html
    assert " seg=" not in html
    assert re.search(r'value="unknown"[^>]* checked>', html)


def test_what_was_typed_is_shown_again_and_escaped():
    form = gallery.GalleryForm({"phone": '"><script>', "note": "</textarea><b>"})
    html = gallery.page("parts", form=form)
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "&lt;/textarea&gt;&lt;b&gt;</textarea>" in html


def test_an_unanswered_field_is_told_what_to_do_in_our_words():
    with override("bg"):
        assert "Това остана празно. Попълнете го." in gallery.page("parts")


@pytest.mark.parametrize(("name", "words"), [("404", "Няма такава страница"), ("500", "се счупи"), ("403", "не можем")])
def test_an_error_page_needs_nothing_to_be_shown(name, words):
    assert words in render_to_string(f"{name}.html")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "words"), [("/nikade/", "Няма такава страница"), ("/en/nowhere/", "There is no such page")]
)
def test_a_lost_reader_is_answered_in_the_language_of_the_address(client, address, words):
    answer = client.get(address)
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_broken_rule_is_told_in_its_own_words():
    html = render_to_string("core/error.html", {"code": "gone", "message": "Някой ви изпревари.", "municipality": None})
    assert "Някой ви изпревари." in html


def test_residents_load_little():
    sheet = Path(str(finders.find("core/base.css"))).read_bytes()
    assert len(sheet) <= 12_000
    html = gallery.page("question", form=gallery.GalleryForm(), messages=[])
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    assert files == {"core/base.css", "core/icons.svg", "core/mark.svg", "core/app.js"}
    assert len(html.encode()) + sum(Path(str(finders.find(f))).stat().st_size for f in files) <= 30_000


def test_only_pages_that_ask_for_htmx_load_it():
    request = RequestFactory().get("/")
    assert "htmx" not in gallery.page("parts")
    config = render_to_string("core/parts/htmx.html", {"municipality": None}, request)
    assert '"allowEval":false' in config
    assert '"includeIndicatorStyles":false' in config


def test_without_pages_there_are_no_tabs_and_no_menu():
    assert 'class="tabs"' not in gallery.page("phone", tabs=[])
    assert 'class="menu"' not in gallery.page("parts", menu=[])
