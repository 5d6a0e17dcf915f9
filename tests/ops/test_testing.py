"""What `./run test` runs: in which order, which files, and with which environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import testing


def test_the_part_that_plans_nothing_comes_first_and_what_needs_the_clone_last() -> None:
    assert [title for title, _arguments, _more in testing._runs([])] == ["SQLite", "alone", "main"]


def test_a_part_reads_only_the_files_that_hold_its_mark() -> None:
    parts = {title: arguments for title, arguments, _more in testing._runs([])}
    assert "tests/proofs/spine/test_fresh_clone.py" in parts["alone"]
    assert "tests/core/test_health.py" in parts["SQLite"]
    assert "tests/core/test_health.py" not in parts["alone"]
    assert not any(word.endswith(".py") for word in parts["main"])


def test_who_names_the_tests_gets_only_those() -> None:
    for _title, arguments, _more in testing._runs(["tests/core"]):
        assert [word for word in arguments if word.startswith("tests/")] == ["tests/core"]


def test_compiled_modules_are_kept_for_the_run_where_the_tree_is_to_stay_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    clean = testing._environment(tmp_path, full=False, allow=False)
    assert "PYTHONDONTWRITEBYTECODE" not in clean
    assert Path(clean["PYTHONPYCACHEPREFIX"]).parent == tmp_path
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    assert "PYTHONPYCACHEPREFIX" not in testing._environment(tmp_path, full=False, allow=False)
