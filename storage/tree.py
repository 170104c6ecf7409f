"""The RFC 6962 Merkle tree over SHA-256, as pure functions of leaf hashes (hardened as in RFC 9162, section 2.1).

Invariants: a leaf is hashed behind 0x00 and a node behind 0x01, so neither can pass for the other; a frontier holds one
hash per set bit of its size, largest subtree first; every hash is 32 bytes; a hostile proof gives False, not an error.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
SIZE_BYTES = 8
EMPTY_ROOT = sha256(b"").digest()

Proof = tuple[bytes, ...]


def _are_hashes(values: Iterable[bytes]) -> bool:
    return set(map(len, values)) <= {HASH_BYTES}


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """All that an appender has to keep of a tree: its size and the roots of its complete subtrees. `ValueError` when
    the two do not fit together."""

    size: int
    hashes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or not _are_hashes(self.hashes):
            raise ValueError("not the frontier of a tree")


EMPTY = Frontier(size=0, hashes=())


def leaf_hash(entry: bytes) -> bytes:
    """The leaf for the exact bytes of one entry."""
    return sha256(b"\x00" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def append(frontier: Frontier, *leaves: bytes) -> Frontier:
    """The frontier with these leaf hashes more. It is built row by row, which costs a hash for each pair and little
    else: in each row the subtree that stood there is joined, and what has no neighbour to its right stays."""
    if not _are_hashes(leaves):
        raise ValueError("not the frontier of a tree: a leaf is a hash")
    stack, row, size, alone = list(frontier.hashes), list(leaves), frontier.size, list[bytes]()
    while row:
        if size & 1:
            row.insert(0, stack.pop())
        if len(row) & 1:
            alone.append(row.pop())
        row = [_node(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        size >>= 1
    return Frontier(size=frontier.size + len(leaves), hashes=(*stack, *reversed(alone)))


def root(frontier: Frontier) -> bytes:
    """The root hash; that of a tree without leaves is SHA-256 of nothing."""
    if not frontier.hashes:
        return EMPTY_ROOT
    *larger, result = frontier.hashes
    for left in reversed(larger):
        result = _node(left, result)
    return result


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return root(append(EMPTY, *leaves))


def encode(frontier: Frontier) -> bytes:
    """Eight bytes of size, big-endian, then the hashes."""
    return frontier.size.to_bytes(SIZE_BYTES, "big") + b"".join(frontier.hashes)


def decode(encoded: bytes) -> Frontier:
    """What `encode` wrote; `ValueError` for anything else."""
    if len(encoded) < SIZE_BYTES:
        raise ValueError("not the frontier of a tree")
    starts = range(SIZE_BYTES, len(encoded), HASH_BYTES)
    hashes = tuple(encoded[start : start + HASH_BYTES] for start in starts)
    return Frontier(size=int.from_bytes(encoded[:SIZE_BYTES], "big"), hashes=hashes)


def _split(start: int, end: int) -> int:
    """Where RFC 6962 parts a range of two leaves or more: behind the largest power of two smaller than its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> Proof:
    """The audit path (RFC 6962, 2.1.1) of the leaf at `index`, which counts from 0; `IndexError` outside the tree."""
    start, end = 0, len(leaves)
    if not start <= index < end:
        raise IndexError("no such leaf")
    proof: list[bytes] = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[start:middle]))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(leaves: Sequence[bytes], first: int) -> Proof:
    """Proof (RFC 6962, 2.1.2) that the tree of the first `first` leaves is a prefix of this one; `IndexError` for a
    size this tree never had. From the empty tree there is nothing to prove."""
    start, end = 0, len(leaves)
    if not 0 <= first <= end:
        raise IndexError("no such size")
    proof: list[bytes] = []
    while first and first != end:
        middle = _split(start, end)
        if first <= middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[start:middle]))
            start = middle
    if start:  # else the verifier knows this one: it is the first root
        proof.append(root_of(leaves[start:end]))
    return tuple(reversed(proof))


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` stands at `index` (from 0) of the tree of `size` leaves with this root (RFC 9162, 2.1.3.2).
    Size and root must come from one signed checkpoint: a root alone does not commit to the size."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    here, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = _node(sibling, result)
            here, last = _up_to_right_child(here, last)
        else:
            result = _node(result, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    *, first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `first` leaves is a prefix of that of `second` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second or not _are_hashes((first_root, second_root, *proof)):
        return False
    if first == 0:
        return not proof and first_root == EMPTY_ROOT and (second > 0 or second_root == EMPTY_ROOT)
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    return bool(path) and _walk(first - 1, second - 1, path) == (first_root, second_root)


def _walk(here: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency path leads to, or None when it is too short or too long for the sizes."""
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = _node(sibling, old), _node(sibling, new)
            here, last = _up_to_right_child(here, last)
        else:
            new = _node(new, sibling)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None


def _up_to_right_child(here: int, last: int) -> tuple[int, int]:
    """Skip the levels where the right-most node has no sibling."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last
