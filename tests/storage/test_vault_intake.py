"""The intake of breach reports: anybody may write, one key reads, and a report stays in its row."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import intake
from storage.vault import BadKey, Keyring, Unopenable, WrappedKey, WrongKey

FIRM, OTHER = (hashlib.sha256(name).digest() for name in (b"firm", b"other"))
SECRET = "Ms Ellery asked to sell all of it before Friday"

any_text = st.text(alphabet=st.characters())  # half surrogate pairs included, unlike st.text() alone


def ring() -> Keyring:
    return Keyring({"FK-1": FIRM, "FK-2": OTHER}, current="FK-1")


def described(*parts: str) -> bytes:
    """A place as the page describes it: each part in UTF-8 behind four bytes of its length."""
    return b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)


def spoilt(sealed: bytes) -> list[bytes]:
    """Every single bit turned, every shorter piece, a byte more, and two bytes exchanged."""
    turned = [
        bytes([*sealed[:at], sealed[at] ^ (1 << bit), *sealed[at + 1 :]])
        for at in range(len(sealed))
        for bit in range(8)
    ]
    return [*turned, *(sealed[:end] for end in range(len(sealed))), sealed + b"\x00", b"\x00" + sealed]


def test_a_report_is_sealed_with_the_public_half_alone_and_opened_with_the_private_half():
    public, private = intake.new_intake_keypair()
    assert intake.open_intake(private, "BR-1", intake.seal_intake(public, "BR-1", SECRET)) == SECRET


@settings(deadline=None)
@given(any_text)
@example("half a pair \ud83d")
def test_any_text_can_be_reported(text):
    public, private = intake.new_intake_keypair()
    assert intake.open_intake(private, "BR-1", intake.seal_intake(public, "BR-1", text)) == text


def test_a_report_moved_to_another_row_or_opened_with_another_key_does_not_open():
    public, private = intake.new_intake_keypair()
    sealed = intake.seal_intake(public, "BR-1", SECRET)
    with pytest.raises(Unopenable):
        intake.open_intake(private, "BR-2", sealed)
    with pytest.raises(Unopenable):
        intake.open_intake(intake.new_intake_keypair()[1], "BR-1", sealed)


def test_a_report_that_was_changed_or_cut_anywhere_does_not_open():
    public, private = intake.new_intake_keypair()
    for sealed in spoilt(intake.seal_intake(public, "BR-1", SECRET)):
        with pytest.raises(Unopenable):
            intake.open_intake(private, "BR-1", sealed)


def test_a_sealed_report_is_a_format_byte_and_hpke_bound_to_its_row():
    public, private = intake.new_intake_keypair()
    sealed = intake.seal_intake(public, "BR-1", SECRET)
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    place = described("sopwith.intake", "1", "BR-1")
    opened = suite.decrypt(sealed[1:], X25519PrivateKey.from_private_bytes(private), place)
    assert sealed[0] == 1
    assert opened == SECRET.encode() + b"\x80" + bytes(64 - 1 - len(SECRET))


@pytest.mark.parametrize("public", [b"", b"\x07" * 31, b"\x07" * 33, bytes(32)])
def test_a_public_half_that_is_none_is_refused_before_anybody_trusts_it(public):
    with pytest.raises(BadKey, match="public key") as caught:
        intake.seal_intake(public, "BR-1", SECRET)
    assert caught.value.__context__ is None


def test_the_private_half_is_kept_under_the_firm_key_and_bound_to_its_public_half():
    public, private = intake.new_intake_keypair()
    wrapped = ring().wrap_private(private)
    assert ring().unwrap_private(public, wrapped) == private
    with pytest.raises(WrongKey):
        ring().unwrap_private(intake.new_intake_keypair()[0], wrapped)
    for changed in spoilt(wrapped.wrapped):
        with pytest.raises(WrongKey):
            ring().unwrap_private(public, WrappedKey(firm_key_id="FK-1", wrapped=changed))


def test_a_data_key_cannot_pass_for_an_intake_key_nor_the_other_way_round():
    public, private = intake.new_intake_keypair()
    with pytest.raises(WrongKey):
        ring().unwrap_private(public, ring().new_data_key(public.hex()))
    with pytest.raises(WrongKey):
        ring().open(public.hex(), ring().wrap_private(private))
