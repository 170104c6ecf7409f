"""The tree's proofs against forgers: what was proven holds for its own entry, place and trees, and for nothing else."""

from hashlib import sha256

import pytest

from storage import tree


def numbered(n: int) -> list[bytes]:
    return [f"entry {i}".encode() for i in range(n)]


def hashed(entries: list[bytes]) -> list[bytes]:
    return [tree.leaf_hash(entry) for entry in entries]


def bent(proof: tree.Proof) -> list[list[bytes]]:
    """The ways to spoil a proof: a bit turned, a step left out, repeated or added, two exchanged, a hash too long."""
    ways = [[*proof, sha256(b"more").digest()], [sha256(b"more").digest(), *proof]]
    for i, step in enumerate(proof):
        ways += [[*proof[:i], replaced, *proof[i + 1 :]] for replaced in (turned(step), step[:-1], step + b"\x00", b"")]
        ways += [[*proof[:i], *proof[i + 1 :]], [*proof[:i], step, *proof[i:]]]
        if i:
            ways.append([*proof[: i - 1], step, proof[i - 1], *proof[i + 1 :]])
    return ways


def turned(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


@pytest.mark.parametrize("size", range(1, 18))
def test_an_inclusion_proof_holds_for_its_own_leaf_and_place_and_nothing_else(size):
    entries = numbered(size)
    leaves = hashed(entries)
    root = tree.root_of(leaves)
    for index in range(size):
        proof = tree.inclusion_proof(leaves, index)
        assert tree.verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=root)
        for other in [-1, *(i for i in range(size + 2) if i != index)]:
            assert not tree.verify_inclusion(leaves[index], index=other, size=size, proof=proof, root=root)
        for leaf in (turned(leaves[index]), entries[index], b""):
            assert not tree.verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)
        for wrong in bent(proof):
            assert not tree.verify_inclusion(leaves[index], index=index, size=size, proof=wrong, root=root)
        assert not tree.verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=turned(root))
        assert not tree.verify_inclusion(leaves[index], index=index, size=0, proof=proof, root=root)


@pytest.mark.parametrize("size", range(2, 18))
def test_a_consistency_proof_holds_for_its_own_two_trees_and_nothing_else(size):
    leaves = hashed(numbered(size))
    new = tree.root_of(leaves)
    for first in range(1, size):
        old, proof = tree.root_of(leaves[:first]), tree.consistency_proof(leaves, first)
        claim = {"first": first, "first_root": old, "second": size, "second_root": new}
        assert tree.verify_consistency(**claim, proof=proof)
        assert not tree.verify_consistency(**{**claim, "first_root": turned(old)}, proof=proof)
        assert not tree.verify_consistency(**{**claim, "second_root": turned(new)}, proof=proof)
        assert not tree.verify_consistency(**{**claim, "first_root": new, "second_root": old}, proof=proof)
        assert not tree.verify_consistency(**{**claim, "first": size, "second": first}, proof=proof)
        assert not tree.verify_consistency(**{**claim, "first_root": b""}, proof=proof)
        assert not tree.verify_consistency(**{**claim, "first": -first}, proof=proof)
        for wrong in [*bent(proof), []]:
            assert not tree.verify_consistency(**claim, proof=wrong)


def test_a_log_in_which_one_old_entry_was_rewritten_is_consistent_with_no_checkpoint_behind_that_entry():
    entries = numbered(12)
    leaves, rewritten = hashed(entries), hashed([*entries[:4], b"something kinder", *entries[5:]])
    claim = {"second": 12, "second_root": tree.root_of(rewritten)}
    for first in range(1, 12):
        proof = tree.consistency_proof(rewritten, first)
        holds = tree.verify_consistency(first=first, first_root=tree.root_of(leaves[:first]), **claim, proof=proof)
        assert holds == (first <= 4)


def test_bytes_pushed_from_one_hash_into_its_neighbour_make_no_proof_though_they_hash_alike():
    left, right = hashed([b"a", b"b"])
    root = tree.root_of([left, right])
    longer, shorter = left + right[:1], right[1:]
    assert not tree.verify_inclusion(longer, index=0, size=2, proof=[shorter], root=root)
    assert not tree.verify_inclusion(shorter, index=1, size=2, proof=[longer], root=root)
    claim = {"first": 1, "second": 2, "second_root": root}
    assert tree.verify_consistency(**claim, first_root=left, proof=[right])
    assert not tree.verify_consistency(**claim, first_root=longer, proof=[shorter])


def test_a_proof_too_long_for_the_claimed_size_is_refused_though_it_leads_to_the_root():
    leaves = hashed(numbered(4))
    root, proof = tree.root_of(leaves), tree.inclusion_proof(leaves, 3)
    assert tree.verify_inclusion(leaves[3], index=3, size=4, proof=proof, root=root)
    assert not tree.verify_inclusion(leaves[3], index=1, size=2, proof=proof, root=root)
    assert not tree.verify_inclusion(leaves[3], index=0, size=1, proof=proof, root=root)


def test_a_consistency_proof_is_refused_for_sizes_other_than_its_own_though_it_leads_to_both_roots():
    leaves = hashed(numbered(8))
    roots = [tree.root_of(leaves[:size]) for size in range(9)]
    long, short = tree.consistency_proof(leaves, 7), tree.consistency_proof(leaves[:2], 1)
    seven_of_eight = {"first_root": roots[7], "second_root": roots[8], "proof": long}
    one_of_two = {"first_root": roots[1], "second_root": roots[2], "proof": short}
    assert tree.verify_consistency(first=7, second=8, **seven_of_eight)
    assert not tree.verify_consistency(first=3, second=4, **seven_of_eight)
    assert tree.verify_consistency(first=1, second=2, **one_of_two)
    assert not tree.verify_consistency(first=1, second=4, **one_of_two)


def test_an_inner_node_cannot_pass_for_an_entry():
    left, right = (tree.leaf_hash(entry) for entry in (b"a", b"b"))
    assert tree.leaf_hash(left + right) != tree.root_of([left, right])
    assert tree.leaf_hash(b"\x01" + left + right) != tree.root_of([left, right])
