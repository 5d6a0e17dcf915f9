"""The catalogue every installation starts with: groups, institutions, services, difficulties."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from catalogue.models import DifficultyType, Institution, Service, ServiceGroup
from core.upsert import Written, upsert

FOLDER = Path(__file__).parent


def load() -> dict[str, Written]:
    """Write what is missing or differs, by table. The caller holds the transaction."""
    facts = read("catalogue.json")
    groups = [ServiceGroup(**row) for row in facts["groups"]]
    institutions = [Institution(**row) for row in facts["institutions"]]
    difficulties = [DifficultyType(**row) for row in read("difficulties.json")]
    services = [service(row) for row in read("services.json")]
    return {
        "service groups": upsert(groups, fields=_fields(ServiceGroup)),
        "institutions": upsert(institutions, fields=_fields(Institution)),
        "difficulties": upsert(difficulties, fields=_fields(DifficultyType)),
        "services": upsert(services, fields=_fields(Service)),
    }


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def service(row: dict[str, Any]) -> Service:
    """A row of `services.json`; texts stand there as {"bg": …, "en": …}."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            values |= {f"{name}_{language}": text for language, text in value.items()}
        else:
            values[name] = value
    group, institution = values.pop("group"), values.pop("institution")
    checked_on = date.fromisoformat(values.pop("checked_on"))
    return Service(group_id=group, institution_id=institution, checked_on=checked_on, **values)


def _fields(model: type[ServiceGroup | Institution | DifficultyType | Service]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]
