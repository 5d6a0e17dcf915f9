"""A named point kills once, at the time it was told to, and never in an installation with real people."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from core import killpoints


@pytest.fixture(autouse=True)
def killed(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The signals that were sent, instead of dying of them."""
    settings.VAR_DIR = tmp_path
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(killpoints.os, "kill", lambda pid, number: sent.append((pid, number)))
    killpoints._passed.clear()
    return sent


def test_nothing_happens_unless_asked(killed: list[Any]) -> None:
    for point in killpoints.POINTS:
        killpoints.reach(point)
    assert killed == []


def test_a_name_that_is_not_on_the_list_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        killpoints.reach("send.later")


def test_it_dies_at_the_wanted_time_and_once(killed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KILL_AT", "send.after:2")
    killpoints.reach("send.after")
    killpoints.reach("send.before")
    assert killed == []
    killpoints.reach("send.after")
    assert killed == [(os.getpid(), signal.SIGKILL)]
    assert killpoints.marker("send.after").read_text() == str(os.getpid())
    killpoints.reach("send.after")
    assert len(killed) == 1


def test_it_dies_only_in_the_module_that_was_named(killed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KILL_AT", "claim.after@sending")
    killpoints.reach("claim.after")
    assert killed == []
    monkeypatch.setenv("KILL_AT", f"claim.after@{__name__.rpartition('.')[2]}")
    killpoints.reach("claim.after")
    assert len(killed) == 1


def test_an_installation_with_real_people_does_not_listen(
    killed: list[Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("KILL_AT", "send.after")
    settings.BUILDING = settings.DEMO = False
    killpoints.reach("send.after")
    assert killed == []
    settings.DEMO = True
    killpoints.reach("send.after")
    assert len(killed) == 1
