"""`verify DIR`: is this pack whole, whoever made it, with no database and no secret key.

Invariants: a pack of a kind that this version does not know is not called whole; where the key came from, and what was
compared, is said every time.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.packs import case_files, case_proof, log_lines, log_proof
from bot.packs.checking import Found, NotWhole, look_over
from bot.packs.manifest import Manifest
from storage.checkpoint import PublicKey

Check = Callable[[Path, Manifest, PublicKey, str], Found]
KINDS: Mapping[str, Check] = {log_lines.KIND: log_proof.check, case_files.KIND: case_proof.check}


@dataclass(frozen=True, kw_only=True)
class PackVerdict:
    """`ok`, `size`, `root`, `first_bad`, `problem` as of `audit verify`; `first`, `last`, `compared`, `later` as of
    `Found`; `key`: whose seal it bears; `key_from`: "given", or "pack" when it came with the pack itself."""

    ok: bool
    size: int
    root: str
    first_bad: int | None
    problem: str
    kind: str
    first: int | None
    last: int | None
    key: str
    key_from: str
    compared: int
    later: int


def verdict(folder: Path, kept: str, given: PublicKey | None) -> PackVerdict:
    """What is found in `folder`, held against the checkpoints in `kept` and the key `given`, where there are any.
    OSError when the folder cannot be read."""
    kind, key, found = "", str(given or ""), Found()
    problem, position = "", None
    try:
        manifest, whose = look_over(folder, given)
        kind, key = manifest.kind, str(whose)
        if kind not in KINDS:
            raise NotWhole(f"This version of Sopwith knows no pack of the kind {kind!r}; a newer one may.")
        found = KINDS[kind](folder, manifest, whose, kept)
    except NotWhole as fault:
        problem, position = fault.problem, fault.position
    return PackVerdict(
        ok=not problem,
        problem=problem,
        first_bad=position,
        kind=kind,
        key=key,
        key_from="given" if given else "pack",
        **asdict(found),
    )
