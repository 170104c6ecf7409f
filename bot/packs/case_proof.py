"""Checking the evidence of a breach: the inner seal, every proof against the signed checkpoint, and an auditor's
checkpoint of the same size.

Invariants: nothing but the folder and the public key is needed; an entry whose path does not lead to the signed root is
named by its position.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.packs import case_files
from bot.packs.case_files import CASE, CHECKPOINT, CONTENTS, CONTENTS_SEAL, INNER, LEAVES, PAGE, PROOFS, README, Proved
from bot.packs.checking import Found, NotWhole, plain_file
from bot.packs.log_lines import leaves_in
from bot.packs.log_proof import BATCH, own_checkpoint, their_checkpoints
from bot.packs.manifest import PUBLIC_KEY, Manifest
from storage import tree
from storage.checkpoint import Checkpoint, PublicKey
from storage.pack_seal import BadSeal, holds

FILES = {*INNER, CONTENTS, CONTENTS_SEAL, LEAVES, PAGE, README, PUBLIC_KEY}


def check(folder: Path, manifest: Manifest, key: PublicKey, kept: str) -> Found:
    """The case in a pack whose files are those of its manifest. `kept`: the auditor's checkpoints, or nothing."""
    if set(manifest.files) != FILES:
        raise NotWhole("These are not the files of a case.")
    texts = {name: _text(folder, name) for name in (CASE, PROOFS, CONTENTS, CONTENTS_SEAL, CHECKPOINT)}
    try:
        holds(texts[CONTENTS_SEAL], texts[CONTENTS].encode(), key)
    except BadSeal as bad:
        raise NotWhole(f"The seal of the contents does not hold: {bad}.") from None
    if texts[CONTENTS] != case_files.contents(texts):
        raise NotWhole("The contents are not those that were sealed.")
    own = own_checkpoint(folder, key)
    if (own.size, own.root.hex()) != (manifest.about.get("size"), manifest.about.get("root")):
        raise NotWhole("The manifest and the signed checkpoint speak of two different logs.")
    proofs = _proved(texts[PROOFS], own)
    marks = their_checkpoints(kept, key)
    if marks.get(own.size, own.root) != own.root:
        raise NotWhole(f"The pack's checkpoint of size {own.size} and yours differ. Both are signed.")
    _grown(folder, marks, own)
    first, last = (proofs[0].position, proofs[-1].position) if proofs else (None, None)
    later = sum(size > own.size for size in marks)
    compared = len(marks) - later
    return Found(size=own.size, root=own.root.hex(), first=first, last=last, compared=compared, later=later)


def _grown(folder: Path, marks: Mapping[int, bytes], own: Checkpoint) -> None:
    """All leaves of the log, held against each signed size among them."""
    frontier, sizes = tree.EMPTY, {**marks, own.size: own.root}
    with plain_file(folder, LEAVES) as lines:
        try:
            for some in leaves_in(lines, BATCH):
                for leaf in some:
                    frontier = tree.append(frontier, leaf)
                    if frontier.size in sizes and sizes[frontier.size] != tree.root(frontier):
                        raise NotWhole(f"Entries 1 to {frontier.size} are not those that a signed checkpoint saw.", 1)
        except ValueError:
            raise NotWhole(f"{LEAVES} holds something that is no leaf hash.") from None
    if frontier.size != own.size:
        raise NotWhole(f"{LEAVES} has {frontier.size} leaves, the signed checkpoint {own.size}.")


def _proved(text: str, own: Checkpoint) -> list[Proved]:
    try:
        proofs = case_files.proofs_in(text)
    except ValueError:
        raise NotWhole(f"{PROOFS} cannot be read.") from None
    for one in proofs:
        leaf, index = tree.leaf_hash(one.entry.encode()), one.position - 1
        if not tree.verify_inclusion(leaf, index=index, size=own.size, proof=one.path, root=own.root):
            raise NotWhole(f"Entry {one.position} is not what was written there.", one.position)
    return proofs


def _text(folder: Path, name: str) -> str:
    with plain_file(folder, name) as file:
        try:
            return file.read().decode()
        except UnicodeDecodeError:
            raise NotWhole(f"{name} is not text.") from None
