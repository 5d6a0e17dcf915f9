"""Files in and out: reading with one clear sentence per fault, writing all or nothing."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from matching.format import Plan, Problem, ProblemError, parse_plan, parse_problem, read_json

MOST_BYTES = 2**30


class InputError(Exception):
    """What the caller gave cannot be used; the text is one sentence that names the file and the field."""


def load_problem(path: Path) -> Problem:
    try:
        return parse_problem(read_file(path))
    except ProblemError as error:
        raise InputError(f"{path}: {error}") from error


def load_plan(path: Path) -> Plan:
    try:
        return parse_plan(read_file(path))
    except ProblemError as error:
        raise InputError(f"{path}: {error}") from error


def read_file(path: Path) -> object:
    """The JSON value of a file; ProblemError where it is none, InputError where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path}: is larger than 1 GiB")
        return read_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def prepare_output(path: Path) -> None:
    """Refuse an output that could not be written before time is spent on it."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path}: the folder does not exist or cannot be written")


def write_json(path: Path, data: dict[str, object]) -> None:
    """Write beside the target and rename: a reader sees the old file or the whole new one."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(data, file, allow_nan=False)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644 & ~_umask())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
