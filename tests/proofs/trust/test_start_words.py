"""A word that opens one door is as strong as a key, or an installation does not start; a demonstration takes any."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secrets import word
from tests.proofs.trust.test_start import run

STRONG = "9c1f0b7e52d84a6f93ab07c4e8d15f26b3a1e07d5c48aa91b3f0"


@pytest.mark.parametrize("weak", ["sezam", "a" * 64, "changeme-changeme-changeme-changeme-changeme"])
def test_a_weak_one_is_refused_and_a_strong_one_or_none_is_taken(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_SECRET", weak)
    with pytest.raises(ImproperlyConfigured, match="GATEWAY_SECRET is"):
        word("GATEWAY_SECRET", invented=False)
    assert word("GATEWAY_SECRET", invented=True) == weak
    monkeypatch.setenv("GATEWAY_SECRET", STRONG)
    assert word("GATEWAY_SECRET", invented=False) == STRONG
    monkeypatch.delenv("GATEWAY_SECRET")
    assert word("GATEWAY_SECRET", invented=False) == ""


@pytest.mark.parametrize("name", ["METRICS_TOKEN", "GATEWAY_SECRET"])
def test_an_installation_says_so_in_one_line_and_does_not_start(name: str, tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", **{name: "sezam"})
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} is too short") and done.stderr.count("\n") == 1
