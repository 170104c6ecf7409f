"""Checkpoints against published ones, against what the format says, and against somebody who edits the file."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import checkpoint
from storage.checkpoint import BadCheckpoint, Checkpoint

SEED, OTHER_SEED = b"\x07" * 32, b"\x08" * 32
ORIGIN = "sopwith.example/audit"
ROOT = hashlib.sha256(b"a root").digest()
KEY = checkpoint.public_key(SEED, ORIGIN)
SIGNED = checkpoint.sign(SEED, ORIGIN, 42, ROOT)

# Published: the test key and note of golang.org/x/mod/sumdb/note.
NEUMANN_SEED = base64.b64decode("gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=")
NEUMANN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

# Published: checkpoints of Sigstore's public log of 2025, one of them countersigned by a witness, and the log's key.
REKOR = "log2025-1.rekor.sigstore.dev"
REKOR_KEY = base64.b64decode("t8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=")
REKOR_CHECKPOINT = (
    f"{REKOR}\n34356369\ndA9mMr0smTXgo7nGsE01Zdc5KOOqTs2/zYfdSqxO+ks=\n\n"
    f"— {REKOR} zxGZFQZgTebN28s0D7vKP5gX8R+CsXCved700HCQAHgDHbdkaH3tfx7+DMPkccNhzsnSy7LijLzWMa+evZduylLs0wc=\n"
)
REKOR_WITNESSED = (
    f"{REKOR}\n139911860\nEliTHtnx44DhEBH+5qIXBtQsSpc54Avam7mIYEvxnTA=\n\n"
    f"— {REKOR} zxGZFcOra4Y7QpuiQen+CmnUvDZbxSXfBOXJzL+HKIeR9aC58QTfao58ABqkhVyBhQDseS+TZdDNpcnZhoRxkh7IbQ0=\n"
    "— witness.stagemole.eu "
    "Z/euoAAAAABqxF18wrJCADsJ1G5Lc2JaRjZqqBwjpNqH24yQse4iJ4rKS6b5MtvHP+IbKYXwaWuWokdGA+BubLFi+TrwK7xpKr6XBw==\n"
)


def signed_by_hand(text: str, seed: bytes = SEED, name: str = ORIGIN) -> str:
    """A note as C2SP signed-note describes it, with nothing of storage/checkpoint.py."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(name.encode() + b"\x0a\x01" + public).digest()[:4]
    return f"{text}\n— {name} {base64.b64encode(key_id + private.sign(text.encode())).decode()}\n"


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_the_published_signers_note_comes_out_byte_for_byte():
    assert checkpoint.sign_note(NEUMANN_SEED, "PeterNeumann", NEUMANN_TEXT) == f"{NEUMANN_TEXT}\n{NEUMANN_SIGNATURE}"


@pytest.mark.parametrize(
    ("text", "size", "root"),
    [
        (REKOR_CHECKPOINT, 34356369, "dA9mMr0smTXgo7nGsE01Zdc5KOOqTs2/zYfdSqxO+ks="),
        (REKOR_WITNESSED, 139911860, "EliTHtnx44DhEBH+5qIXBtQsSpc54Avam7mIYEvxnTA="),
    ],
)
def test_checkpoints_of_a_public_log_are_read_with_or_without_a_witness(text, size, root):
    key = checkpoint.PublicKey(name=REKOR, key=REKOR_KEY)
    assert key.id.hex() == "cf119915"
    assert checkpoint.read(text, key) == Checkpoint(origin=REKOR, size=size, root=base64.b64decode(root))


def test_a_checkpoint_is_three_lines_a_blank_one_and_a_signature():
    assert signed_by_hand(f"{ORIGIN}\n42\n{base64_of(ROOT)}\n") == SIGNED
    assert checkpoint.read(SIGNED, KEY) == Checkpoint(origin=ORIGIN, size=42, root=ROOT)


@settings(deadline=None)
@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_what_one_seed_signs_its_own_key_reads_and_another_does_not(size, root, seed):
    text = checkpoint.sign(seed, ORIGIN, size, root)
    assert checkpoint.read(text, checkpoint.public_key(seed, ORIGIN)) == Checkpoint(origin=ORIGIN, size=size, root=root)
    with pytest.raises(BadCheckpoint, match="not signed by"):
        checkpoint.read(text, KEY)


def test_any_character_changed_left_out_or_doubled_makes_it_invalid():
    for at, character in enumerate(SIGNED):
        for instead in ("", character * 2, "A", "B", "0", "\n", " "):
            changed = SIGNED[:at] + instead + SIGNED[at + 1 :]
            if changed == SIGNED:
                continue
            with pytest.raises(BadCheckpoint):
                checkpoint.read(changed, KEY)


def test_a_checkpoint_cut_short_anywhere_or_followed_by_anything_is_refused():
    for end in range(len(SIGNED)):
        with pytest.raises(BadCheckpoint):
            checkpoint.read(SIGNED[:end], KEY)
    for more in ("\n", "x", "x\n", SIGNED):
        with pytest.raises(BadCheckpoint):
            checkpoint.read(SIGNED + more, KEY)


BODY = f"{ORIGIN}\n42\n{base64_of(ROOT)}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cut short"),
        (SIGNED[:-1], "cut short"),
        (SIGNED.replace("\n", "\r\n"), "control characters"),
        (SIGNED.replace("42", "4\t2"), "control characters"),
        (SIGNED.replace("42", "4\udc002"), "control characters"),
        (BODY, "no blank line"),
        (BODY + "\n", "no blank line"),
        (BODY + "\n\n", "malformed"),
        (SIGNED.replace("— ", "- "), "malformed"),
        (SIGNED.replace("— ", "—  "), "malformed"),
        (f"{BODY}\n— {ORIGIN} {base64_of(KEY.id)}\n", "malformed"),
        (f"{BODY}\n— {ORIGIN} !!!!\n", "malformed"),
        (SIGNED.replace("42", "43"), "does not hold"),
        (f"{BODY}\n— {ORIGIN} {base64_of(KEY.id + bytes(64))}\n", "does not hold"),
        (f"{BODY}\n— {ORIGIN} {base64_of(KEY.id + bytes(3))}\n", "does not hold"),
        (signed_by_hand(BODY, OTHER_SEED), "not signed by"),
        (signed_by_hand(BODY, SEED, "somebody.else"), "not signed by"),
        (signed_by_hand(f"other.example/log\n42\n{base64_of(ROOT)}\n"), "another log, 'other.example/log'"),
        (signed_by_hand(f"\n{BODY}"), "another log, ''"),
        (signed_by_hand(""), "fewer than three lines|no blank line"),
        (signed_by_hand(f"{ORIGIN}\n42\n"), "fewer than three lines"),
        (signed_by_hand(f"{ORIGIN}\n042\n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n-1\n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n+1\n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n٤٢\n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n42 \n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n{'9' * 5000}\n{base64_of(ROOT)}\n"), "not a size"),
        (signed_by_hand(f"{ORIGIN}\n42\n{base64_of(ROOT[:-1])}\n"), "not a root"),
        (signed_by_hand(f"{ORIGIN}\n42\n{base64_of(ROOT)}=\n"), "not a root"),
        (signed_by_hand(f"{ORIGIN}\n42\n{ROOT.hex()}\n"), "not a root"),
    ],
)
def test_every_refusal_says_why(text, reason):
    with pytest.raises(BadCheckpoint, match=reason) as caught:
        checkpoint.read(text, KEY)
    assert (caught.value.line, str(caught.value)) == (None, caught.value.reason)
    assert caught.value.__context__ is None


def test_base64_has_one_spelling_so_a_checkpoint_has_one_text():
    spare = SIGNED.rstrip("=\n")[-1]  # 68 bytes leave two spare bits in the last character
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    respelt = SIGNED[: -len(f"{spare}=\n")] + alphabet[alphabet.index(spare) + 1] + "=\n"
    assert base64.b64decode(respelt.split()[-1]) == base64.b64decode(SIGNED.split()[-1])
    with pytest.raises(BadCheckpoint, match="malformed"):
        checkpoint.read(respelt, KEY)


def test_other_keys_signatures_are_passed_over_in_any_place():
    ours = SIGNED.split("\n")[-2]
    theirs = signed_by_hand(BODY, OTHER_SEED).split("\n")[-2]
    for signatures in ([theirs, ours], [ours, theirs], [theirs, ours, theirs], [ours, ours]):
        assert checkpoint.read(BODY + "\n" + "\n".join(signatures) + "\n", KEY).size == 42


def test_one_false_signature_of_our_key_spoils_a_good_one():
    ours, false = SIGNED.split("\n")[-2], checkpoint.sign(SEED, ORIGIN, 43, ROOT).split("\n")[-2]
    for signatures in (f"{ours}\n{false}\n", f"{false}\n{ours}\n"):
        with pytest.raises(BadCheckpoint, match="does not hold"):
            checkpoint.read(f"{BODY}\n{signatures}", KEY)


def test_sixteen_signatures_must_be_taken_and_a_heap_of_them_must_not():
    ours, theirs = SIGNED.split("\n")[-2], signed_by_hand(BODY, OTHER_SEED).split("\n")[-2]
    for others in (15, 31):
        assert checkpoint.read(BODY + "\n" + f"{theirs}\n" * others + f"{ours}\n", KEY).size == 42
    with pytest.raises(BadCheckpoint, match="more than"):
        checkpoint.read(BODY + "\n" + f"{theirs}\n" * 32 + f"{ours}\n", KEY)


def test_signed_extension_lines_are_read_over():
    assert checkpoint.read(signed_by_hand(f"{BODY}extension\n"), KEY) == checkpoint.read(SIGNED, KEY)


@pytest.mark.parametrize(
    "origin", ["", "two words", "a+b", "a\nb", "a\tb", "a\u2003b", "a\u2028b", "a\u200bb", "\ud800"]
)
def test_a_name_that_cannot_stand_in_a_note_is_not_signed(origin):
    with pytest.raises(ValueError, match="a log's name"):
        checkpoint.sign(SEED, origin, 1, ROOT)


@pytest.mark.parametrize(("size", "root"), [(-1, ROOT), (10**19, ROOT), (1, ROOT[:-1]), (1, ROOT + b"\x00"), (0, b"")])
def test_an_impossible_size_or_root_is_not_signed(size, root):
    with pytest.raises(ValueError, match="a size from 0 and a root of 32 bytes"):
        checkpoint.sign(SEED, ORIGIN, size, root)


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        checkpoint.sign(SEED[:-1], ORIGIN, 1, ROOT)


# A file of many: each takes five lines, so they begin at lines 1, 6 and 11.
MANY = [checkpoint.sign(SEED, ORIGIN, size, ROOT) for size in (1, 2, 3)]


def test_a_file_is_read_checkpoint_by_checkpoint_with_its_lines():
    found = list(checkpoint.parse_many("".join(MANY), KEY))
    assert [(line, each.size) for line, each in found] == [(1, 1), (6, 2), (11, 3)]
    assert list(checkpoint.parse_many("", KEY)) == []


def test_blank_lines_between_checkpoints_are_passed_over():
    found = list(checkpoint.parse_many("\n" + "\n\n".join(MANY) + "\n\n", KEY))
    assert [(line, each.size) for line, each in found] == [(2, 1), (9, 2), (16, 3)]


def test_a_witness_in_the_middle_of_a_file_belongs_to_the_checkpoint_above_it():
    witness = signed_by_hand(BODY, OTHER_SEED).split("\n")[-2] + "\n"
    found = list(checkpoint.parse_many(MANY[0] + witness + MANY[1], KEY))
    assert [(line, each.size) for line, each in found] == [(1, 1), (7, 2)]


@pytest.mark.parametrize(
    ("text", "good", "line", "reason"),
    [
        (MANY[0] + MANY[1].replace("\n2\n", "\n9\n") + MANY[2], 1, 6, "does not hold"),
        (MANY[0] + "a note in the margin\n" + MANY[1], 1, 6, "another log|does not hold"),
        (MANY[0] + MANY[1][:-1], 1, 6, "cut short"),
        (MANY[0] + MANY[1][:-9] + MANY[2], 1, 6, "malformed|does not hold"),
        (MANY[0] + MANY[1].split("\n\n")[0] + "\n", 1, 6, "no blank line|cut short"),
        (MANY[0] + MANY[1].split("\n\n")[0], 1, 6, "cut short"),
        ("".join(MANY).replace("\n", "\r\n"), 0, 1, "control characters|cut short"),
        ("".join(MANY[:2]) + "\n\nrubbish", 2, 13, "cut short"),
        ("— a signature of nothing\n" + MANY[0], 0, 1, "."),
    ],
)
def test_the_first_bad_checkpoint_of_a_file_is_named_by_its_line_after_the_good_ones(text, good, line, reason):
    found = []
    with pytest.raises(BadCheckpoint, match=reason) as caught:
        for each in checkpoint.parse_many(text, KEY):
            found.append(each)
    assert len(found) == good
    assert caught.value.line == line
    assert str(caught.value).startswith(f"line {line}: ")


def test_neither_the_seed_nor_anything_like_it_shows_in_what_is_signed_or_printed():
    shown = SIGNED + str(KEY) + repr(KEY) + repr(checkpoint.read(SIGNED, KEY))
    assert not any(form in shown for form in (SEED.hex(), base64_of(SEED), repr(SEED)[2:-1]))
