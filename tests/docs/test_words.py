"""One word per idea: every table stands in CONTEXT.md, and its banned words are no names in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
WORDS = (ROOT / "CONTEXT.md").read_text(encoding="utf-8")
ROOMS = sorted(
    config.name
    for config in apps.get_app_configs()
    if Path(config.path).is_relative_to(ROOT) and ".venv" not in Path(config.path).parts
)
MODELS = sorted(
    {model.__name__ for config in apps.get_app_configs() if config.name in ROOMS for model in config.get_models()}
)
# Not banned: `client`, which httpx and the tests call theirs, and `skills`, a word of the optimiser's file.
BANNED = re.compile(
    r"^(beneficiar(y|ies)|customers?|citizens?|patients?|elderly|tickets?|bookings?|reservations?|codewords?"
    r"|passphrases?|city|cities|communes?|districts?)$"
)
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def names_in(source: str) -> Iterator[str]:
    """Every name the code gives: classes, functions, arguments, variables, attributes that are assigned."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def banned(source: str) -> set[str]:
    return {name for name in names_in(source) if any(BANNED.match(part.lower()) for part in PARTS.findall(name))}


def code_of(room: str) -> list[Path]:
    return [path for path in sorted((ROOT / room.split(".")[0]).rglob("*.py")) if "migrations" not in path.parts]


def test_the_rooms_and_their_tables_are_found():
    assert {"requests", "planning", "places"} <= set(ROOMS)
    assert len(MODELS) > 30


@pytest.mark.parametrize("model", MODELS)
def test_every_table_has_its_word(model):
    assert re.search(rf"`{model}`", WORDS), f"give {model} its line in CONTEXT.md"


@pytest.mark.parametrize("room", ROOMS)
def test_no_second_word_for_the_same_idea(room):
    found = {path.name: names for path in code_of(room) if (names := banned(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_request_is_only_ever_http(room):
    for path in code_of(room):
        classes = [n.name for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ClassDef)]
        assert "Request" not in classes, path


@pytest.mark.parametrize(
    "source", ["class Beneficiary: ...", "def take(new_ticket): ...", "booking_id = 1", "x.city = 2"]
)
def test_a_banned_word_is_noticed(source):
    assert banned(source)


def test_a_word_inside_another_is_none():
    assert not banned("velocity = 1\nclass Showcases: ...")


@pytest.mark.parametrize("word", ["beneficiary", "ticket", "booking", "codeword", "city"])
def test_the_page_says_what_the_test_bans(word):
    assert word in WORDS.partition("## Not these")[2]
