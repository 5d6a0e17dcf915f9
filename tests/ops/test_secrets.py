"""`python -m ops.secrets`: files made once, from what an older `.env` holds where it does."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import secrets as keys
from config.env import SECRETS
from ops import secrets
from tests.services.fixtures import ROOT


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops.secrets", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_what_it_makes_is_what_an_installation_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(str(tmp_path / "secrets")).returncode == 0
    for name in ("SECRET_KEY", "LOOKUP_KEY", "FIELD_KEYS", "EVIDENCE_KEYS"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secrets" / name.lower()))
    held = keys.secrets(invented=False, base="")
    assert len({held.secret, held.lookup, *held.fields, *held.evidence}) == 4


def test_it_makes_every_secret_an_application_may_be_given_but_its_addresses() -> None:
    assert set(secrets.MADE) - {"POSTGRES_PASSWORD"} == SECRETS - {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}


def test_each_file_opens_to_the_account_that_reads_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert run(str(folder)).returncode == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o400, path
        if os.geteuid() == 0:
            assert path.stat().st_uid == (0 if path.name == "postgres_password" else 10001)


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    run(str(tmp_path / "secrets"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    assert set(before) == {name.lower() for name in secrets.MADE}
    again = run(str(tmp_path / "secrets"))
    assert "made" not in again.stdout
    assert {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()} == before


def test_the_keys_of_standing_data_are_taken_from_the_file_they_stood_in(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        'FIELD_KEYS=k2:b2xk k1:b2xkZXI=\n# LOOKUP_KEY=not-this\nSMS_GATEWAY=\'{"url": "https://sms.example"}\'\n'
        'KANNEL_PASSWORD="with = in it"\nALLOWED_HOSTS=help.example.bg\n',
        encoding="utf-8",
    )
    done = run(str(tmp_path / "secrets"))
    assert "field_keys: .env" in done.stdout and "lookup_key: made" in done.stdout
    read = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()}
    assert read["field_keys"] == "k2:b2xk k1:b2xkZXI=\n"
    assert read["sms_gateway"] == '{"url": "https://sms.example"}\n'
    assert read["kannel_password"] == "with = in it\n"
    assert "not-this" not in read["lookup_key"] and "allowed_hosts" not in read


def test_it_prints_no_secret(tmp_path: Path) -> None:
    done = run(str(tmp_path / "secrets"))
    for path in (tmp_path / "secrets").iterdir():
        value = path.read_text(encoding="utf-8").strip()
        assert not value or value not in done.stdout + done.stderr


def test_words_it_does_not_know_and_a_folder_it_may_not_write(tmp_path: Path) -> None:
    assert run().returncode == 2
    (tmp_path / "file").touch()
    done = run(str(tmp_path / "file"))
    assert done.returncode == 1 and "could not be made" in done.stderr and "Traceback" not in done.stderr
