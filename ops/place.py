"""Where things are in this checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def var_dir() -> Path:
    """Everything that changes: the database, logs, sockets. `VAR_DIR` moves it."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tools_dir() -> Path:
    """Environments of tools that may not stand beside the application; `VAR_DIR` does not move them."""
    folder = ROOT / "var" / "tools"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def log_dir() -> Path:
    folder = var_dir() / "log"
    folder.mkdir(exist_ok=True)
    return folder
