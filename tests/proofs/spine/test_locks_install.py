"""The lock installs into an empty environment on each Python the project claims."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.fixtures import ROOT
from tests.sizes import size

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def interpreters() -> list[str]:
    """The Pythons this machine has among those the project claims, the running one first."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys._base_executable}
    for version in ("3.11", "3.12", "3.13"):
        beside = Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python3")
        on_path = (Path(folder) / f"python{version}" for folder in os.environ["PATH"].split(":"))
        for candidate in (*beside, *on_path):
            if version not in found and candidate.exists() and _answers(candidate, version):
                found[version] = str(candidate)
    return list(found.values())


def _answers(candidate: Path, version: str) -> bool:
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([str(candidate), "-I", "-c", question], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version


@pytest.mark.parametrize("number", range(size(1, 3, "Pythons")))
def test_the_lock_installs_on_each_python_there_is(number: int, tmp_path: Path) -> None:
    pythons = interpreters()
    if number >= len(pythons):
        pytest.skip(f"this machine has {len(pythons)} of the Pythons")
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([pythons[number], "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    script = (
        "import sys; from pathlib import Path; from ops import environment; from ops.supervisor import Supervisor;"
        "s = Supervisor(Path(sys.argv[1]));"
        "environment.install(Path('requirements/base.txt'), Path(sys.argv[2]), s); s.stop()"
    )
    installer = [pythons[number], "-c", script, str(tmp_path), str(python)]
    subprocess.run(installer, cwd=ROOT, check=True)
    check = "import celery, cryptography, django, granian, httpx, numpy, psycopg, rest_framework"
    subprocess.run([str(python), "-c", check], cwd=tmp_path, check=True)
