"""What an auditor brings along: the log's public key and the checkpoints that were exported earlier, each as a file."""

from pathlib import Path

from bot.terminal import WrongUse
from storage.checkpoint import BadPublicKey, PublicKey, parse_public_key


def key_in(path: Path) -> PublicKey:
    """The verifier key in this file; `WrongUse` naming the option when there is none."""
    try:
        return parse_public_key(text_of(path, "--public-key"))
    except BadPublicKey as bad:
        raise WrongUse(f"--public-key: {bad}") from None


def text_of(path: Path, name: str) -> str:
    """The text of this file; `WrongUse` under the option's or setting's name when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise WrongUse(f"{name}: {path} cannot be read: {why}.") from None
