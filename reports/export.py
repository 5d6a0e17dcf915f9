"""The report as a file for a spreadsheet: UTF-8 with a byte order mark, the separators of the page's language."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from reports.filters import Choices
from reports.indicators import Figures
from reports.selectors import WEEK, Key, Report
from reports.show import ordered
from requests.states import Outcome

BOM = "\ufeff"
# A spreadsheet takes a cell that begins so for a formula and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULA) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(report: Report, choices: Choices, language: str) -> Iterator[str]:
    """Lines of the file: a head, every row, the whole. Bulgarian: `;` and a decimal comma. English: `,` and a point.

    Words are taken in the language that is on at the call; the lines are written as they are asked for.
    """
    table: list[list[str | int | float | None]] = [[*_head()]]
    table += [_row(_label(report, choices, key), row) for key, row in ordered(report, choices)]
    table.append(_row(_("Общо"), report.total))
    return _written(table, comma=language == "bg")


def _written(table: Iterable[list[str | int | float | None]], *, comma: bool) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";" if comma else ",")
    yield BOM
    for row in table:
        yield writer.writerow([_cell(value, comma) for value in row])  # type: ignore[misc]


def _label(report: Report, choices: Choices, key: Key) -> str:
    return str(key) if report.asked.group == WEEK else choices.label(report.asked.group, key)


def _head() -> list[str]:
    return [
        _("Ред"),
        _("Заявки"),
        _("Отговорени"),
        _("Покани"),
        _("Приети, %"),
        _("Посещения"),
        *(str(label) for label in Outcome.labels),
        _("Половината чакат до, дни"),
        _("9\u00a0от\u00a010 чакат до, дни"),
        _("Минути"),
    ]


def _row(label: str, row: Figures) -> list[str | int | float | None]:
    share = None if row.acceptance is None else row.acceptance * 100
    outcomes = [row.outcomes[code] for code in Outcome.values]
    counts = [row.requests, row.answered, row.offers, share, row.visits]
    return [label, *counts, *outcomes, row.wait_median, row.wait_nine_of_ten, row.minutes]


def _cell(value: str | float | None, comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    text = str(value if isinstance(value, int) else round(value, 1))
    return text.replace(".", ",") if comma else text
