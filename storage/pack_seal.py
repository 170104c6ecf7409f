"""The seal of a pack: the hash of its manifest in a C2SP signed note, by the key that signs the log's checkpoints.

Invariants: a seal cannot pass for a checkpoint, nor a checkpoint for a seal: its first line is no log's name and it has
two lines, where a checkpoint has three; nothing of it is believed before its signature holds.
"""

import re
from hashlib import sha256

from storage.checkpoint import BadCheckpoint, PublicKey, read_note, sign_note

_SEAL = re.compile(r"(\S+)/pack\n([0-9a-f]{64})\n")


class BadSeal(Exception):
    """This is not a seal of that manifest; the message says why."""


def seal(seed: bytes, name: str, manifest: bytes) -> str:
    """The seal as text, ending in a newline. `seed`: 32 bytes, Ed25519; `name`: the log's."""
    return sign_note(seed, name, f"{name}/pack\n{sha256(manifest).hexdigest()}\n")


def holds(text: str, manifest: bytes, key: PublicKey) -> None:
    """`BadSeal` unless `key` sealed these very bytes."""
    try:
        found = _SEAL.fullmatch(read_note(text, key))
    except BadCheckpoint as bad:
        raise BadSeal(bad.reason) from None
    if found is None or found[1] != key.name:
        raise BadSeal("it is no seal of a pack")
    if found[2] != sha256(manifest).hexdigest():
        raise BadSeal("it seals another manifest")
