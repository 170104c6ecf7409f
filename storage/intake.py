"""The breach intake's seal: anybody may write to its public key, only the private half reads (HPKE, RFC 9180).

Invariants: a report is bound to its row; failures say that something did not open, never what.
"""

from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from storage.vault import FORMAT, BadKey, Unopenable, bound_to, padded, unpadded

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def new_intake_keypair() -> tuple[bytes, bytes]:
    """A public half, with which anybody may write, and the private half that reads (X25519, 32 bytes each)."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def seal_intake(public: bytes, row_id: str, plaintext: str) -> bytes:
    """A report sealed to the intake key for one row alone (HPKE base mode, RFC 9180; X25519, HKDF-SHA256, AES-256-GCM).
    It needs no key of the firm and no right; it does not prove who wrote. `BadKey` when `public` is no public key."""
    content, place = padded(plaintext), _intake_place(row_id)
    with suppress(ValueError):
        return FORMAT + _HPKE.encrypt(content, X25519PublicKey.from_public_bytes(public), place)
    raise BadKey("The intake's public key is not an X25519 public key.")


def open_intake(private: bytes, row_id: str, sealed: bytes) -> str:
    """The report sealed for this row, or `Unopenable`."""
    key = X25519PrivateKey.from_private_bytes(private)
    if sealed[:1] == FORMAT:
        with suppress(InvalidTag):
            return unpadded(_HPKE.decrypt(sealed[1:], key, _intake_place(row_id)))
    raise Unopenable(f"The report {row_id} does not open.")


def _intake_place(row_id: str) -> bytes:
    return bound_to("sopwith.intake", str(FORMAT[0]), row_id)
