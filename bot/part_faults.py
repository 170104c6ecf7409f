"""A fault in a section of a file, said to the person who wrote it, as `path.in.the.file: sentence`.

Invariants: positions in a list count from 0; a message quotes at most what stood in the file.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic_core import ErrorDetails

_SAID = {
    "missing": "is missing.",
    "string_type": "must be a text in quotes.",
    "int_type": "must be a whole number.",
    "bool_type": "must be true or false.",
    "list_type": "must be a list in square brackets.",
    "dict_type": "must be a section with keys of its own.",
    "model_type": "must be a section with keys of its own.",
}


def said(error: ErrorDetails, keys: Iterable[str]) -> str:
    """One fault that the check of a section has found; `keys` are those that might have been meant."""
    path = ".".join(str(step) for step in error["loc"] if step != "[key]")
    if error["type"] == "extra_forbidden":
        return f"{path}: unknown key.{meant(str(error['loc'][-1]), keys)}"
    if error["type"] == "value_error":
        return f"{path}: {error['ctx']['error']}"
    return f"{path}: {_SAID.get(error['type'], error['msg'].replace('Input should', 'must') + '.')}"


def meant(word: str, known: Iterable[str]) -> str:
    """A hint, when there is something like it."""
    near = get_close_matches(word, list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""
