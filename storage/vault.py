"""The vault: values sealed where they belong, opened only there, under keys that nobody sees. Bytes in, bytes out.

Invariants:
- The outside key wraps firm keys; a firm key wraps data and intake keys; a data key seals one compartment's values.
- Every ciphertext is bound to its place (associated data of AES-256-GCM, info of HPKE): moved or changed it stays shut.
- Key bytes live on only inside the library's cipher objects, which show nothing and cannot be pickled. The objects here
  are plain classes for that reason: a dataclass would print its fields. Python cannot wipe memory: drop keys early.
- Failures say that something did not open, never what; they carry no cause, because a cause may carry content.
- Of a text's length only the number of 64-byte blocks shows.
- Nonces are 96 random bits, so one key may seal 2**32 values (NIST SP 800-38D, 8.3): 1,000 a day for 11,000 years.
- An old version of a cell put back into the same cell does open. `fingerprint` in the audit entry is what tells.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
BLOCK = 64
FORMAT = b"\x01"
_NONCE_BYTES = 12
_HEAD = 1 + _NONCE_BYTES
Cell = tuple[str, str, bytes, str, bytes]  # compartment, firm key, wrapped data key, row, sealed


class BadKey(Exception):
    """This cannot be used as a key; the message says why and never contains it."""


class WrongKey(Exception):
    """The keys at hand do not open this wrapped key: it is another's, from elsewhere, destroyed, or changed."""


class Unopenable(Exception):
    """A sealed value does not open here: it was changed or moved, or it belongs to another key."""


def key_name(key: bytes) -> str:
    """Sixteen hex digits that name a random key and tell nothing of it: for sheets, rows and the doctor."""
    return hashlib.sha256(b"sopwith.key-name|1|" + key).hexdigest()[:16]


def new_firm_key() -> bytes:
    """A random 256-bit key for a new generation."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def fingerprint(sealed: bytes) -> str:
    """SHA-256 of a ciphertext, in hex, for the audit entry: it tells a restored old version and reveals nothing."""
    return hashlib.sha256(sealed).hexdigest()


class Root:
    """The outside key at work: `current` wraps and opens, `old` (while keys are rotated) only opens."""

    __slots__ = ("ciphers", "names")

    def __init__(self, current: bytes, old: bytes | None = None) -> None:
        keys = [key for key in (current, old) if key is not None]
        self.ciphers = tuple(map(_cipher, keys))
        self.names = tuple(map(key_name, keys))


def wrap_firm_key(root: Root, firm_key_id: str, key: bytes) -> bytes:
    """A firm key, ready to be stored under its id. To rotate the outside key: unwrap, wrap, store; safe to repeat."""
    _cipher(key)  # refuse now what could not be used later
    return _lock(root.ciphers[0], key, _firm_key_place(firm_key_id))


def unwrap_firm_key(root: Root, firm_key_id: str, wrapped: bytes) -> bytes:
    """The firm key stored under this id; `WrongKey` when neither outside key opens it."""
    return _unwrapped(root, firm_key_id, wrapped)[1]


def wrapped_by(root: Root, firm_key_id: str, wrapped: bytes) -> str:
    """The name of the outside key that opens this firm key; `WrongKey` when neither does."""
    return _unwrapped(root, firm_key_id, wrapped)[0]


def _unwrapped(root: Root, firm_key_id: str, wrapped: bytes) -> tuple[str, bytes]:
    for name, cipher in zip(root.names, root.ciphers, strict=True):
        if key := _unlock(cipher, wrapped, _firm_key_place(firm_key_id)):
            return name, key
    raise WrongKey(f"The outside key does not open firm key {firm_key_id}.")


def _firm_key_place(firm_key_id: str) -> bytes:
    return f"sopwith.firm-key|1|{firm_key_id}".encode()


@dataclass(frozen=True, kw_only=True)
class WrappedKey:
    """A key as it is stored, and the firm key that opens it."""

    firm_key_id: str
    wrapped: bytes


class DataKey:
    """The key of one compartment, for the length of one transaction."""

    __slots__ = ("_cipher", "compartment_id")

    def __init__(self, compartment_id: str, key: bytes) -> None:
        self.compartment_id = compartment_id
        self._cipher = _cipher(key)

    def seal(self, table: str, column: str, row_id: str, plaintext: str, key_version: int = 1) -> bytes:
        """The text, sealed for this cell alone. Where rows have versions, `row_id` names the version too."""
        return _lock(self._cipher, padded(plaintext), self._place(table, column, row_id, key_version))

    def unseal(self, table: str, column: str, row_id: str, sealed: bytes, key_version: int = 1) -> str:
        """The text sealed for this cell, or `Unopenable`."""
        content = _unlock(self._cipher, sealed, self._place(table, column, row_id, key_version))
        if content is None:
            raise Unopenable(f"{table}.{column} of {row_id} does not open.")
        return unpadded(content)

    def _place(self, table: str, column: str, row_id: str, key_version: int) -> bytes:
        return bound_to(str(FORMAT[0]), self.compartment_id, table, column, row_id, str(key_version))


class Keyring:
    """The firm's keys while the house runs: generations by id, of which `current` wraps what is new. Never changed once
    made, so threads may share it; `BadKey` when a generation is no key or `current` is not among them."""

    __slots__ = ("_ciphers", "current")

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise BadKey(f"Firm key {current} is not on the keyring.")
        self._ciphers = {firm_key_id: _cipher(key) for firm_key_id, key in keys.items()}
        self.current = current

    def __contains__(self, firm_key_id: str) -> bool:
        return firm_key_id in self._ciphers

    def new_data_key(self, compartment_id: str) -> WrappedKey:
        """A new random key for a compartment, wrapped; `open` gives it its use."""
        return self._wrap("data-key", compartment_id, AESGCM.generate_key(bit_length=8 * KEY_BYTES))

    def open(self, compartment_id: str, wrapped: WrappedKey) -> DataKey:
        """The key of this compartment, or `WrongKey`."""
        return DataKey(compartment_id, self._unwrap("data-key", compartment_id, wrapped))

    def read(self, table: str, column: str, cells: Iterable[Cell]) -> list[str]:
        """The texts of one column, each from a compartment of its own: what `open` and `unseal` give, without what they
        do anew for each (a type-ahead looks at thousands). `WrongKey` or `Unopenable` as they say it."""
        firm = {id: (cipher, bound_to("sopwith.data-key", "1", id)) for id, cipher in self._ciphers.items()}
        first, middle, last = bound_to(str(FORMAT[0])), bound_to(table, column), bound_to("1")
        texts = []
        for compartment_id, firm_key_id, wrapped, row_id, sealed in cells:
            owner = _framed(compartment_id)
            try:
                cipher, place = firm[firm_key_id]
                key = cipher.decrypt(wrapped[1:_HEAD], wrapped[_HEAD:], place + owner)
                place = first + owner + middle + _framed(row_id) + last
                content = AESGCM(key).decrypt(sealed[1:_HEAD], sealed[_HEAD:], place)
            except (InvalidTag, ValueError, KeyError):
                content = b""
            if not content or sealed[:1] != FORMAT or wrapped[:1] != FORMAT:
                opened = self.open(compartment_id, WrappedKey(firm_key_id=firm_key_id, wrapped=wrapped))
                texts.append(opened.unseal(table, column, row_id, sealed))  # says what is wrong with it
            else:
                texts.append(unpadded(content))
        return texts

    def rewrap(self, compartment_id: str, wrapped: WrappedKey) -> WrappedKey:
        """The same data key under the current generation, so that an older one can be destroyed."""
        return self._wrap("data-key", compartment_id, self._unwrap("data-key", compartment_id, wrapped))

    def wrap_private(self, private: bytes) -> WrappedKey:
        """The private half of an intake key pair, bound to its own public half."""
        public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
        return self._wrap("intake-key", public.hex(), private)

    def unwrap_private(self, public: bytes, wrapped: WrappedKey) -> bytes:
        """The private half of `public`, or `WrongKey`. Ask at start too: it tells that somebody exchanged the public
        half, to which reports are sealed."""
        return self._unwrap("intake-key", public.hex(), wrapped)

    def _wrap(self, kind: str, owner: str, content: bytes) -> WrappedKey:
        place = bound_to(f"sopwith.{kind}", "1", self.current, owner)
        return WrappedKey(firm_key_id=self.current, wrapped=_lock(self._ciphers[self.current], content, place))

    def _unwrap(self, kind: str, owner: str, wrapped: WrappedKey) -> bytes:
        cipher = self._ciphers.get(wrapped.firm_key_id)
        place = bound_to(f"sopwith.{kind}", "1", wrapped.firm_key_id, owner)
        content = _unlock(cipher, wrapped.wrapped, place) if cipher else None
        if content is None:
            raise WrongKey(f"Firm key {wrapped.firm_key_id} is gone, or does not open the {kind} of {owner}.")
        return content


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES or not any(key):  # the library would take 16 bytes too, and zeros
        raise BadKey(f"A key must be {KEY_BYTES} bytes, and not all zeros.")
    return AESGCM(key)


def _lock(cipher: AESGCM, content: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return FORMAT + nonce + cipher.encrypt(nonce, content, place)


def _unlock(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes | None:
    """None when it does not open: the library's exception ends here, so that none is chained to it."""
    if sealed[:1] != FORMAT:
        return None
    with suppress(InvalidTag, ValueError):  # ValueError: cut off within the nonce
        return cipher.decrypt(sealed[1:_HEAD], sealed[_HEAD:], place)
    return None


def bound_to(*parts: str) -> bytes:
    """Each part behind its length, so that no two lists of parts give the same bytes."""
    return b"".join([_framed(part) for part in parts])


def _framed(part: str) -> bytes:
    encoded = part.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(4, "big") + encoded


def padded(plaintext: str) -> bytes:
    """UTF-8, one 0x80, zeros to a whole block (ISO/IEC 7816-4). Half a surrogate pair is kept as it came: refusing it
    would lose a note, and Python's error would carry the text."""
    marked = plaintext.encode("utf-8", "surrogatepass") + b"\x80"
    return marked + bytes(-len(marked) % BLOCK)


def unpadded(content: bytes) -> str:
    return content.rstrip(b"\x00")[:-1].decode("utf-8", "surrogatepass")
