"""Reading JSON without guessing: every refusal names the path of the field."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

INSTANT = 10**9
POINTS = 10**7
LEG = 10**6


class ProblemError(ValueError):
    """The input breaks the format. `path` names the field, as in `requests[3].windows[0]`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class _Object(dict[str, object]):
    """A JSON object that remembers a key given twice."""

    repeated: str | None = None


def _object(pairs: list[tuple[str, object]]) -> _Object:
    result = _Object()
    for key, value in pairs:
        if key in result:
            result.repeated = key
        result[key] = value
    return result


def _integer(digits: str) -> int:
    # A number of thousands of digits would cost time before its range is judged; 10^30 is as wrong.
    if len(digits) <= 30:
        return int(digits)
    return -(10**30) if digits.startswith("-") else 10**30


def read_json(text: str | bytes, name: str = "file") -> object:
    """Parse JSON; repeated keys and NaN are kept for the reader of the field to refuse."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value: object = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise ProblemError(name, "is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ProblemError(name, f"is not JSON ({error.msg}, line {error.lineno})") from error
    except RecursionError as error:
        raise ProblemError(name, "is nested too deeply") from error
    return value


def shown(value: object) -> str:
    """A value as an error message shows it, never longer than a line."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity"
    text = json.dumps(value, ensure_ascii=True) if value is None or isinstance(value, bool | str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def mapping(value: object, path: str) -> Mapping[str, object]:
    """A JSON object without repeated keys."""
    if not isinstance(value, dict):
        raise ProblemError(path, f"must be an object, not {shown(value)}")
    repeated = getattr(value, "repeated", None)
    if repeated is not None:
        raise ProblemError(join(path, repeated), "is given twice")
    return value


def fields(value: object, path: str, required: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, object]:
    """A JSON object with all `required` keys and none beyond `optional`."""
    result = mapping(value, path)
    for key in result:
        if key not in required and key not in optional:
            raise ProblemError(join(path, key), "is not a known key")
    for key in required:
        if key not in result:
            raise ProblemError(join(path, key), "is missing")
    return result


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def integer(value: object, path: str, low: int, high: int) -> int:
    """A JSON integer (not 1.0, not true) within low…high."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(path, f"must be an integer, not {shown(value)}")
    if not low <= value <= high:
        raise ProblemError(path, f"must lie within {low}…{high}, not {shown(value)}")
    return value


def number(value: object, path: str, low: float, high: float) -> float:
    """A finite JSON number within low…high."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(path, f"must be a number, not {shown(value)}")
    if not math.isfinite(value):
        raise ProblemError(path, f"must be a finite number, not {shown(value)}")
    if not low <= value <= high:
        raise ProblemError(path, f"must lie within {low:g}…{high:g}, not {shown(value)}")
    return float(value)


def text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise ProblemError(path, f"must be a string, not {shown(value)}")
    return value


def flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise ProblemError(path, f"must be true or false, not {shown(value)}")
    return value


def items(value: object, path: str, limit: int) -> Sequence[object]:
    """A JSON list of at most `limit` items."""
    if not isinstance(value, list | tuple):
        raise ProblemError(path, f"must be a list, not {shown(value)}")
    if len(value) > limit:
        raise ProblemError(path, f"has {len(value)} items, more than the {limit} that can be planned at once")
    return value


def each(value: object, path: str, limit: int, read: Callable[[object, str], T]) -> tuple[T, ...]:
    """Read every item of a list with `read(item, path of the item)`."""
    return tuple(read(item, f"{path}[{index}]") for index, item in enumerate(items(value, path, limit)))


def texts(value: object, path: str, limit: int = 10_000) -> tuple[str, ...]:
    return each(value, path, limit, text)


def span(value: object, path: str) -> tuple[int, int]:
    """[from, to] of instants, where `to` is not before `from`."""
    pair = items(value, path, 2)
    if len(pair) != 2:
        raise ProblemError(path, "must be a list of two instants")
    start = integer(pair[0], f"{path}[0]", -INSTANT, INSTANT)
    end = integer(pair[1], f"{path}[1]", -INSTANT, INSTANT)
    if end < start:
        raise ProblemError(path, f"ends ({end}) before it starts ({start})")
    return start, end
