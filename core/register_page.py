"""docs/personal-data.md, written from the register."""

from __future__ import annotations

from pathlib import Path

from core.register import Area, Register, Rows, gathered

HEAD = """# Where personal data rests

Made from the register in the code (`manage.py personal_data`); a test keeps it current, another compares the register
with every table, cache, file and log there is. There is no field for ЕГН, PIN, a portal's password, IBAN or diagnosis.
Sealed: AES-GCM with a key ring, bound to its row ([ADR 3](adr/0003-sealed-fields.md)). Keyed hash: tells equal from
different, nothing else without `LOOKUP_KEY` ([ADR 4](adr/0004-finding-people-by-name.md)).
"""


def page(register: Register | None = None) -> str:
    found = register or gathered()
    parts = [HEAD, "## Tables", "", *(line for rows in sorted(found.rows, key=_by_model) for line in _table(rows))]
    parts += [
        "## Beside the tables",
        "",
        "| where | what, whose | why | protected | kept | erasure |",
        "|---|---|---|---|---|---|",
    ]
    parts += [_area(area) for area in sorted(found.areas, key=lambda area: (area.kind, area.name))]
    parts += ["", "## Tables without personal data", ""]
    parts += [f"- `{one.model}`: {one.because}" for one in sorted(found.nobodys, key=lambda one: one.model)]
    return "\n".join(parts) + "\n"


def target(root: Path) -> Path:
    return root / "docs" / "personal-data.md"


def _by_model(rows: Rows) -> str:
    return rows.model


def _table(rows: Rows) -> list[str]:
    cells = [f"`{name}` {what} ({how})" for name, what, how in rows.cells]
    return [
        f"### `{rows.model}`", "",
        f"Whose: {rows.whose}. Why: {rows.why}.", "",
        *([f"- {cell}" for cell in cells] or ["- keys and codes only"]),
        f"- kept: {rows.kept}", f"- erasure: {rows.erased}", "",
    ]  # fmt: skip


def _area(area: Area) -> str:
    cells = (f"{area.kind}: {area.name}", f"{area.what}; {area.whose}", area.why, area.how, area.kept, area.erased)
    return f"| {' | '.join(cells)} |"
