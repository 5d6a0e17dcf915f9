"""`manage.py draw_states [--check]`: docs/states.md, drawn from the transition tables in the code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import TextChoices
from django.utils.translation import override

from requests.states import (
    OFFER_MOVES,
    REQUEST_MOVES,
    VISIT_MOVES,
    Moves,
    OfferState,
    RequestState,
    VisitState,
)

HEAD = """# Where things can stand

Drawn by `./run manage draw_states` from `requests/states.py`; a test compares. Every move is a guarded UPDATE
(`requests/services/lifecycle.py`) with a journal entry in the same transaction.
"""
DRAWN: list[tuple[str, type[TextChoices], Moves, list[str]]] = [
    ("HelpRequest", RequestState, REQUEST_MOVES, ["unverified", "open"]),
    ("Offer", OfferState, OFFER_MOVES, ["made"]),
    ("Visit", VisitState, VISIT_MOVES, ["scheduled"]),
]


def drawn() -> str:
    """The whole page as Markdown with Mermaid diagrams and tables."""
    with override("bg"):
        return HEAD + "".join(_one(*entry) for entry in DRAWN)


def _one(name: str, states: type[TextChoices], moves: Moves, begins: list[str]) -> str:
    order = [str(value) for value in states.values]
    lines = [f"\n## {name}\n", "```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {start}" for start in begins]
    for source in order:
        lines += [f"    {source} --> {to}" for to in order if source in moves.get(to, frozenset())]
    lines += ["```", "", "| state | shown as | from |", "|---|---|---|"]
    for value, label in states.choices:
        sources = ", ".join(source for source in order if source in moves.get(str(value), frozenset()))
        lines.append(f"| {value} | {label} | {sources or '–'} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Draws docs/states.md from the transition tables; --check fails where it differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "states.md"
        if not options["check"]:
            page.write_text(drawn(), encoding="utf-8")
            self.stdout.write(f"{page.name} written")
        elif not page.exists() or page.read_text(encoding="utf-8") != drawn():
            raise CommandError("docs/states.md is not what the code says. Run ./run manage draw_states.")
