"""Tools that may not stand beside the application have an environment of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import environment, place, testing
from ops.say import Trouble


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was made, in a checkout of its own; nothing is fetched."""
    done: list[str] = []

    def create(folder: Path) -> None:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(place.PYTHON.resolve())
        done.append("made")

    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "fuzz.txt").write_text("one", encoding="utf-8")
    monkeypatch.setattr(place, "ROOT", tmp_path)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(environment, "_create", create)
    monkeypatch.setattr(environment, "install", lambda lock, python, supervisor: done.append(lock.name))
    return done


def test_it_is_made_once_and_again_for_another_lock(made: list[str], tmp_path: Path) -> None:
    supervisor = object()
    for _time in range(2):
        python = environment.aside("fuzz", supervisor)  # type: ignore[arg-type]
        assert python == tmp_path / "var" / "tools" / "fuzz" / "bin" / "python"
    assert made == ["made", "fuzz.txt"]
    python.unlink()
    python.parent.rmdir()
    (tmp_path / "requirements" / "fuzz.txt").write_text("two", encoding="utf-8")
    environment.aside("fuzz", supervisor)  # type: ignore[arg-type]
    assert made == ["made", "fuzz.txt"] * 2


def test_without_the_index_the_run_ends_or_says_what_is_not_proved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(*args: object) -> None:
        raise Trouble("Няма индекс.", "No index.")

    monkeypatch.setattr(environment, "aside", away)
    with pytest.raises(Trouble):
        testing._need_tools(object(), allow_missing=False)  # type: ignore[arg-type]
    testing._need_tools(object(), allow_missing=True)  # type: ignore[arg-type]
    assert "NOT PROVED without: schemathesis" in capsys.readouterr().out
