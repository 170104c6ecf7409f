"""Verifier keys: the line of text with which an auditor checks our checkpoints."""

import base64
import hashlib

import pytest

from storage import checkpoint
from storage.checkpoint import BadPublicKey

# Published: the test key of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = base64.b64decode("gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=")


def test_the_published_signers_verifier_key_comes_out_byte_for_byte_and_is_read_back():
    key = checkpoint.public_key(NEUMANN_SEED, "PeterNeumann")
    assert checkpoint.public_key_line(key) == str(key) == NEUMANN
    assert checkpoint.parse_public_key(f" {NEUMANN}\r\n") == key


def test_any_part_of_a_verifier_key_and_any_changed_character_is_refused():
    for start in range(len(NEUMANN) + 1):
        for end in range(start, len(NEUMANN) + 1):
            if (start, end) != (0, len(NEUMANN)):
                with pytest.raises(BadPublicKey):
                    checkpoint.parse_public_key(NEUMANN[start:end])
    for at, character in enumerate(NEUMANN):
        with pytest.raises(BadPublicKey):
            checkpoint.parse_public_key(NEUMANN[:at] + chr(ord(character) + 1) + NEUMANN[at + 1 :])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "reads name"),
        ("name+00000000", "reads name"),
        ("two words+00000000+AAAA", "reads name"),
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", "reads name"),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not an Ed25519"),
        (NEUMANN[:-4], "not an Ed25519"),
        (NEUMANN.replace("c74f20a3", "c74f20a4"), "does not fit"),
        (NEUMANN.replace("c74f20a3", "C74F20A3"), "does not fit"),
        (NEUMANN.replace("Peter", "Paul"), "does not fit"),
    ],
)
def test_a_verifier_key_that_is_none_is_refused_with_the_reason(line, reason):
    with pytest.raises(BadPublicKey, match=reason):
        checkpoint.parse_public_key(line)


def test_a_verifier_key_whose_base64_holds_plus_signs_is_read_back():
    keys = [checkpoint.public_key(hashlib.sha256(bytes([n])).digest(), "sopwith.example/audit") for n in range(40)]
    assert any("+" in str(key).split("+", 2)[2] for key in keys)
    assert [checkpoint.parse_public_key(str(key)) for key in keys] == keys
