"""The tree against the published vectors of RFC 6962 and against the RFC's own recursion."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import tree

# The reference tree of the Certificate Transparency test suites: eight entries and the root at each size from 0.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]

# Inner hashes of that tree, as published: LEAF4 is entry 4's, NODE45 stands above entries 4 and 5.
LEAF0, NODE01, NODE03 = ROOTS[1], ROOTS[2], ROOTS[4]
LEAF1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

INCLUSION = [  # index from 0, size, the published audit path
    (0, 1, []),
    (0, 8, [LEAF1, NODE23, NODE47]),
    (5, 8, [LEAF4, NODE67, NODE03]),
    (2, 3, [NODE01]),
    (1, 5, [LEAF0, NODE23, LEAF4]),
]
CONSISTENCY = [  # first size, second size, the published proof
    (1, 1, []),
    (1, 8, [LEAF1, NODE23, NODE47]),
    (6, 8, [NODE45, NODE67, NODE03]),
    (2, 5, [NODE23, LEAF4]),
]


# The RFC's definitions, word for word and slow, over whole entries: nothing here is shared with storage/tree.py.
def mth(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = rfc_split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def rfc_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def rfc_path(m: int, entries: list[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = rfc_split(len(entries))
    if m < k:
        return [*rfc_path(m, entries[:k]), mth(entries[k:])]
    return [*rfc_path(m - k, entries[k:]), mth(entries[:k])]


def rfc_subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    if m == len(entries):
        return [] if whole else [mth(entries)]
    k = rfc_split(len(entries))
    if m <= k:
        return [*rfc_subproof(m, entries[:k], whole), mth(entries[k:])]
    return [*rfc_subproof(m - k, entries[k:], False), mth(entries[:k])]


def grown(leaves: list[bytes]) -> tree.Frontier:
    frontier = tree.EMPTY
    for leaf in leaves:
        frontier = tree.append(frontier, leaf)
    return frontier


def numbered(n: int) -> list[bytes]:
    return [f"entry {i}".encode() for i in range(n)]


@pytest.mark.parametrize("size", range(9))
def test_the_reference_tree_has_the_published_root_at_every_size(size):
    assert tree.root(grown(LEAVES[:size])).hex() == ROOTS[size]
    assert tree.root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones_and_verify(index, size, path):
    proof = tree.inclusion_proof(LEAVES[:size], index)
    assert [step.hex() for step in proof] == path
    assert tree.verify_inclusion(LEAVES[index], index=index, size=size, proof=proof, root=bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones_and_verify(first, second, path):
    proof = tree.consistency_proof(LEAVES[:second], first)
    roots = {"first_root": bytes.fromhex(ROOTS[first]), "second_root": bytes.fromhex(ROOTS[second])}
    assert [step.hex() for step in proof] == path
    assert tree.verify_consistency(first=first, second=second, proof=proof, **roots)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=40), max_size=70), st.data())
def test_roots_and_proofs_are_those_of_the_rfcs_recursion(entries, data):
    leaves = [tree.leaf_hash(entry) for entry in entries]
    assert tree.root(grown(leaves)) == tree.root_of(leaves) == mth(entries)
    if entries:
        index = data.draw(st.integers(0, len(entries) - 1))
        first = data.draw(st.integers(1, len(entries)))
        assert list(tree.inclusion_proof(leaves, index)) == rfc_path(index, entries)
        assert list(tree.consistency_proof(leaves, first)) == rfc_subproof(first, entries, True)


def test_every_proof_of_every_tree_up_to_33_leaves_verifies():
    entries = numbered(33)
    leaves = [tree.leaf_hash(entry) for entry in entries]
    roots = [mth(entries[:n]) for n in range(34)]
    for size in range(1, 34):
        for index in range(size):
            proof = rfc_path(index, entries[:size])
            assert tree.verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=roots[size])
        for first in range(size + 1):
            proof = rfc_subproof(first, entries[:size], True) if first else []
            assert tree.verify_consistency(
                first=first, first_root=roots[first], second=size, second_root=roots[size], proof=proof
            )


def test_trees_of_one_size_are_consistent_only_when_they_are_the_same_and_nothing_is_to_prove():
    root, other = mth(numbered(5)), mth(numbered(4))
    claim = {"first": 5, "second": 5, "first_root": root}
    assert tree.verify_consistency(**claim, second_root=root, proof=[])
    assert not tree.verify_consistency(**claim, second_root=other, proof=[])
    assert not tree.verify_consistency(**claim, second_root=root, proof=[root])


def test_every_tree_extends_the_empty_tree_if_that_was_really_empty():
    root = mth(numbered(5))
    claim = {"first": 0, "second": 5, "second_root": root}
    assert tree.consistency_proof([tree.leaf_hash(b"x")], 0) == ()
    assert tree.verify_consistency(**claim, first_root=tree.EMPTY_ROOT, proof=[])
    assert not tree.verify_consistency(**claim, first_root=root, proof=[])
    assert not tree.verify_consistency(**claim, first_root=tree.EMPTY_ROOT, proof=[root])
    nothing = {"first": 0, "first_root": tree.EMPTY_ROOT, "second": 0, "proof": []}
    assert tree.verify_consistency(**nothing, second_root=tree.EMPTY_ROOT)
    assert not tree.verify_consistency(**nothing, second_root=root)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=5), max_size=80), st.binary(max_size=5))
def test_a_frontier_that_was_stored_goes_on_as_if_it_had_not_been(entries, entry):
    leaves = [tree.leaf_hash(each) for each in entries]
    restored = tree.decode(tree.encode(grown(leaves)))
    assert restored == grown(leaves)
    assert restored.size == len(entries)
    assert tree.root(tree.append(restored, tree.leaf_hash(entry))) == mth([*entries, entry])


@given(st.lists(st.lists(st.binary(max_size=5), max_size=20), max_size=8))
def test_a_tree_is_the_same_however_many_leaves_come_at_once(pieces):
    leaves = [[tree.leaf_hash(entry) for entry in piece] for piece in pieces]
    frontier = tree.EMPTY
    for piece in leaves:
        frontier = tree.append(frontier, *piece)
    assert frontier == grown([leaf for piece in leaves for leaf in piece])
    assert tree.root(frontier) == mth([entry for piece in pieces for entry in piece])


def test_the_stored_frontier_is_eight_bytes_of_size_and_one_hash_for_each_bit_of_it():
    stored = tree.encode(grown(LEAVES[:6]))  # 6 = 4 + 2
    pair = sha256(b"\x01" + LEAVES[4] + LEAVES[5]).hexdigest()
    assert stored.hex() == "0000000000000006" + ROOTS[4] + pair


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\x00" * 7,
        (1).to_bytes(8, "big"),
        (0).to_bytes(8, "big") + LEAVES[0],
        (1).to_bytes(8, "big") + LEAVES[0][:-1],
        (1).to_bytes(8, "big") + LEAVES[0] + b"\x00",
        (3).to_bytes(8, "big") + LEAVES[0],
        (3).to_bytes(8, "big") + LEAVES[0] + LEAVES[1] + LEAVES[2],
    ],
)
def test_bytes_that_are_no_frontier_are_refused(stored):
    with pytest.raises(ValueError, match="not the frontier"):
        tree.decode(stored)


def test_a_leaf_that_is_no_hash_and_a_negative_size_are_refused():
    with pytest.raises(ValueError, match="not the frontier"):
        tree.append(tree.EMPTY, b"an entry, not its hash")
    with pytest.raises(ValueError, match="not the frontier"):
        tree.append(tree.EMPTY, LEAVES[0], b"an entry that would vanish in a node")
    with pytest.raises(ValueError, match="not the frontier"):
        tree.Frontier(size=-1, hashes=(LEAVES[0],))


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index):
    with pytest.raises(IndexError):
        tree.inclusion_proof(LEAVES[:3], index)


@pytest.mark.parametrize("first", [-1, 4])
def test_there_is_no_proof_from_a_size_the_tree_never_had(first):
    with pytest.raises(IndexError):
        tree.consistency_proof(LEAVES[:3], first)
