"""Run by the Python of an environment of its own (requirements/fuzz.txt), never imported by the tests.

Reads a job as JSON from its input: `url`, `schema`, `callers` (name → headers), `rows` (the beginning of a path → what
may stand in it), `bodies` (operation → what may be sent to it), `examples` for each operation and way of making cases,
`seed`. Writes what came of it as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import suppress
from itertools import count
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

import requests

# A 5xx is found by the second as well: no operation documents one. It is said by its own name all the same.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# Whoever is not answered by then is not answered at all, however busy the machine is.
SECONDS = 120
WAYS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Run:
    """Every case is one call by one caller; the callers take turns, and each calls each operation."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job, self.turn = job, count()
        self.cases: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.called: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self.session = requests.Session()

    def operation(self, operation: Any) -> None:
        for way in WAYS:
            last = self._cases(operation, way)
            # Where there is little to vary the cases end early: the others call with the last one.
            for name in self.job["callers"]:
                if last is not None and not self.called[f"{name} {operation.label}"]:
                    self.call(last, name)

    def _cases(self, operation: Any, way: GenerationMode) -> Any:
        """Call with as many cases as were asked for; answers the last of them."""
        last: list[Any] = [None]

        @seed(self.job["seed"])
        @settings(
            max_examples=self.job["examples"], deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=way))
        def one(case: Any) -> None:
            last[0] = case
            self.call(case)

        with suppress(Unsatisfiable):  # nothing about it can be wrong
            one()
        return last[0]

    def call(self, case: Any, name: str = "") -> None:
        number = next(self.turn)
        names = list(self.job["callers"])
        name = name or names[number % len(names)]
        self._aim(case, number)
        headers = {**(case.headers or {}), **self.job["callers"][name]}
        if "Authorization" not in self.job["callers"][name]:
            headers.pop("Authorization", None)
            if case.headers:
                case.headers.pop("Authorization", None)
        case.cookies = {}
        label = case.operation.label
        self.cases[label] += 1
        self.called[f"{name} {label}"] += 1
        try:
            answer = case.call(base_url=self.job["url"], session=self.session, headers=headers, timeout=SECONDS)
        except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
            return
        except requests.exceptions.RequestException as error:
            self.failures.setdefault(f"{label} {type(error).__name__}", f"as {name}: {case.as_curl_command()}"[:3000])
            return
        finally:
            self.session.cookies.clear()
        self.statuses[str(answer.status_code)] += 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as group:
            for failure in group.exceptions:
                key = f"{label} {answer.status_code} {type(failure).__name__}"
                said = f"{failure}\n{answer.content[:500]!r}\n{case.as_curl_command()}"
                self.failures.setdefault(key, f"as {name}: {said}"[:3000])

    def _aim(self, case: Any, number: int) -> None:
        """Often at a row that is there, with what may be made: an invented key finds nothing and proves little."""
        known = next((rows for begin, rows in self.job["rows"].items() if case.operation.path.startswith(begin)), {})
        for part, keys in known.items():
            if part in (case.path_parameters or {}) and number % 3:
                case.path_parameters[part] = keys[number % len(keys)]
        if isinstance(case.body, dict) and number % 2:
            case.body = {**case.body, **self.job["bodies"].get(case.operation.label, {})}


def main() -> None:
    job = json.load(sys.stdin)
    run = Run(job)
    schema = schemathesis.openapi.from_dict(job["schema"])
    for found in schema.get_all_operations():
        run.operation(found.ok())
    told = {"cases": dict(run.cases), "statuses": dict(run.statuses), "called": dict(run.called)}
    json.dump({**told, "failures": run.failures}, sys.stdout)


if __name__ == "__main__":
    main()
