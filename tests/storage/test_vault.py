"""Sealed values against somebody who moves, changes, cuts and mixes what is stored."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import intake, vault
from storage.vault import DataKey, Unopenable

DATA, OTHER = (hashlib.sha256(name).digest() for name in (b"data", b"other"))
SECRET = "Ms Ellery asked to sell all of it before Friday"
CELL = ("interactions", "summary", "IN-7K3Q9FTMWZ")

any_text = st.text(alphabet=st.characters())  # half surrogate pairs included, unlike st.text() alone
tricky = st.text(alphabet="|\x00\x01\x02a1\\,\ud800é", max_size=6)


def key(compartment: str = "CP-1") -> DataKey:
    return DataKey(compartment, DATA)


def described(*parts: str) -> bytes:
    """A place as the page describes it: each part in UTF-8 behind four bytes of its length."""
    return b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)


def parts_of(place: bytes) -> list[str]:
    """The way back, which exists only when no two lists of parts give the same bytes."""
    parts = []
    while place:
        (length,) = struct.unpack(">I", place[:4])
        parts.append(place[4 : 4 + length].decode("utf-8", "surrogatepass"))
        place = place[4 + length :]
    return parts


def spoilt(sealed: bytes) -> list[bytes]:
    """Every single bit turned, every shorter piece, a byte more, and two bytes exchanged."""
    turned = [
        bytes([*sealed[:at], sealed[at] ^ (1 << bit), *sealed[at + 1 :]])
        for at in range(len(sealed))
        for bit in range(8)
    ]
    return [*turned, *(sealed[:end] for end in range(len(sealed))), sealed + b"\x00", b"\x00" + sealed]


@settings(deadline=None)
@given(any_text)
@example("")
@example("ends in zeros\x00\x00")
@example("ends like the padding\x80\x00")
@example("half a pair \ud83d")
@example("x" * 10_000)
def test_what_was_sealed_for_a_cell_opens_in_that_cell(text):
    assert key().unseal(*CELL, key().seal(*CELL, text)) == text


@pytest.mark.parametrize(
    ("compartment", "cell", "version"),
    [
        ("CP-1", ("interactions", "summary", "IN-OTHER"), 1),
        ("CP-1", ("interactions", "channel", "IN-7K3Q9FTMWZ"), 1),
        ("CP-1", ("clients", "summary", "IN-7K3Q9FTMWZ"), 1),
        ("CP-2", CELL, 1),
        ("CP-1", CELL, 2),
    ],
    ids=["row", "column", "table", "compartment", "key version"],
)
def test_a_value_moved_elsewhere_does_not_open_even_under_the_same_key(compartment, cell, version):
    with pytest.raises(Unopenable):
        key(compartment).unseal(*cell, key().seal(*CELL, SECRET), version)
    with pytest.raises(Unopenable):
        key().unseal(*CELL, key(compartment).seal(*cell, SECRET, version))


def test_a_value_does_not_open_under_another_key():
    with pytest.raises(Unopenable):
        DataKey("CP-1", OTHER).unseal(*CELL, key().seal(*CELL, SECRET))


def test_a_value_that_was_changed_or_cut_anywhere_does_not_open():
    for sealed in spoilt(key().seal(*CELL, SECRET)):
        with pytest.raises(Unopenable):
            key().unseal(*CELL, sealed)


def test_a_sealed_value_is_a_format_byte_a_nonce_and_aes_gcm_bound_to_six_named_parts():
    sealed = key().seal(*CELL, SECRET, 3)
    place = described("1", "CP-1", *CELL, "3")
    padded = SECRET.encode() + b"\x80" + bytes(64 - 1 - len(SECRET))
    assert (sealed[0], len(sealed)) == (1, 1 + 12 + 64 + 16)
    assert AESGCM(DATA).decrypt(sealed[1:13], sealed[13:], place) == padded


@settings(deadline=None, max_examples=300)
@given(st.lists(tricky, max_size=7))
def test_the_place_can_be_read_back_so_no_two_places_look_the_same(parts):
    assert parts_of(vault.bound_to(*parts)) == parts


@settings(deadline=None, max_examples=300)
@given(tricky, tricky, tricky, tricky, st.integers(0, 12))
def test_the_place_of_a_value_holds_all_six_parts_apart(compartment, table, column, row, version):
    place = DataKey(compartment, DATA)._place(table, column, row, version)
    assert parts_of(place) == ["1", compartment, table, column, row, str(version)]


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="|a1\x00", min_size=3, max_size=6), st.data())
def test_names_cut_at_another_letter_are_another_place(letters, data):
    cuts = [sorted(data.draw(st.lists(st.integers(0, len(letters)), min_size=2, max_size=2))) for _ in range(2)]
    here, there = ((letters[:a], letters[a:b], letters[b:]) for a, b in cuts)
    sealed = key().seal(*here, SECRET)
    if here == there:
        assert key().unseal(*there, sealed) == SECRET
    else:
        with pytest.raises(Unopenable):
            key().unseal(*there, sealed)


def test_no_nonce_is_used_twice_and_equal_texts_do_not_look_equal():
    sealed = [key().seal(*CELL, SECRET) for _ in range(2_000)]
    assert len({each[1:13] for each in sealed}) == len({each[13:] for each in sealed}) == 2_000


@pytest.mark.parametrize(("length", "blocks"), [(0, 1), (1, 1), (63, 1), (64, 2), (127, 2), (128, 3)])
def test_only_the_number_of_64_byte_blocks_shows_of_a_texts_length(length, blocks):
    public, _ = intake.new_intake_keypair()
    assert len(key().seal(*CELL, "x" * length)) == 1 + 12 + 64 * blocks + 16
    assert len(intake.seal_intake(public, "BR-1", "x" * length)) == 1 + 32 + 64 * blocks + 16


def test_an_older_version_put_back_into_its_cell_opens_but_has_another_fingerprint():
    older, newer = key().seal(*CELL, "older"), key().seal(*CELL, "newer")
    assert key().unseal(*CELL, older) == "older"
    assert vault.fingerprint(older) == hashlib.sha256(older).hexdigest() != vault.fingerprint(newer)
