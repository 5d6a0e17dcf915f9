"""A start with real people's data needs real keys, and then Django itself has nothing to say against it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.clear import clear_hosts
from config.secrets import secrets

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "SECRET_KEY": "3f9c1e7b5a2d4086" * 4,
    "LOOKUP_KEY": "a1b2c3d4e5f60718" * 4,
    "FIELD_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    "EVIDENCE_KEYS": "e1:" + base64.b64encode(bytes(range(32, 64))).decode(),
}
ZEROS = base64.b64encode(bytes(32)).decode()
BAD = [
    ("SECRET_KEY", "", "SECRET_KEY is not set"),
    ("SECRET_KEY", "short", "too short"),
    ("SECRET_KEY", "s" * 64, "too simple"),
    ("SECRET_KEY", "django-insecure-" + "3f9c1e7b5a2d4086" * 4, "default"),
    ("SECRET_KEY", "only-for-the-demonstration-" + "3f9c1e7b5a2d4086" * 4, "default"),
    ("LOOKUP_KEY", "short", "too short"),
    ("LOOKUP_KEY", GOOD["SECRET_KEY"], "the same"),
    ("FIELD_KEYS", "", "FIELD_KEYS is not set"),
    ("FIELD_KEYS", "k1:c2hvcnQ=", "32 bytes"),
    ("FIELD_KEYS", "k1:***", "32 bytes"),
    ("FIELD_KEYS", f"k1:{ZEROS}", "default"),
    ("FIELD_KEYS", "demo:" + base64.b64encode(bytes(range(32))).decode(), "default"),
    ("EVIDENCE_KEYS", "", "EVIDENCE_KEYS is not set"),
    ("EVIDENCE_KEYS", GOOD["FIELD_KEYS"], "holds a key of FIELD_KEYS"),
]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_keys_are_taken(environment: pytest.MonkeyPatch) -> None:
    assert secrets(invented=False, base="")[0] == GOOD["SECRET_KEY"]


@pytest.mark.parametrize(("name", "value", "why"), BAD)
def test_a_missing_short_or_default_key_stops_the_start(
    name: str, value: str, why: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=why):
        secrets(invented=False, base="")


LOOK = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN,
      s.SESSION_COOKIE_PATH, s.DEBUG, s.SECURE_HSTS_SECONDS >= 31536000)
"""


def run(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """With a list of leaked passwords that is there, unless `more` says otherwise."""
    (tmp_path / "leaked").write_text("".join(f"{number:040X}:1\n" for number in range(3000)))
    more = {"LEAKED_PASSWORDS": str(tmp_path / "leaked"), **more}
    env = {"VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"], "ALLOWED_HOSTS": "help.example.bg", **GOOD, **more}
    env["SITE_URL"] = "https://help.example.bg"
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_django_finds_nothing_to_mend_in_an_installation(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


def test_a_start_with_a_weak_key_says_so_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", SECRET_KEY="changeme")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is too short") and done.stderr.count("\n") == 1


def test_a_start_without_a_list_of_known_passwords_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", LEAKED_PASSWORDS="")
    assert done.returncode == 1
    assert done.stderr.startswith("LEAKED_PASSWORDS is not set.") and done.stderr.count("\n") == 1
    assert "manage.py leaked_passwords" in done.stderr and "LEAKED_PASSWORDS=common" in done.stderr
    # A file that is gone: tests/accounts/test_passwords.py. That what such a check finds stops the start is shown here.
    (tmp_path / "short").write_text(f"{0:040X}:1\n" * 2800)
    short = run(tmp_path, "manage.py", "check", LEAKED_PASSWORDS=str(tmp_path / "short"))
    assert short.returncode == 1 and "accounts.E002" in short.stderr


def test_to_go_without_one_is_a_decision_that_is_said_again(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", LEAKED_PASSWORDS="common")
    assert done.returncode == 0, done.stderr
    assert "WARNINGS:" in done.stderr and "accounts.W001" in done.stderr


def test_the_list_is_made_before_there_is_one(tmp_path: Path) -> None:
    """On a new machine the setting already names the file that this command makes."""
    words, out = tmp_path / "words.txt", tmp_path / "list"
    words.write_text("".join(f"three green peppers {number}\n" for number in range(3000)), encoding="utf-8")
    done = run(tmp_path, "manage.py", "leaked_passwords", str(words), str(out), LEAKED_PASSWORDS=str(out))
    assert done.returncode == 0, done.stderr
    assert "3000 different, 3000 of them match our policy" in done.stdout
    assert run(tmp_path, "manage.py", "check", LEAKED_PASSWORDS=str(out)).returncode == 0


IN_CLEAR = [
    ("KANNEL_URL", "http://sms.example.bg:13013/cgi-bin/sendsms", "sms.example.bg", "https://"),
    ("SMS_GATEWAY", '{"url": "http://sms.example.bg/send"}', "sms.example.bg", "https://"),
    ("OSRM_URL", "http://10.0.0.7:5000", "10.0.0.7", "https://"),
    ("REDIS_URL", "redis://cache.example.bg/0", "cache.example.bg", "rediss://"),
    ("CELERY_BROKER_URL", "redis://cache.example.bg/0", "cache.example.bg", "rediss://"),
    ("EMAIL_HOST", "mail.example.bg", "mail.example.bg", "EMAIL_USE_TLS=1"),
    ("DATABASE_URL", "postgres://dv_app@db.example.bg/dv", "db.example.bg", "sslmode=verify-full"),
    ("DATABASE_URL", "postgres://dv_app@/dv?host=db.example.bg&sslmode=prefer", "db.example.bg", "sslmode=verify-full"),
]
GUARDED = [
    ("KANNEL_URL", "https://sms.example.bg/cgi-bin/sendsms"),
    ("KANNEL_URL", "http://127.0.0.1:13013/cgi-bin/sendsms"),
    ("OSRM_URL", "http://[::1]:5000"),
    ("REDIS_URL", "rediss://cache.example.bg/0"),
    ("REDIS_URL", "redis+socket:///run/redis.sock"),
    ("DATABASE_URL", "postgres://dv_app@db.example.bg/dv?sslmode=verify-full"),
    ("DATABASE_URL", "postgres://dv_app@/dv?host=/run/postgresql"),
]


@pytest.mark.parametrize(("name", "value", "host", "instead"), IN_CLEAR)
def test_whoever_would_be_spoken_to_in_the_clear_stops_the_start(
    name: str, value: str, host: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name} leads to {host} without TLS") as told:
        clear_hosts(invented=False)
    assert instead in str(told.value)
    monkeypatch.setenv("CLEAR_HOSTS", f"another.example.bg, {host}")
    assert host in clear_hosts(invented=False)


@pytest.mark.parametrize(("name", "value"), GUARDED)
def test_by_tls_or_on_this_machine_all_are_spoken_to(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert clear_hosts(invented=False) == []


def test_a_way_in_the_clear_is_said_in_one_line_and_as_a_decision_again(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", EMAIL_HOST="mail.example.bg")
    assert done.returncode == 1
    assert done.stderr.startswith("EMAIL_HOST leads to mail.example.bg") and done.stderr.count("\n") == 1
    assert run(tmp_path, "manage.py", "check", EMAIL_HOST="mail.example.bg", EMAIL_USE_TLS="1").returncode == 0
    done = run(tmp_path, "manage.py", "check", "--deploy", EMAIL_HOST="mail.example.bg", CLEAR_HOSTS="mail.example.bg")
    assert done.returncode == 0, done.stderr
    assert "WARNINGS:" in done.stderr and "core.W001" in done.stderr


def test_cookies_belong_to_this_host_and_https_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "shell", "--no-imports", "-c", LOOK)
    names = "__Host-sessionid __Host-csrftoken __Host-django_language"
    assert done.stdout.split() == [*names.split(), "True", "True", "True", "True", "Lax", "None", "/", "False", "True"]
