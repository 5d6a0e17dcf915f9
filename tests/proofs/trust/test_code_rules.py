"""What must not stand in the code of an installation, read from the code itself: Python, templates and scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("accounts", "catalogue", "config", "core", "handbook", "matching", "notifications", "places", "planning")
ROOMS += ("reports", "requests", "volunteers")
# Names of modules that run, open or parse what somebody sent, or that are no longer any good for a secret.
MODULES = ("pickle", "marshal", "shelve", "dill", "xml.etree", "xml.dom", "xml.sax.expatreader", "lxml", "jinja2")
MODULES += ("ldap", "telnetlib", "Crypto", "Cryptodome")
CALLS = ("eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load")
CALLS += ("subprocess.getoutput",)
CALLS += ("hashlib.md5", "hashlib.sha1", "RawSQL", "modes.ECB", "modes.CBC", "ssl._create_unverified_context")
METHODS = ("raw", "extra")
# Chance that is no secret: waits between tries, examples of words, the optimiser.
CHANCE = {
    "notifications/services/claims.py", "notifications/services/outcomes.py", "requests/web/words.py",
    "notifications/services/webhook_sending.py",
}  # fmt: skip
# A statement of its own, with its values beside it. Each is read here.
STATEMENTS = {"config/demo/load.py", "core/health.py", "notifications/services/outcomes.py"}
STATEMENTS |= {"requests/services/purging.py"}
# The public list of leaked passwords is written in SHA-1; nothing is kept or guarded by it.
FOREIGN_LISTS = {"accounts/passwords.py"}
# Where a piece of a page is called safe: every part of it was escaped before.
SAFE = {"core/charts.py", "core/maps.py", "core/templatetags/dv.py"}


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Read once for all who look for something in them, and changed by nobody."""
    return tuple(_read())


def _read() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and not name.startswith("config/demo/cast"):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def spoken(node: ast.expr) -> str:
    """As it is written; names with dots, which most are, without the way through all of Python's grammar."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{spoken(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)


def dangerous(name: str, tree: ast.AST) -> list[str]:
    """What a file does that none may do; where it may, its name stands above."""
    told = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            told += [f"imports {one}" for one in names if one.startswith(MODULES)]
            system = [alias.name for alias in node.names] == ["SystemRandom"]
            free = name in CHANCE or name.startswith(("matching/", "config/demo/"))
            if "random" in names and not system and not free:
                told.append("takes chance that can be foretold")
        elif isinstance(node, ast.Call):
            told += _called(name, node)
    return [f"{name}: {one}" for one in told]


def _called(name: str, node: ast.Call) -> list[str]:
    what = spoken(node.func)
    if name in FOREIGN_LISTS and what == "hashlib.sha1":
        return []
    told = [f"calls {what}"] if what in CALLS else []
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and "objects" in what:
        told.append(f"calls {what}")
    if what.endswith("cursor.execute") and name not in STATEMENTS:
        told.append("makes a statement of its own")
    if what == "mark_safe" and name not in SAFE:
        told.append("calls something safe")
    for word in node.keywords:
        value = ast.unparse(word.value) if word.arg in ("shell", "verify", "check_hostname") else ""
        if (word.arg, value) in (("shell", "True"), ("verify", "False"), ("check_hostname", "False")):
            told.append(f"{word.arg}={value}")
        if word.arg == "usedforsecurity":
            told.append("a hash that is no good")
    return told


def test_nothing_dangerous_stands_in_the_code() -> None:
    assert [one for name, tree in sources() for one in dangerous(name, tree)] == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from xml.etree import ElementTree", "import random", "eval(typed)", "os.system(typed)",
     "subprocess.run(typed, shell=True)", "hashlib.md5(secret)", "Resident.objects.raw(typed)", "cursor.execute(typed)",
     "mark_safe(typed)", "httpx.post(url, verify=False)", "yaml.load(typed)"],
)  # fmt: skip
def test_a_careless_line_is_noticed(line: str) -> None:
    """The control."""
    assert dangerous("requests/new.py", ast.parse(line))


def test_statements_of_our_own_carry_no_words_in_them() -> None:
    """Each takes its values beside it: what is put into one is the name of a table, or rows of `%s`."""
    seen = set()
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and spoken(node.func).endswith("cursor.execute"):
                seen.add(name)
                said = node.args[0]
                assert not isinstance(said, ast.BinOp), name
                if isinstance(said, ast.JoinedStr):
                    parts = [ast.unparse(part.value) for part in said.values if isinstance(part, ast.FormattedValue)]
                    ours = re.compile(r"_meta\.|quote_name|table|column|^rows$|^marks$", re.I)
                    assert all(ours.search(part) for part in parts), (name, parts)
    assert seen == STATEMENTS


def test_no_search_pattern_is_made_of_what_was_typed() -> None:
    """Patterns stand in the code; what is put into one is a constant of ours, in capitals."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and re.fullmatch(r"re\.\w+", spoken(node.func)) and node.args:
                said = node.args[0]
                parts = said.values if isinstance(said, ast.JoinedStr) else [said]
                for part in parts:
                    inside = part.value if isinstance(part, ast.FormattedValue) else part
                    fixed = isinstance(inside, ast.Constant) or ast.unparse(inside).strip("_").isupper()
                    assert fixed or ast.unparse(inside) in ("pattern", "re.escape"), (name, ast.unparse(node))


def test_no_template_lets_words_through_unescaped() -> None:
    """Letters in plain text escape nothing and are no page."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("templates/**/*.html"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe\b|\|\s*safeseq\b|autoescape off", text), path


def scripts() -> dict[str, str]:
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in ROOMS
        for path in (ROOT / room).rglob("static/**/*.js")
    }
    assert len(found) >= 5
    return found


UNSAFE = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__|\[\"constructor"
KEEPS = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\."


@pytest.mark.parametrize("name", scripts())
def test_our_scripts_put_text_into_pages_as_text(name: str) -> None:
    assert not re.search(UNSAFE, scripts()[name])
    assert not re.search(r"addEventListener\(.message.", scripts()[name])


@pytest.mark.parametrize("name", scripts())
def test_our_scripts_keep_nothing_in_the_browser(name: str) -> None:
    assert not re.search(KEEPS, scripts()[name])


def test_workers_read_json_alone() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"] and settings.CELERY_TASK_SERIALIZER == "json"
    assert not hasattr(settings, "SESSION_SERIALIZER") or "JSON" in settings.SESSION_SERIALIZER
