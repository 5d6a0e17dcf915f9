"""Writes into docs/proofs.md what `./run test --full` proved: commit, sizes, seconds."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops import place

PAGE = place.ROOT / "docs" / "proofs.md"


def record(sizes: Path, reports: list[dict[str, Any]], seconds: float, page: Path = PAGE) -> None:
    """Append one section. `reports`: one a pytest run, with counts and the seconds of each test file."""
    by_file: dict[str, float] = {}
    for report in reports:
        for name, took in report["seconds"].items():
            by_file[name] = by_file.get(name, 0.0) + took
    passed = sum(report["counts"].get("passed", 0) for report in reports)
    named = read_sizes(sizes)
    lines = [
        "",
        f"## {commit()} · {datetime.now(UTC):%d.%m.%Y %H:%M} UTC",
        "",
        f"{passed} tests passed in {seconds:.0f} s.",
        "",
        "| proof | sizes | seconds |",
        "|---|---|---|",
    ]
    for name, took in sorted(by_file.items()):
        if "tests/proofs/" in name:
            module = name.removesuffix(".py").replace("/", ".")
            lines.append(f"| `{name}` | {', '.join(named.get(module, [])) or '–'} | {took:.1f} |")
    with page.open("a", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def read_sizes(path: Path) -> dict[str, list[str]]:
    """Module → its sizes in words, such as `200 rounds`."""
    named: dict[str, list[str]] = {}
    if not path.exists():
        return named
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        words = f"{entry['value']} {entry['what']}"
        if words not in named.setdefault(entry["where"], []):
            named[entry["where"]].append(words)
    return named


def commit() -> str:
    """The commit at hand, with a star when files differ from it."""
    git = ["git", "-C", str(place.ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    dirty = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=False)
    return head.stdout.strip() + ("*" if dirty.stdout.strip() else "")
