"""Ids and references, made before the insert because sealed values are bound to them; random, so they count nothing."""

import secrets

_ALPHABET = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to confuse when read out
_SIGNS = _ALPHABET * (256 // len(_ALPHABET))  # for each byte one, each as often as any other


def new_id(prefix: str, length: int = 10) -> str:
    """`IN-7K3Q9FTMWZ`: 50 random bits behind a prefix that names the noun; uniqueness is held by the primary key."""
    return f"{prefix}-{secrets.token_bytes(length).translate(_SIGNS).decode()}"
