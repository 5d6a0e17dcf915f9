"""Messages while everything they stand on is killed at random: none lost, none twice, well again within a minute."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.services.fixtures import ROOT
from tests.sizes import FULL, size

pytestmark = [pytest.mark.slow, pytest.mark.worker]
MESSAGES = size(60, 1000, "messages")
KILLS = size(4, 50, "kills")
SQLITE_KILLS = size(3, 50, "kills on SQLite")
SECONDS = 3600 if FULL else 240


@pytest.mark.parametrize(
    ("kind", "kills"), [pytest.param("postgres", KILLS, marks=pytest.mark.postgres), ("sqlite", SQLITE_KILLS)]
)
@pytest.mark.timeout(SECONDS + 30)
def test_whatever_dies_every_message_has_one_end(kind: str, kills: int) -> None:
    command = [sys.executable, "-m", "tests.proofs.messages.chaos", kind, str(MESSAGES), str(kills)]
    whole = ["--whole"] if FULL else []
    done = subprocess.run(
        [*command, *whole], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["recovered"] <= 60, said
    assert sum(said["stand"].values()) == MESSAGES, said
    assert sum(said["kills"].values()) == kills, said
