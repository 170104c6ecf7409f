"""Keys under keys: the outside key over firm keys, firm keys over data keys, and nothing else that opens them."""

import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import vault
from storage.vault import BadKey, DataKey, Keyring, Root, Unopenable, WrappedKey, WrongKey

OUTSIDE, OTHER, FIRM, DATA = (hashlib.sha256(name).digest() for name in (b"outside", b"other", b"firm", b"data"))
SECRET = "Ms Ellery asked to sell all of it before Friday"
CELL = ("interactions", "summary", "IN-7K3Q9FTMWZ")


def ring() -> Keyring:
    return Keyring({"FK-1": FIRM, "FK-2": OTHER}, current="FK-1")


def spoilt(sealed: bytes) -> list[bytes]:
    """Every single bit turned, every shorter piece, a byte more, and two bytes exchanged."""
    turned = [
        bytes([*sealed[:at], sealed[at] ^ (1 << bit), *sealed[at + 1 :]])
        for at in range(len(sealed))
        for bit in range(8)
    ]
    return [*turned, *(sealed[:end] for end in range(len(sealed))), sealed + b"\x00", b"\x00" + sealed]


def test_a_data_key_opens_for_its_compartment_and_seals_what_it_opens_later():
    wrapped = ring().new_data_key("CP-1")
    assert wrapped.firm_key_id == "FK-1"
    sealed = ring().open("CP-1", wrapped).seal(*CELL, SECRET)
    assert ring().open("CP-1", wrapped).unseal(*CELL, sealed) == SECRET
    assert ring().open("CP-1", wrapped).compartment_id == "CP-1"


def test_every_compartment_has_a_key_of_its_own():
    first, second = ring().new_data_key("CP-1"), ring().new_data_key("CP-1")
    with pytest.raises(Unopenable):
        ring().open("CP-1", second).unseal(*CELL, ring().open("CP-1", first).seal(*CELL, SECRET))


def test_a_data_key_handed_to_another_compartment_does_not_open():
    with pytest.raises(WrongKey):
        ring().open("CP-2", ring().new_data_key("CP-1"))


def test_a_wrapped_data_key_that_was_changed_or_cut_does_not_open():
    wrapped = ring().new_data_key("CP-1")
    for changed in spoilt(wrapped.wrapped):
        with pytest.raises(WrongKey):
            ring().open("CP-1", WrappedKey(firm_key_id="FK-1", wrapped=changed))


def test_a_data_key_does_not_open_once_its_generation_is_gone():
    wrapped = ring().new_data_key("CP-1")
    with pytest.raises(WrongKey):
        Keyring({"FK-2": OTHER}, current="FK-2").open("CP-1", wrapped)


def test_a_data_key_said_to_be_of_another_generation_does_not_open_even_if_their_keys_are_equal():
    twins = Keyring({"FK-1": FIRM, "FK-3": FIRM}, current="FK-1")
    wrapped = twins.new_data_key("CP-1")
    with pytest.raises(WrongKey):
        twins.open("CP-1", WrappedKey(firm_key_id="FK-3", wrapped=wrapped.wrapped))


def test_a_rewrapped_data_key_is_the_same_key_and_needs_the_old_generation_no_more():
    old = ring().new_data_key("CP-1")
    sealed = ring().open("CP-1", old).seal(*CELL, SECRET)
    new = Keyring({"FK-1": FIRM, "FK-2": OTHER}, current="FK-2").rewrap("CP-1", old)
    assert new.firm_key_id == "FK-2"
    assert Keyring({"FK-2": OTHER}, current="FK-2").open("CP-1", new).unseal(*CELL, sealed) == SECRET
    with pytest.raises(WrongKey):
        ring().rewrap("CP-2", old)


def test_a_keyring_without_its_current_generation_is_refused():
    with pytest.raises(BadKey, match="FK-9"):
        Keyring({"FK-1": FIRM}, current="FK-9")


@pytest.mark.parametrize("poor", [b"", FIRM[:16], FIRM[:24], FIRM + b"\x01", bytes(32)])
def test_a_key_that_is_short_long_or_zero_is_refused_wherever_it_is_put_to_work(poor):
    works = [
        lambda: Keyring({"FK-1": poor}, current="FK-1"),
        lambda: Root(poor),
        lambda: Root(OUTSIDE, poor),
        lambda: DataKey("CP-1", poor),
        lambda: vault.wrap_firm_key(Root(OUTSIDE), "FK-1", poor),
    ]
    for work in works:
        with pytest.raises(BadKey, match="32 bytes"):
            work()


def test_a_firm_key_opens_with_the_outside_key_that_wrapped_it_and_no_other():
    firm = vault.new_firm_key()
    wrapped = vault.wrap_firm_key(Root(OUTSIDE), "FK-1", firm)
    assert len(firm) == 32
    assert firm != vault.new_firm_key()
    assert vault.unwrap_firm_key(Root(OUTSIDE), "FK-1", wrapped) == firm
    with pytest.raises(WrongKey, match="FK-1"):
        vault.unwrap_firm_key(Root(OTHER), "FK-1", wrapped)


def test_a_firm_key_is_bound_to_its_id_by_the_documented_words():
    wrapped = vault.wrap_firm_key(Root(OUTSIDE), "FK-1", FIRM)
    assert AESGCM(OUTSIDE).decrypt(wrapped[1:13], wrapped[13:], b"sopwith.firm-key|1|FK-1") == FIRM
    with pytest.raises(WrongKey):
        vault.unwrap_firm_key(Root(OUTSIDE), "FK-2", wrapped)


def test_a_wrapped_firm_key_that_was_changed_or_cut_does_not_open():
    for changed in spoilt(vault.wrap_firm_key(Root(OUTSIDE), "FK-1", FIRM)):
        with pytest.raises(WrongKey):
            vault.unwrap_firm_key(Root(OUTSIDE, OTHER), "FK-1", changed)


def test_while_keys_are_rotated_the_old_one_opens_and_only_the_current_one_wraps():
    stored = vault.wrap_firm_key(Root(OTHER), "FK-1", FIRM)
    both = Root(OUTSIDE, OTHER)
    for _ in range(2):  # interrupted and run again
        stored = vault.wrap_firm_key(both, "FK-1", vault.unwrap_firm_key(both, "FK-1", stored))
        assert vault.unwrap_firm_key(Root(OUTSIDE), "FK-1", stored) == FIRM
        with pytest.raises(WrongKey):
            vault.unwrap_firm_key(Root(OTHER), "FK-1", stored)


def test_a_keys_name_is_always_the_same_and_another_for_another_key():
    assert Root(OUTSIDE, OTHER).names == (vault.key_name(OUTSIDE), vault.key_name(OTHER))
    assert len({vault.key_name(key) for key in (OUTSIDE, OTHER, FIRM, DATA)}) == 4
    assert vault.key_name(OUTSIDE) not in OUTSIDE.hex()


def test_of_two_outside_keys_the_one_that_opens_a_firm_key_is_named():
    stored = vault.wrap_firm_key(Root(OTHER), "FK-1", FIRM)
    assert vault.wrapped_by(Root(OUTSIDE, OTHER), "FK-1", stored) == vault.key_name(OTHER)
    with pytest.raises(WrongKey):
        vault.wrapped_by(Root(OUTSIDE), "FK-1", stored)
