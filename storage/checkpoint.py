"""Checkpoints: signed statements of the audit tree's size and root that leave the database (C2SP tlog-checkpoint in a
C2SP signed note, one Ed25519 signature).

Invariants: nothing of a text is believed before its signature holds; only our one algorithm is read; the log's origin
is the name of its key; a reason for refusal quotes the checkpoint at most, and that is public.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # the signature type in C2SP signed-note
KEY_BYTES = HASH_BYTES = 32
KEY_ID_BYTES = 4
MAX_SIGNATURES = 32  # a verifier must take 16 and should have a limit
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_BASE64 = rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"
_NOTE = re.compile(rb"\n*(?:[^\n\0]+\n){3,}\n(?:\xe2\x80\x94 [^\s\0]+ " + _BASE64 + rb"\n)+\n*")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")  # control characters, and what UTF-8 cannot write


class BadCheckpoint(Exception):
    """This is not a checkpoint of that log; `reason` says why, `line` (from 1) where it begins in a file of many."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class BadPublicKey(Exception):
    """This is not a verifier key of the form name+hash+base64."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What the log said of itself: so many entries, with this root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """Who may speak for a log: its name and 32 bytes of Ed25519."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no proof of anything."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return public_key_line(self)


def public_key(seed: bytes, name: str) -> PublicKey:
    """The public half of a 32-byte seed; `ValueError` when the name cannot stand in a signed note."""
    if not _is_name(name):
        raise ValueError("a log's name is printable and has neither spaces nor plus signs")
    return PublicKey(name=name, key=Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and not set(name) & {" ", "+"}


def public_key_line(key: PublicKey) -> str:
    """The verifier key as text, for the export and the auditor: name+hash+base64, without a newline."""
    return f"{key.name}+{key.id.hex()}+{base64.b64encode(ED25519 + key.key).decode()}"


def parse_public_key(line: str) -> PublicKey:
    """The verifier key in this text (white space around it is ignored), or `BadPublicKey` with the reason."""
    name, _, rest = line.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    content = _decoded(encoded)
    if not _is_name(name) or not content:
        raise BadPublicKey("A verifier key reads name+hash+base64.")
    if content[:1] != ED25519 or len(content) != 1 + KEY_BYTES:
        raise BadPublicKey("This is not an Ed25519 key.")
    key = PublicKey(name=name, key=content[1:])
    if key_id != key.id.hex():
        raise BadPublicKey("The hash in the verifier key does not fit its name and key.")
    return key


def _decoded(text: str) -> bytes | None:
    """Base64 (RFC 4648, section 4) in its one canonical spelling, else None."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return content if base64.b64encode(content).decode() == text else None


def sign(seed: bytes, origin: str, size: int, root: bytes) -> str:
    """A checkpoint, ending in a newline, so that files of them are made by appending. Never sign what is inconsistent
    with a checkpoint signed before. `ValueError` for an impossible name, size or root."""
    if _SIZE.fullmatch(str(size)) is None or len(root) != HASH_BYTES:
        raise ValueError("a checkpoint needs a size from 0 and a root of 32 bytes")
    return sign_note(seed, origin, f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n")


def sign_note(seed: bytes, name: str, text: str) -> str:
    """A C2SP signed note: whole lines, a blank one, the signature. Whoever signs another kind of statement gives it a
    first line that is no log's name, so that it cannot pass for a checkpoint."""
    key_id = public_key(seed, name).id
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(key_id + signature).decode()}\n"


def read(text: str, public_key: PublicKey) -> Checkpoint:
    """The checkpoint in this text when `public_key` signed it, else `BadCheckpoint`. Signatures of others (a witness,
    an older key) are passed over, as the format asks; extension lines are signed but mean nothing here."""
    body = read_note(text, public_key)
    lines = body.split("\n")
    if len(lines) < 4:  # three, each ended by a newline
        raise BadCheckpoint("it has fewer than three lines")
    origin, size, root = lines[:3]
    content = _decoded(root)
    if origin != public_key.name:
        raise BadCheckpoint(f"it speaks for another log, {origin!r}")
    if _SIZE.fullmatch(size) is None:
        raise BadCheckpoint("its second line is not a size")
    if content is None or len(content) != HASH_BYTES:
        raise BadCheckpoint("its third line is not a root hash")
    return Checkpoint(origin=origin, size=int(size), root=content)


def read_note(text: str, public_key: PublicKey) -> str:
    """The signed part of a note, with its last newline, when `public_key` signed it, else `BadCheckpoint`."""
    if not text.endswith("\n"):
        raise BadCheckpoint("it is cut short")
    if _FORBIDDEN.search(text):
        raise BadCheckpoint("it holds control characters")
    body, gap, signatures = text[:-1].partition("\n\n")
    if not gap:
        raise BadCheckpoint("no blank line parts it from its signature")
    body += "\n"
    ours = _signatures_by(public_key, signatures.split("\n"))
    if not ours:
        raise BadCheckpoint(f"it is not signed by {public_key.name}+{public_key.id.hex()}")
    if not all(_holds(public_key, body, signature) for signature in ours):
        raise BadCheckpoint("its signature does not hold: the text was changed, or the key is another")
    return body


def _signatures_by(public_key: PublicKey, lines: list[str]) -> list[bytes]:
    if len(lines) > MAX_SIGNATURES:
        raise BadCheckpoint(f"it has more than {MAX_SIGNATURES} signatures")
    ours = []
    for line in lines:
        match = _SIGNATURE.fullmatch(line)
        content = _decoded(match[2]) if match else None
        if match is None or content is None or len(content) <= KEY_ID_BYTES:
            raise BadCheckpoint("one of its signature lines is malformed")
        if (match[1], content[:KEY_ID_BYTES]) == (public_key.name, public_key.id):
            ours.append(content[KEY_ID_BYTES:])
    return ours


def _holds(public_key: PublicKey, body: str, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key.key).verify(signature, body.encode())
    except InvalidSignature:
        return False
    return True


def whole(content: bytes) -> int:
    """Up to which byte a file of checkpoints is whole, by its shape alone; its length unless the end of it is a piece.
    Where something whole comes behind a piece, no power failed: that is for `parse_many` to say."""
    end = 0
    while note := _NOTE.match(content, end):
        end = note.end()
    return len(content) if _NOTE.search(content, end) else end


def parse_many(text: str, public_key: PublicKey) -> Iterator[tuple[int, Checkpoint]]:
    """Each checkpoint of a file with the line (from 1) where it begins, in the file's order; `BadCheckpoint` with its
    line at the first that does not hold, after those before it. Blank lines between them are passed over."""
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        if not lines[start]:
            start += 1
            continue
        end = _end(lines, start)
        block = "\n".join(lines[start:end]) + ("\n" if end < len(lines) else "")
        try:
            checkpoint = read(block, public_key)
        except BadCheckpoint as bad:
            raise BadCheckpoint(bad.reason, start + 1) from None
        yield start + 1, checkpoint
        start = end


def _end(lines: list[str], start: int) -> int:
    """Behind the last signature line of the checkpoint that begins here."""
    end = start
    while end < len(lines) and lines[end]:
        end += 1
    end += 1
    while end < len(lines) and lines[end].startswith("— "):
        end += 1
    return min(end, len(lines))
