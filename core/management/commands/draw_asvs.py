"""`manage.py draw_asvs [--check]`: docs/asvs.md, counted from docs/asvs.csv."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

Row = dict[str, str]
SHOWN, OPEN, NO = "shown", "open", "does not apply"
CHAPTERS = {
    "V1": "encoding", "V2": "validation and business logic", "V3": "web front end", "V4": "API and web service",
    "V5": "files", "V6": "authentication", "V7": "sessions", "V8": "authorisation", "V9": "self-contained tokens",
    "V10": "OAuth and OpenID Connect", "V11": "cryptography", "V12": "secure communication", "V13": "configuration",
    "V14": "data protection", "V15": "secure coding", "V16": "logging and errors", "V17": "WebRTC",
}  # fmt: skip
HEAD = """# OWASP ASVS 5.0.0

Counted by `./run manage draw_asvs` from [asvs.csv](asvs.csv): each requirement up to level 2, and level 3 of V8, V14
and V16. What is shown names a test, a heading of a document or a file of the code. `tests/proofs/trust/test_asvs.py`
checks that each is there and none is skipped; `./run test` fails when a named test did not pass in it.

"""


def status(row: Row) -> str:
    if row["applies"] == "no":
        return NO
    return OPEN if row["reason"] else SHOWN


def drawn(rows: list[Row]) -> str:
    counts = Counter(map(status, rows))
    applies = counts[SHOWN] + counts[OPEN]
    said = f"{applies} apply, of which {counts[SHOWN]} are shown and {counts[OPEN]} are open"
    lines = [f"**{len(rows)} requirements: {said}.**", ""]
    lines += ["| chapter | | shown | open | does not apply |", "|---|---|---|---|---|"]
    for chapter, name in CHAPTERS.items():
        own = Counter(status(row) for row in rows if row["id"].startswith(f"{chapter}."))
        lines.append(f"| {chapter} | {name} | {own[SHOWN]} | {own[OPEN]} | {own[NO]} |")
    lines += ["", "## Open", "", "| | what it is about | what is missing |", "|---|---|---|"]
    lines += [_line(row, row["reason"].removeprefix("open: ")) for row in rows if status(row) == OPEN]
    lines += ["", "## Does not apply", "", "| | what it is about | because |", "|---|---|---|"]
    lines += [_line(row, row["reason"]) for row in rows if status(row) == NO]
    return HEAD + "\n".join(lines) + "\n"


def _line(row: Row, why: str) -> str:
    return f"| {row['id']} | {row['note']} | {why} |"


class Command(BaseCommand):
    help = "Counts docs/asvs.csv into docs/asvs.md; --check fails where the page says otherwise."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        docs = Path(settings.BASE_DIR) / "docs"
        with (docs / "asvs.csv").open(encoding="utf-8", newline="") as lines:
            wanted = drawn(list(csv.DictReader(lines)))
        page = docs / "asvs.md"
        if not options["check"]:
            page.write_text(wanted, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != wanted:
            raise CommandError("docs/asvs.md is not what docs/asvs.csv says. Run ./run manage draw_asvs.")
