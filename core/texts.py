"""What the code says to people: every text to translate in Python files and templates."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

SKIPPED = {".venv", ".git", "tests", "var", "docs", "benchmarks", "locale", "staticfiles", "node_modules"}
# Function → (its text arguments in order).
SINGULAR, PLURAL, CONTEXT = ("id",), ("id", "plural"), ("context", "id")
KINDS: dict[str, tuple[str, ...]] = {}
for _suffix in ("", "_lazy", "_noop"):
    KINDS |= {f"gettext{_suffix}": SINGULAR, f"ngettext{_suffix}": PLURAL}
    KINDS |= {f"pgettext{_suffix}": CONTEXT, f"npgettext{_suffix}": ("context", "id", "plural")}

_LITERAL = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.S)

Key = tuple[str, str]


@dataclass
class Message:
    """One text of the code; `files` are the places, relative to the root, without lines."""

    text: str
    context: str = ""
    plural: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.text)


def _python_names(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """What the translation functions are called in this module."""
    names: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname or a.name: KINDS[a.name] for a in node.names if a.name in KINDS}
    return names


def from_python(source: str) -> Iterator[Message]:
    tree = ast.parse(source)
    names = _python_names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            kind = names.get(called.id)
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            kind = KINDS.get(called.attr) if called.value.id == "translation" else None
        else:
            kind = None
        if not kind or len(node.args) < len(kind):
            continue
        texts = [a.value for a in node.args[: len(kind)] if isinstance(a, ast.Constant)]
        if len(texts) == len(kind) and all(isinstance(text, str) for text in texts):
            yield _message(kind, [str(text) for text in texts])


def _message(kind: tuple[str, ...], texts: list[str]) -> Message:
    values = dict(zip(kind, texts, strict=True))
    return Message(values["id"], values.get("context", ""), values.get("plural", ""))


def from_template(source: str) -> Iterator[Message]:
    for name, arguments in _TEMPLATE_CALL.findall(templatize(source)):
        kind = KINDS["gettext" if name == "_" else name]
        texts = [ast.literal_eval(text) for text in re.findall(_LITERAL, arguments, re.S)]
        if len(texts) >= len(kind) and texts[0]:
            yield _message(kind, texts[: len(kind)])


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        here = Path(folder)
        yield from (here / name for name in sorted(names) if name.endswith((".py", ".html", ".txt")))


def extract(root: Path) -> dict[Key, Message]:
    """Every text of the code under `root`. SyntaxError names the file that cannot be read."""
    found: dict[Key, Message] = {}
    for path in _files(root):
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py" and "translation" not in source:
            continue
        try:
            messages = list(from_python(source) if path.suffix == ".py" else from_template(source))
        except SyntaxError as error:
            raise SyntaxError(f"{path.relative_to(root)}: {error}") from error
        for message in messages:
            kept = found.setdefault(message.key, message)
            kept.plural = kept.plural or message.plural
            kept.files.add(str(path.relative_to(root)))
    return found
