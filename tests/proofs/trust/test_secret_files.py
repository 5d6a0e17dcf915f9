"""A secret may stand in a file; each process is given those it needs, and says so when it would need another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.secrets import LACKS, secrets
from core import crypto
from tests.proofs.trust.test_start import GOOD
from tests.services.fixtures import ROOT

SEALED = {"FIELD_KEYS": [GOOD["FIELD_KEYS"]], "EVIDENCE_KEYS": [GOOD["EVIDENCE_KEYS"]]}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts a secret into a file of this mode and names it, instead of the variable."""

    def put(name: str, content: str, mode: int = 0o400) -> Path:
        path = tmp_path / name.lower()
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(path))
        return path

    return put


@pytest.mark.parametrize("name", sorted(env.SECRETS))
def test_every_secret_may_stand_in_a_file(name: str, file: Callable[..., Path]) -> None:
    file(name, "one two\n")
    assert env.text(name, "") == "one two"
    assert env.words(name) == ["one", "two"]


@pytest.mark.parametrize(
    ("content", "read"),
    [("word", "word"), ("word\n", "word"), ("word\r\n", "word"), (" word \n\n", " word \n"), ("", "")],
)
def test_only_the_final_newline_is_not_of_it(content: str, read: str, file: Callable[..., Path]) -> None:
    file("METRICS_TOKEN", content)
    assert env.given("METRICS_TOKEN") == read


def test_the_keys_of_an_installation_are_read_from_files(file: Callable[..., Path]) -> None:
    for name, value in GOOD.items():
        file(name, value + "\n")
    held = secrets(invented=False, base="")
    assert (held.secret, held.lookup) == (GOOD["SECRET_KEY"], GOOD["LOOKUP_KEY"])
    assert (held.fields, held.evidence) == ([GOOD["FIELD_KEYS"]], [GOOD["EVIDENCE_KEYS"]])


def test_addresses_with_a_password_are_read_from_files(file: Callable[..., Path], tmp_path: Path) -> None:
    file("REDIS_URL", "rediss://:p@broker/0\n")
    os.environ.pop("CELERY_BROKER_URL", None)
    assert env.broker_settings(tmp_path)[0] == "rediss://:p@broker/0"


def test_a_variable_that_is_no_secret_has_no_file(file: Callable[..., Path]) -> None:
    file("SITE_URL", "https://elsewhere.example")
    assert env.text("SITE_URL", "as before") == "as before"


def test_a_secret_given_twice_stops_the_start(file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file("SECRET_KEY", GOOD["SECRET_KEY"])
    monkeypatch.setenv("SECRET_KEY", GOOD["SECRET_KEY"])
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        env.text("SECRET_KEY", "")


@pytest.mark.parametrize("mode", [0o404, 0o644, 0o602, 0o601])
def test_a_file_that_is_open_to_everybody_stops_the_start(mode: int, file: Callable[..., Path]) -> None:
    file("LOOKUP_KEY", GOOD["LOOKUP_KEY"], mode)
    with pytest.raises(ImproperlyConfigured, match=r"LOOKUP_KEY_FILE: .* is open to everybody"):
        env.text("LOOKUP_KEY", "")


def test_a_file_of_a_group_is_taken(file: Callable[..., Path]) -> None:
    file("LOOKUP_KEY", "word", 0o440)
    assert env.text("LOOKUP_KEY", "") == "word"


@pytest.mark.parametrize("what", ["nothing", "folder", "picture"])
def test_a_file_that_cannot_be_read_stops_the_start_in_one_line(what: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    if what == "folder":
        path.mkdir(mode=0o700)
    if what == "picture":
        path.write_bytes(b"\x89PNG\xff\xfe")
        path.chmod(0o400)
    told = {**GOOD, "SECRET_KEY": "", "SECRET_KEY_FILE": str(path)}
    done = start(tmp_path, "manage.py", "check", **told)
    assert done.returncode == 1
    assert done.stderr.startswith(f"SECRET_KEY_FILE: {path} cannot be read: ") and done.stderr.count("\n") == 1


def start(tmp_path: Path, *command: str, **told: str) -> subprocess.CompletedProcess[str]:
    given = {"VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"], "ALLOWED_HOSTS": "help.example.bg", **told}
    given |= {"STATIC_ROOT": str(tmp_path), "LEAKED_PASSWORDS": "common"}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_the_schedule_holds_no_key_even_where_it_is_offered_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**GOOD, "PROCESS": "beat"}.items():
        monkeypatch.setenv(name, value)
    held, again = secrets(invented=False, base=""), secrets(invented=False, base="")
    assert (held.lookup, held.fields, held.evidence) == ("", [], [])
    assert len(held.secret) == 64 and held.secret not in (again.secret, GOOD["SECRET_KEY"])


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"LOOKUP_KEY", "EVIDENCE_KEYS"}))
def test_who_sends_messages_needs_every_key_but_the_stores(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {**GOOD, "PROCESS": "sender", "EVIDENCE_KEYS": ""}.items():
        monkeypatch.setenv(key, value)
    held = secrets(invented=False, base="")
    assert held.fields == [GOOD["FIELD_KEYS"]] and held.evidence == []
    monkeypatch.delenv(name)
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        secrets(invented=False, base="")


@pytest.mark.parametrize("process", ["", *LACKS])
def test_a_key_that_is_needed_may_not_be_left_out(process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROCESS", process)
    if process == "beat":
        assert secrets(invented=False, base="").fields == []
        return
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secrets(invented=False, base="")


def test_a_process_nobody_knows_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCESS", "worker")
    with pytest.raises(ImproperlyConfigured, match="PROCESS is beat or sender, or is left out; not 'worker'"):
        secrets(invented=False, base="")


@pytest.mark.parametrize("ring_of", sorted(SEALED))
def test_without_keys_nothing_is_sealed_opened_or_looked_up(ring_of: str, settings: Any) -> None:
    setattr(settings, ring_of, SEALED[ring_of])
    sealed = crypto.seal("Мария", bound_to="row", ring_of=ring_of)
    setattr(settings, ring_of, [])
    settings.LOOKUP_KEY, settings.PROCESS = "", "beat"
    for forbidden in (
        lambda: crypto.unseal(sealed, bound_to="row", ring_of=ring_of),
        lambda: crypto.seal("Мария", bound_to="row", ring_of=ring_of),
        lambda: crypto.first_key(ring_of),
        lambda: crypto.lookup_hash("+359888123456", purpose="phone"),
    ):
        with pytest.raises(crypto.NoKeys, match="is not for this process"):
            forbidden()


SERVE = "import config.wsgi"


def test_the_web_server_starts_with_every_key(tmp_path: Path) -> None:
    """The control."""
    done = start(tmp_path, "-c", SERVE, **GOOD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("process", sorted(LACKS))
def test_the_web_server_does_not_start_as_a_process_with_fewer_keys(process: str, tmp_path: Path) -> None:
    done = start(tmp_path, "-c", SERVE, **GOOD, PROCESS=process)
    assert done.returncode == 1 and "the web server needs every key" in done.stderr


WORKER = ("-m", "celery", "--skip-checks", "-A", "config", "worker", "--pool", "solo")


@pytest.mark.parametrize(
    ("process", "more"),
    [("beat", ()), ("beat", ("-Q", "messages")), ("sender", ()), ("sender", ("-Q", "celery,messages"))],
)
def test_a_worker_does_not_start_without_the_keys_of_its_queues(
    process: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    done = start(tmp_path, *WORKER, *more, **GOOD, PROCESS=process)
    assert done.returncode == 1, done.stdout
    assert f"PROCESS={process}: this worker needs more keys" in done.stderr and "ready" not in done.stderr
