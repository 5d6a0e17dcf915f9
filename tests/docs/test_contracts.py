"""Every contract bites, and the order inside a room holds in every room: all broken at once, in a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CHECK = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-cache"]
INSIDE = "Inside a room"

# The beginning of a contract's name → a module and the import that its rule forbids.
BROKEN_ON_PURPOSE = {
    "The floors of the house": ("places/services", "requests.models"),
    "The optimiser knows no Django": ("matching/engine", "django.db"),
    "The independent judge": ("matching/check", "matching.engine.search"),
    "The optimiser runs in a process of its own": ("planning/services", "matching.solve"),
    "Who may do what is one table": ("accounts/policy", "accounts.models"),
}


def layers_of(room: str) -> list[str]:
    """The layers this room has, from its doors down. Of two side by side, the first."""
    contract = next(one for one in SETTINGS["contracts"] if one["name"].startswith(INSIDE))
    found = []
    for line in contract["layers"]:
        names = [name.strip(" ()") for name in line.split("|")]
        found += [name for name in names if (ROOT / room / name).is_dir() or (ROOT / room / f"{name}.py").exists()][:1]
    return found


def rooms() -> list[str]:
    contract = next(one for one in SETTINGS["contracts"] if one["name"].startswith(INSIDE))
    return [room for room in contract["containers"] if len(layers_of(room)) > 1]


def add(house: Path, module: str, imported: str) -> None:
    """Let a module import something: a line at its end, or a new module of the package."""
    name = house / module / "broken.py" if (house / module).is_dir() else house / f"{module}.py"
    with name.open("a", encoding="utf-8") as code:
        code.write(f"\nimport {imported}\n")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the check says of a copy of the house in which every contract and every room is broken."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    only_code = shutil.ignore_patterns("__pycache__", "static", "templates", "facts", "modules")
    for room in SETTINGS["root_packages"]:
        shutil.copytree(ROOT / room, house / room, ignore=only_code)
    for module, imported in BROKEN_ON_PURPOSE.values():
        add(house, module, imported)
    for room in rooms():
        doors, *_, lowest = layers_of(room)
        add(house, f"{room}/{lowest}", f"{room}.{doors}")
    done = subprocess.run(
        CHECK, cwd=house, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"}
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_has_a_breach_of_its_own():
    for contract in SETTINGS["contracts"]:
        known = [name for name in [*BROKEN_ON_PURPOSE, INSIDE] if contract["name"].startswith(name)]
        assert known, f"break this one too: {contract['name']}"


@pytest.mark.parametrize("name", [*BROKEN_ON_PURPOSE, INSIDE])
def test_a_contract_that_is_broken_on_purpose_is_caught(said, name):
    verdict = next(line for line in said.splitlines() if line.startswith(name))
    assert verdict.rstrip().endswith("BROKEN")


@pytest.mark.parametrize("room", rooms())
def test_no_room_may_turn_its_layers_round(said, room):
    doors, *_, lowest = layers_of(room)
    assert f"{room}.{lowest} is not allowed to import {room}.{doors}" in said


def test_most_rooms_have_layers():
    assert len(rooms()) >= 8
