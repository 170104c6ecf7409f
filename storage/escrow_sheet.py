"""An escrow sheet: the outside key and the audit key under a passphrase, as letters to be printed and typed again.

Invariants: passphrase and keys are in no exception; scrypt's cost belongs to the format, so no sheet can ask for more;
each line carries its own check, so a wrong letter is found in its line, before the passphrase is tried.
Argued by: RFC 7914 (scrypt, N=2**17, r=8, p=1: 128 MiB and about half a second for each guess), Crockford's base 32
(no I, L, O, U; read in either case), AES-256-GCM.
"""

import base64
import hashlib
import os
import re
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.vault import KEY_BYTES, BadKey

FORMAT = b"S\x01"
_SALT, _NONCE, _TAG = 16, 12, 16
SIZE = len(FORMAT) + _SALT + _NONCE + 2 * KEY_BYTES + _TAG
IN_A_LINE = 10  # bytes: sixteen letters
LINES = SIZE // IN_A_LINE
LETTERS, CHECK = 16, 4
_STANDARD, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITTEN = str.maketrans(_STANDARD, _CROCKFORD)
_READ = str.maketrans(_CROCKFORD + "OIL", _STANDARD + _STANDARD[0] + 2 * _STANDARD[1])
_NUMBERED = re.compile(r"\s*(\d{1,2})[.:)]?\s+(\S.*)")
_PLACE = b"sopwith.escrow|"


class BadSheet(Exception):
    """These lines are no sheet, or not quite; the message says which line and what is wrong with it."""


class WrongPassphrase(Exception):
    """The passphrase does not open this sheet."""


class Keys:
    """What a sheet holds. A plain class, because a dataclass would print its fields."""

    __slots__ = ("audit", "master")

    def __init__(self, master: bytes, audit: bytes) -> None:
        if len(master) != KEY_BYTES or len(audit) != KEY_BYTES:
            raise BadKey("A key has 32 bytes.")
        self.master = master
        self.audit = audit


def seal(held: Keys, passphrase: str) -> bytes:
    """The sheet's bytes; no two sheets of the same keys are alike."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = _cipher(passphrase, salt).encrypt(nonce, held.master + held.audit, _PLACE + FORMAT)
    return FORMAT + salt + nonce + sealed


def unseal(sheet: bytes, passphrase: str) -> Keys:
    """The keys; `WrongPassphrase`, or `BadSheet` when another version wrote it."""
    if len(sheet) != SIZE or not sheet.startswith(FORMAT):
        raise BadSheet("This sheet was made by another version of Sopwith, and this one cannot read it.")
    rest = sheet.removeprefix(FORMAT)
    salt, nonce, sealed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, sealed, _PLACE + FORMAT)
    except InvalidTag:
        raise WrongPassphrase("The passphrase does not open this sheet.") from None
    return Keys(plain[:KEY_BYTES], plain[KEY_BYTES:])


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    """However it was typed: the same letters, composed or not, are the same passphrase."""
    typed = unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass")  # an error would quote it
    return AESGCM(Scrypt(salt=salt, length=KEY_BYTES, n=2**17, r=8, p=1).derive(typed))


def fingerprint(sheet: bytes) -> str:
    """Sixteen hex digits that name this one sheet and tell nothing of it."""
    return hashlib.sha256(b"sopwith.sheet|1|" + sheet).hexdigest()[:16]


def lines(sheet: bytes) -> list[str]:
    """As it is printed: a number, sixteen letters in fours, and four that check the line."""
    parts = [sheet[at : at + IN_A_LINE] for at in range(0, len(sheet), IN_A_LINE)]
    return [f"{number:2}  {_in_fours(_letters(part))}  {_check(number, part)}" for number, part in enumerate(parts, 1)]


def read(text: str) -> bytes:
    """The sheet out of its lines, as printed or typed by hand; what stands around them is passed over. `BadSheet`."""
    found: dict[int, bytes] = {}
    for line in text.splitlines():
        if not (match := _NUMBERED.fullmatch(line)):
            continue
        number = int(match[1])
        if not 1 <= number <= LINES:
            raise BadSheet(f"There is a line {number}; a sheet has {LINES}.")
        if found.setdefault(number, part := _part(number, match[2])) != part:
            raise BadSheet(f"Line {number} is there twice, and not the same.")
    if not found:
        raise BadSheet(f"No line of a sheet was found. A sheet has {LINES}, each begins with its number.")
    if missing := [str(number) for number in range(1, LINES + 1) if number not in found]:
        raise BadSheet(f"Missing: line {', '.join(missing)} of {LINES}.")
    return b"".join(found[number] for number in range(1, LINES + 1))


def _part(number: int, typed: str) -> bytes:
    letters = re.sub(r"[\s-]", "", typed).upper()
    if len(letters) != LETTERS + CHECK:
        raise BadSheet(f"Line {number} has {len(letters)} letters instead of {LETTERS + CHECK}.")
    if strange := sorted({letter for letter in letters if letter not in _CROCKFORD + "OIL"}):
        raise BadSheet(f"Line {number}: no sheet has the sign {strange[0]!r} in it.")
    standard = letters.translate(_READ)
    part = base64.b32decode(standard[:LETTERS])
    if _check(number, part) != standard[LETTERS:].translate(_WRITTEN):
        raise BadSheet(f"Line {number} is not as it was printed. Compare it with the paper, letter by letter.")
    return part


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").translate(_WRITTEN)


def _in_fours(letters: str) -> str:
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _check(number: int, part: bytes) -> str:
    """20 bits over the line and its number: of a million wrong lines one passes, and then the passphrase fails."""
    return _letters(hashlib.sha256(b"sopwith.line|%d|" % number + part).digest())[:CHECK]
