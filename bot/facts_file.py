"""FACTS.json of the `explain` commands: facts of a case as a file, for questions that need nothing else.

Invariants: numbers are taken as they are written, never as the nearest binary fraction; a name that stands twice is
refused, because one of the two would silently be lost; what is wrong is said in a line, with status 2.
"""

import json
import sys
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from bot.terminal import WrongUse

LIMIT = 1_000_000  # bytes; facts of a case are a page


class _Twice(ValueError):
    pass


def facts_in(path: Path) -> dict[str, Any]:
    """The object in this file (`-`: standard input): integers as int, other numbers as Decimal; else `WrongUse`."""
    try:
        found = json.loads(
            _content(path), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_name_once
        )
    except _Twice as twice:
        raise WrongUse(f"{path}: {twice}") from None
    except (ValueError, DecimalException, RecursionError) as fault:
        where = f" (line {fault.lineno}, column {fault.colno})" if isinstance(fault, json.JSONDecodeError) else ""
        raise WrongUse(f"{path} is not JSON{where}.") from None
    if not isinstance(found, dict):
        raise WrongUse(f"{path}: facts are a JSON object, {{…}}.")
    return found


def _content(path: Path) -> str:
    try:
        content = sys.stdin.buffer.read(LIMIT + 1) if str(path) == "-" else _read(path)
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LIMIT:
        raise WrongUse(f"{path} is larger than facts of a case can be.")
    return content.decode("utf-8-sig")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LIMIT + 1)


def _no_number(word: str) -> Any:
    raise ValueError(word)  # NaN and Infinity are not JSON


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice.")
    return found
