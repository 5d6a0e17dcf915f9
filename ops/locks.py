"""The locked libraries: what each lock in `requirements/` names, with its version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from ops import place
from ops.say import Trouble

FOLDER = place.ROOT / "requirements"
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")


@dataclass(frozen=True)
class Pin:
    library: str
    version: Version
    locks: tuple[str, ...]


def pins(folder: Path = FOLDER) -> list[Pin]:
    """What every lock names. Raises Trouble for a line that names a library without a version."""
    found: dict[tuple[str, Version], list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.lstrip().startswith(("#", "--hash=")):
                continue
            pinned = _PINNED.match(line)
            if pinned is None:
                raise Trouble(f"Неразбран ред в {path.name}: {line}", f"A line of {path.name} is no pin: {line}")
            found.setdefault((canonicalize_name(pinned[1]), Version(pinned[2])), []).append(path.stem)
    return [Pin(name, version, tuple(dict.fromkeys(locks))) for (name, version), locks in sorted(found.items())]
