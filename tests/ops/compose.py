"""Reads docker-compose.yml the way Compose does, as far as the project's own file needs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<how>:[-?])?(?P<word>[^}]*)\}")


class Missing(Exception):
    """A required variable (`${NAME:?why}`) has no value."""


def load(values: dict[str, str]) -> dict[str, Any]:
    """The file with its merges and variables resolved. Raises Missing as Compose would refuse."""
    resolved = _resolve(yaml.safe_load(FILE.read_text(encoding="utf-8")), values)
    assert isinstance(resolved, dict)
    return resolved


def variables() -> dict[str, bool]:
    """Every variable the file asks for → whether it is required."""
    found = VARIABLE.finditer(FILE.read_text(encoding="utf-8"))
    return {match["name"]: match["how"] == ":?" for match in found}


def _resolve(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _resolve(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolve(inner, values) for inner in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda match: _variable(match, values), value)
    return value


def _variable(match: re.Match[str], values: dict[str, str]) -> str:
    given = values.get(match["name"], "")
    if given:
        return given
    if match["how"] == ":?":
        raise Missing(match["name"])
    return match["word"] if match["how"] == ":-" else ""
