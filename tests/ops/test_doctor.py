"""What can be wrong before anything starts is said in one clear sentence."""

from __future__ import annotations

import errno
import shutil
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ops import __main__ as command_line
from ops import demo, doctor, environment, place, testing
from ops.say import Trouble


def say_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line the command ends with; it must end with 1."""
    assert command_line.main(list(arguments)) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PORT", "GRANIAN_HOST", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))


def test_a_port_in_use_is_named_and_the_next_one_proposed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        sentence = say_of(capsys)
    assert f"Порт {port} е зает" in sentence
    assert f"Port {port} is in use" in sentence
    assert f"PORT={port + 1}" in sentence


@pytest.mark.parametrize("port", ["0", "65536", "eight thousand", "-1"])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert "1 to 65535" in say_of(capsys)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_the_demonstration_does_not_answer_other_machines(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRANIAN_HOST", host)
    assert "only this machine" in say_of(capsys)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback_is_this_machine(host: str) -> None:
    doctor.need_loopback(host)


def test_a_postgresql_database_needs_permission(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://dv@localhost/dv")
    assert "--demo-db" in say_of(capsys)
    doctor.need_demo_database("postgres://dv@localhost/dv", allowed=True)
    doctor.need_demo_database("", allowed=False)


def test_an_almost_full_disk_is_noticed_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = shutil.disk_usage("/")._replace(free=30 * doctor.MEGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    monkeypatch.setattr(doctor, "need_free_port", lambda host, port: None)
    sentence = say_of(capsys)
    assert "100 MB are needed, 30 MB are free" in sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_on_the_way_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write_on_a_full_disk(options: Any) -> None:
        Path("/dev/full").write_text("x" * 100, encoding="utf-8")

    monkeypatch.setattr(command_line.demo, "run", write_on_a_full_disk)
    assert "The disk is full" in say_of(capsys)


def test_a_folder_without_the_right_to_write_is_named() -> None:
    trouble = doctor.explain(PermissionError(errno.EACCES, "Permission denied", "var/run.lock"))
    assert "No right to write: var/run.lock" in str(trouble)


def test_pip_on_a_full_disk_is_a_full_disk() -> None:
    assert "The disk is full" in str(environment._explain("ERROR: [Errno 28] No space left on device"))


def test_an_environment_that_cannot_be_made_says_what_to_install() -> None:
    trouble = environment._explain("The virtual environment was not created: ensurepip is not available", True)
    assert "sudo apt install python3-pip" in str(trouble)


def test_an_unknown_command_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["strat"]) == 1
    errors = capsys.readouterr().err
    assert "./run manage" in errors and "'strat'" in errors


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in ("./run ", "manage", "check", "test", "--full", "--allow-missing", "--demo-db", "PORT"):
        assert command in shown


def test_missing_programs_are_named_with_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "missing_programs", lambda: ["PostgreSQL", "Chromium"])
    monkeypatch.setattr(testing.os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match=r"sudo apt install postgresql chromium .*--allow-missing"):
        testing._need_programs(None, allow_missing=False)  # type: ignore[arg-type]


class TestWhoseDatabase:
    """The local database file: a demonstration's, nobody's, or a real installation's."""

    def database(self, folder: Path, *statements: str) -> Path:
        path = folder / "db.sqlite3"
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        return path

    def test_no_file_and_no_users_are_nobodys(self, tmp_path: Path) -> None:
        assert not doctor.holds_real_people(tmp_path / "none.sqlite3")
        empty = self.database(tmp_path, "create table accounts_user (id int)")
        assert not doctor.holds_real_people(empty)

    def test_users_without_the_mark_are_real(self, tmp_path: Path) -> None:
        users = ("create table accounts_user (id int)", "insert into accounts_user values (1)")
        assert doctor.holds_real_people(self.database(tmp_path, *users))

    def test_users_with_the_mark_are_invented(self, tmp_path: Path) -> None:
        marked = self.database(
            tmp_path,
            "create table accounts_user (id int)",
            "insert into accounts_user values (1)",
            "create table core_installationmark (kind text)",
            "insert into core_installationmark values ('demo')",
        )
        assert not doctor.holds_real_people(marked)


def test_the_environment_is_installed_again_only_when_lock_or_python_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    for lock in ("base", "dev"):
        (tmp_path / "requirements" / f"{lock}.txt").write_text(lock, encoding="utf-8")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.11.2", encoding="utf-8")
    (tmp_path / ".venv" / "bin" / "python").symlink_to(place.PYTHON.resolve())
    monkeypatch.setattr(place, "ROOT", tmp_path)
    monkeypatch.setattr(place, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(place, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    assert not environment._holds("base")
    environment._stamp("base")
    assert environment._holds("base") and not environment._holds("dev")
    environment._stamp("dev")
    assert environment._holds("base") and environment._holds("dev")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.12.1", encoding="utf-8")
    assert not environment._holds("base")
    environment._stamp("dev")
    (tmp_path / "requirements" / "dev.txt").write_text("newer", encoding="utf-8")
    assert environment._holds("base") and not environment._holds("dev")


@pytest.mark.parametrize("name", ["DATABASE_URL_FILE", "REDIS_URL_FILE", "CELERY_BROKER_URL_FILE"])
def test_the_demonstration_reads_no_file_of_an_installation(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "/run/secrets/address")
    told = demo.environ(demo.Options("127.0.0.1", 8000))
    assert name not in told and told["DEMO"] == "1"
