"""Text made plain before it is searched: digits of every script as 0-9, one kind of space, dash and line end.

Invariants: accents and other combining marks go, so a struck-out digit is a digit; ASCII letters, digits and signs stay
as they are; the work grows with the length of the text (character by character, no canonical reordering).
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, blank on screen
_DASHES = frozenset("\u2212\u02d7\u2043\u30fc\uff70\u2500")  # not dashes by category, typed as such
_MARKS = frozenset({"Mn", "Me"})  # they stand on the character before
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})  # zero-width, soft hyphen, direction, control, unassigned

_END_OF_LATIN = 0x250


class _Plain(dict[int, str]):
    """A table for `str.translate`, filled as characters are met; each text has its own, and nothing of it is kept."""

    def __init__(self, *, hidden: str, known: Mapping[int, str] | None = None) -> None:
        super().__init__(known or {})
        self.hidden = hidden

    def __missing__(self, point: int) -> str:
        self[point] = self._plain(chr(point))
        return self[point]

    def _plain(self, char: str) -> str:
        digit = unicodedata.digit(char, None)
        if digit is not None:
            note = unicodedata.category(char) == "No"  # a superscript: a digit, or the mark of a footnote
            return self.hidden if note and self.hidden else str(digit)
        if char in _FILLERS:
            return self.hidden
        return "".join(self._sign(part) for part in unicodedata.normalize("NFKD", char))

    def _sign(self, char: str) -> str:
        category = unicodedata.category(char)
        if char in "\n\r\v\f\x85" or category in ("Zl", "Zp"):
            return "\n"
        if char == "\t" or category == "Zs" or char == "\u2800":
            return " "
        if category == "Pd" or char in _DASHES:
            return "-"
        if category in _INVISIBLE:
            return self.hidden
        return "" if category in _MARKS else char


@cache
def _latin(hidden: str) -> Mapping[int, str]:
    """The characters of most texts, looked up once."""
    table = _Plain(hidden=hidden)
    return {point: table[point] for point in range(_END_OF_LATIN)}


def _plain(text: str, hidden: str) -> str:
    return text.translate(_Plain(hidden=hidden, known=_latin(hidden)))


def readings(text: str) -> tuple[str, ...]:
    """The text with what cannot be seen taken out; and, where that differs, with a space in its place.

    Both are needed: a zero-width space may hide inside a number or be all that parts two numbers.
    """
    closed, parted = _plain(text, ""), _plain(text, " ")
    return (closed,) if closed == parted else (closed, parted)
