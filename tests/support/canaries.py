"""Words that exist nowhere but in what a test typed, and the search for them in every disguise that bytes wear.

Invariants: a word is random, so nothing is found by chance; half of it is enough to be found; capitals do not matter.
"""

import base64
import hashlib
import random
import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

LENGTH = 16
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
HASHES = ("md5", "sha1", "sha256")
Pattern = tuple[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Canary:
    """`what` it was typed as; `readers` may be shown it: user ids, empty for nobody at all."""

    what: str
    word: str
    readers: frozenset[str]


def word(chance: random.Random) -> str:
    """Sixteen letters, the first one large."""
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(LENGTH)).capitalize()


def card_number(chance: random.Random) -> str:
    """Sixteen digits in fours that a card could bear (Luhn), different each time."""
    digits = [4, *(chance.randrange(10) for _ in range(14))]
    doubled = [d * 2 - 9 * (d > 4) if place % 2 == 0 else d for place, d in enumerate(digits)]
    whole = "".join(map(str, [*digits, -sum(doubled) % 10]))
    return " ".join(whole[at : at + 4] for at in range(0, 16, 4))


def found(haystack: bytes, canaries: Iterable[Canary], *, typed: Iterable[str] = ()) -> list[str]:
    """What was found and how it was dressed; also bare hashes of whole texts (`typed`), which would let somebody who
    guesses a name make sure of it."""
    low = haystack.lower()
    said = [f"{c.what} in {dress}" for c in canaries for dress, p in _small(c.word) if p in low]
    said += [f"{c.what} in {dress}" for c in canaries for dress, p in _exact(c.word) if p in haystack]
    return said + [f"{dress} of what was typed" for text in typed for dress, p in _hashes(text) if p in haystack]


def _spellings(text: str) -> set[str]:
    """Half of the word: whoever cuts it short has leaked it all the same. Numbers are whole, with and without gaps."""
    if text[0].isdigit():
        return {text, text.replace(" ", "")}
    half = text[: LENGTH // 2]
    return {half, half.lower(), half.upper()}


@cache
def _small(text: str) -> frozenset[Pattern]:
    """Patterns for a haystack in small letters."""
    plain = {(name, spelt.lower().encode(name)) for spelt in _spellings(text) for name in ENCODINGS}
    return frozenset(plain | {(f"hex of {n}", s.encode(n).hex().encode()) for s in _spellings(text) for n in ENCODINGS})


@cache
def _exact(text: str) -> frozenset[Pattern]:
    """Base64 in its three alignments, and as addresses spell it."""
    found = set[Pattern]()
    for spelt, name, shift in product(_spellings(text), ENCODINGS, range(3)):
        core = _core(spelt.encode(name), shift)
        found |= {(f"base64 of {name}", core), (f"base64 of {name}", core.translate(bytes.maketrans(b"+/", b"-_")))}
    return frozenset(found)


def _core(content: bytes, shift: int) -> bytes:
    """What is left of it when the ends that mix with their neighbours are cut off."""
    whole = base64.b64encode(bytes(shift) + content)
    return whole[4 if shift else 0 :].rstrip(b"=")[: -1 if whole.endswith(b"=") else None]


@cache
def _hashes(text: str) -> frozenset[Pattern]:
    made = [hashlib.new(kind, spelt.encode()) for kind in HASHES for spelt in (text, text.lower())]
    return frozenset((d.name, p) for d in made for p in (d.digest(), d.hexdigest().encode()))
