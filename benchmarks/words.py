"""What the commands share: arguments, tables, progress."""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Sequence
from pathlib import Path


def seeds(text: str) -> list[int]:
    """`1-30`, `4`, or `1,2,9`."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    if not found:
        raise argparse.ArgumentTypeError("must name at least one seed, as in 1-30")
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """A Markdown table; the first `words` columns stand left, figures right."""
    rule = ["---" if column < words else "---:" for column in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f} %"


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed; the worst for 1."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def tell(line: str) -> None:
    """Progress, beside the result."""
    print(line, file=sys.stderr, flush=True)


def write_rows(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """One line an instance, comma-separated."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
