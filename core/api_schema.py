"""What every operation of the API may answer besides its own: written into the schema once, for all of them."""

from __future__ import annotations

from typing import Any

from core.api import PROBLEM_TYPE

VERBS = ("get", "post", "put", "patch", "delete")
LOCAL_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"
# Too many calls; a language of answers that we do not speak.
ALWAYS = ("406", "414", "429")
# No way in, or not this far.
KNOWN = ("401", "403")
# Not JSON, not said to be JSON, too much of it, wrong fields.
WITH_A_BODY = ("400", "413", "415", "422")


def document_refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Every refusal is `application/problem+json`. A hook of drf-spectacular."""
    problem = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, item in result["paths"].items():
        for operation in (item[verb] for verb in VERBS if verb in item):
            told = operation["responses"]
            for code in refusals(path, operation):
                told.setdefault(code, {"description": ""})
            for code, answer in told.items():
                if code >= "400":
                    answer["content"] = problem
            operation["responses"] = dict(sorted(told.items()))
    return _with_local_times(result)


def _with_local_times(told: Any) -> Any:
    """`format: time` is a moment with a zone (RFC 3339); ours are what a clock on the wall shows."""
    if isinstance(told, list):
        return [_with_local_times(one) for one in told]
    if not isinstance(told, dict):
        return told
    found = {name: _with_local_times(value) for name, value in told.items()}
    if found.get("format") == "time" and found.get("type") == "string":
        del found["format"]
        found["pattern"] = LOCAL_TIME
    return found


def refusals(path: str, operation: dict[str, Any]) -> set[str]:
    """The statuses with which an operation may say no, from what it takes and who may call it."""
    found = set(ALWAYS)
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if any(operation.get("security", ())):
        found.update(KNOWN)
    # No such row, or no such page.
    if "{" in path or "page" in names:
        found.add("404")
    if "requestBody" in operation:
        found.update(WITH_A_BODY)
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        found.add("422")
    return found
