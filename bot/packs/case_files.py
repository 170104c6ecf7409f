"""How a breach lies in a pack: the case, its entries of the audit log with their proofs, and a seal for the browser.

Invariants: an entry's exact stored bytes stand in its proof as text; the inner seal names the files that the page in
the browser checks, which cannot name itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

KIND = "breach"
CASE, PROOFS, CHECKPOINT, CONTENTS, CONTENTS_SEAL = (
    "case.json",
    "proofs.json",
    "checkpoint.txt",
    "contents.json",
    "contents.sig",
)
PAGE, LEAVES, README = "evidence.html", "leaves.txt", "README.txt"
INNER = (CASE, PROOFS, CHECKPOINT)


@dataclass(frozen=True, kw_only=True)
class Proved:
    """An entry of the log: its position from 1, its text, and the audit path of its leaf (RFC 6962, 2.1.1)."""

    position: int
    entry: str
    path: tuple[bytes, ...]


def as_json(found: Any) -> str:
    """As it lies in the pack."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def proofs_text(proofs: Sequence[Proved]) -> str:
    """All proofs."""
    rows = [{"position": p.position, "entry": p.entry, "path": [hash.hex() for hash in p.path]} for p in proofs]
    return as_json(rows)


def proofs_in(text: str) -> list[Proved]:
    """What `proofs_text` wrote; ValueError for anything else."""
    try:
        return [
            Proved(
                position=int(row["position"]),
                entry=str(row["entry"]),
                path=tuple(bytes.fromhex(hash) for hash in row["path"]),
            )
            for row in json.loads(text)
        ]
    except (KeyError, TypeError, RecursionError) as wrong:
        raise ValueError("these are no proofs") from wrong


def contents(files: Mapping[str, str]) -> str:
    """The hashes of the inner files."""
    return as_json({name: sha256(files[name].encode()).hexdigest() for name in INNER})
