"""Numbers that come back in a button's subject."""

_DIGITS = 6


def counted(text: str) -> int:
    """How many were shown before; 0 for anything that no button of ours says."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
