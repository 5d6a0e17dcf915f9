"""The floors of the house are contracts, and one that is broken on purpose is caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()"]
BROKEN_ON_PURPOSE = {
    "a lower floor imports a higher one": ("core/broken.py", "import requests.models"),
    "two rooms of one floor": ("reports/broken.py", "import planning.models"),
    "notifications call up": ("notifications/broken.py", "import accounts.models"),
    "the optimiser knows Django": ("matching/broken.py", "import django.db"),
    "the judge asks the optimiser": ("matching/check/broken.py", "import matching.solve"),
    "a service calls a page": ("requests/services/broken.py", "import requests.web"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of every room's code with the contracts."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    for room in tomllib.loads(settings)["tool"]["importlinter"]["root_packages"]:
        only_code = shutil.ignore_patterns("__pycache__", "static", "templates", "data", "locale")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=only_code)
    return tmp_path


def contracts(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CHECK, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)


def test_the_contracts_hold(house: Path) -> None:
    done = contracts(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("why", sorted(BROKEN_ON_PURPOSE))
def test_a_contract_that_is_broken_on_purpose_is_caught(house: Path, why: str) -> None:
    name, line = BROKEN_ON_PURPOSE[why]
    with (house / name).open("a", encoding="utf-8") as code:
        code.write(f"\n{line}\n")
    done = contracts(house)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    assert name.removesuffix(".py").replace("/", ".") in done.stdout
