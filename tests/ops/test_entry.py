"""The shell file `run` finds a Python that serves, or says what to install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE_PYTHON = Path(sys._base_executable)


def tools(folder: Path, **pythons: str | Path) -> str:
    """A PATH with `dirname` and these Pythons: a path is linked, a text becomes a shell script."""
    dirname = shutil.which("dirname")
    assert dirname
    (folder / "dirname").symlink_to(dirname)
    for name, what in pythons.items():
        target = folder / name.replace("_", ".")
        if isinstance(what, Path):
            target.symlink_to(what)
        else:
            target.write_text(f"#!/bin/sh\n{what}\n", encoding="utf-8")
            target.chmod(0o755)
    return str(folder)


def run(path: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "run"), *arguments], cwd=cwd, env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_without_a_new_enough_python_it_says_so_in_one_line(tmp_path: Path) -> None:
    for path in (tools(tmp_path), tools_with_old(tmp_path / "old")):
        done = run(path, "--help")
        assert done.returncode == 1
        assert "Python 3.11" in done.stderr and done.stderr.count("\n") == 1
        assert done.stdout == ""


def tools_with_old(folder: Path) -> str:
    folder.mkdir()
    # What the question answers on a Python that is too old, and what a shim answers without a version behind it.
    return tools(folder, python3="exit 4", python3_12="echo not found >&2; exit 127")


def test_an_old_python3_gives_way_to_a_newer_one_with_a_number(tmp_path: Path) -> None:
    version = f"python3_{sys.version_info.minor}"
    done = run(tools(tmp_path, python3="exit 4", **{version: BASE_PYTHON}), "--help")
    assert done.returncode == 0, done.stderr
    assert "./run check" in done.stdout


@pytest.mark.parametrize("elsewhere", [".", "docs"])
def test_it_works_from_any_folder(tmp_path: Path, elsewhere: str) -> None:
    done = run(tools(tmp_path, python3=BASE_PYTHON), "--help", cwd=ROOT / elsewhere)
    assert done.returncode == 0, done.stderr


def test_without_its_variables_the_command_line_says_which_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "plan"], cwd=ROOT, env={"VAR_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set.") and done.stderr.count("\n") == 1
