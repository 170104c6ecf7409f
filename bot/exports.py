"""A client's log as files that a person takes along: CSV to read, JSON to keep everything.

Invariants: mode 0600; nothing is overwritten unless asked; no cell of the CSV can be taken for a formula by a
spreadsheet; a client number that is no file name does not lead out of the folder.
"""

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

LOG = (  # a log's heading, whether or not anything is in it
    "reference",
    "version",
    "current",
    "at",
    "entered_at",
    "entered_by",
    "late_entry",
    "channel",
    "approved",
    "direction",
    "kind",
    "summary",
    "expects_reply",
    "answered_at",
    "replier",
    "response_deadlines",
)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class AlreadyThere(Exception):
    """The files named in `paths` exist."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(map(str, self.paths)))


def places(folder: Path, ref: str) -> tuple[Path, Path]:
    """Where the CSV and the JSON of a client go; characters that could steer a path become an underscore."""
    name = re.sub(r"[^\w.-]", "_", ref).lstrip(".") or "_"
    return folder / f"{name}.csv", folder / f"{name}.json"


def refuse_overwriting(paths: Iterable[Path]) -> None:
    """`AlreadyThere` when one exists."""
    if there := [path for path in paths if path.exists() or path.is_symlink()]:
        raise AlreadyThere(there)


def write(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a file that only this user can read. A link is never followed; `FileExistsError` unless `overwrite`."""
    if overwrite:
        path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def as_json(log: Mapping[str, Any]) -> str:
    """Everything there is."""
    return json.dumps(log, ensure_ascii=False, indent=2, default=str) + "\n"


def as_csv(rows: Iterable[Mapping[str, Any]], first: Iterable[str] = ()) -> str:
    """One line a row; the columns are `first`, then those of all rows, in order of appearance."""
    found = list(rows)
    columns = list(dict.fromkeys([*first, *(name for row in found for name in row)]))
    made = io.StringIO(newline="")
    table = csv.writer(made)
    table.writerow(columns)
    table.writerows([safe(row.get(name)) for name in columns] for row in found)
    return made.getvalue()


def safe(value: object) -> str:
    """A cell as text that no spreadsheet runs (OWASP, CSV injection): what could begin a formula gets an apostrophe."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value)
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return f"'{text}" if text.startswith(_RISKY) else text
