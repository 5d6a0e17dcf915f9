"""Tools with an environment of their own, made when they are first needed (`ops.environment.aside`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops import place

MAKE = "import sys; from ops import environment; print(environment.aside(sys.argv[1]))"


def python_of(lock: str) -> Path:
    """The Python of the environment of `requirements/<lock>.txt`."""
    env = {name: value for name, value in os.environ.items() if name != "VAR_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, lock], cwd=place.ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        if os.environ.get("ALLOW_MISSING") == "1":
            pytest.skip(f"needs {lock}")
        pytest.fail(f"the environment {lock} could not be made:\n{done.stdout}{done.stderr}")
    return Path(done.stdout.splitlines()[-1])
