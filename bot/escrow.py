"""Escrow sheets from the command line: made for an officer, tried against this record, used to get the keys back.

Invariants: keys and passphrases never leave this process but on the sheet; a sheet is on record before it is shown;
trying and using one changes nothing in the record, and using one needs no record at all.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.config import Settings
from bot.desk import asked, hand_over
from bot.new_firm import keep_keys
from bot.terminal import No, WrongUse
from handlers.words import city
from storage import escrow, escrow_sheet
from storage.escrow_sheet import BadSheet, Keys, WrongPassphrase
from storage.store import Tx, reading_engine
from storage.vault import key_name

SHORTEST = 12
LONGEST = 64 * 1024  # bytes of a file that may be a sheet


@dataclass(frozen=True, kw_only=True)
class Made:
    """A sheet to print, and what the record calls it."""

    text: str
    fingerprint: str


def fault(passphrase: str) -> str:
    """Why this passphrase will not do; empty when it will. Who has the paper may guess as long as he likes."""
    if len(unicodedata.normalize("NFKC", passphrase)) < SHORTEST:
        return f"The passphrase must have at least {SHORTEST} letters. Four or five words, taken at random, are good."
    if len(set(passphrase)) < SHORTEST // 2:
        return "The passphrase has too few different letters. Four or five words, taken at random, are good."
    return ""


def officer(settings: Settings, email: str) -> str:
    """The name of the person who is to hold a sheet; `No` when it cannot be this one."""
    found: Any = hand_over(settings, asked("keys.officer", {"officer": email, **_outside(settings)})).data
    return str(found["name"])


def make(settings: Settings, email: str, passphrase: str, now: datetime | None = None) -> Made:
    """A sheet of the keys that are set, on record as this officer's."""
    held = Keys(settings.secrets.master_key, settings.secrets.audit_key)
    sheet = escrow_sheet.seal(held, passphrase)
    named = {"fingerprint": escrow_sheet.fingerprint(sheet), "audit": key_name(held.audit), **_outside(settings)}
    found: Any = hand_over(settings, asked("keys.escrow", {"officer": email, **named})).data
    zone = settings.policy.zone
    at = f"{(now or datetime.now(UTC)).astimezone(zone):%a %-d %b %Y %H:%M} ({city(zone)})"
    head = _HEAD.format(firm=settings.policy.firm, name=found["name"], email=email.strip().lower(), at=at, **named)
    text = head + "\n".join(escrow_sheet.lines(sheet)) + "\n" + _FOOT
    return Made(text=text, fingerprint=named["fingerprint"])


def check(settings: Settings, sheet: bytes, passphrase: str) -> str:
    """Whose sheet this is (empty: this record does not know it), now that it was seen to open this record and was put
    on record. `No` says what it does not open."""
    held = _unsealed(sheet, passphrase)
    opened, count = _opens(settings.database_url, held.master)
    if opened < count:
        raise No(
            f"The sheet is sound, but its outside key opens {opened} of this database's {count} firm keys. "
            "After `sopwith keys rotate` old sheets do not count: make a new one with `sopwith keys escrow`."
        )
    if held.master != settings.secrets.master_key:
        raise No(
            "The sheet opens this database, but holds another outside key than SOPWITH_MASTER_KEY. "
            "Finish `sopwith keys rotate` first, then make a new sheet with `sopwith keys escrow`."
        )
    if held.audit != settings.secrets.audit_key:
        raise No("The sheet opens this database, but holds another audit key than SOPWITH_AUDIT_KEY. Make a new one.")
    named = {"fingerprint": escrow_sheet.fingerprint(sheet), **_outside(settings)}
    found: Any = hand_over(settings, asked("keys.checked", named)).data
    return str(found["name"])


def restore(sheet: bytes, passphrase: str, folder: Path) -> tuple[Path, Path]:
    """`master.key` and `audit.key` in this folder, mode 0600; `Occupied` when one is there."""
    held = _unsealed(sheet, passphrase)
    return keep_keys(folder, held.master, held.audit)


def sheet(path: Path) -> bytes:
    """The sheet that a file holds, before anybody types a passphrase; `No` names the line that is wrong."""
    try:
        with path.open("rb") as file:
            found = file.read(LONGEST + 1)
        if len(found) > LONGEST:
            raise WrongUse(f"{path} is too long for a sheet.")
        return escrow_sheet.read(found.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise WrongUse(f"{path} is not a text file.") from None
    except BadSheet as bad:
        raise No(str(bad)) from None


def _unsealed(sheet: bytes, passphrase: str) -> Keys:
    try:
        return escrow_sheet.unseal(sheet, passphrase)
    except (BadSheet, WrongPassphrase) as bad:
        raise No(str(bad)) from None


def _opens(url: str, master: bytes) -> tuple[int, int]:
    engine = reading_engine(url)
    try:
        with engine.connect() as conn:
            unused = cast(Any, None)
            return escrow.opens(Tx(conn=conn, now=datetime.now(UTC), writable=False, _keyring=unused), master)
    finally:
        engine.dispose()


def _outside(settings: Settings) -> dict[str, str]:
    return {"outside": key_name(settings.secrets.master_key)}


_HEAD = """\
SOPWITH ESCROW SHEET

Firm          {firm}
Officer       {name} <{email}>
Made          {at}
Sheet         {fingerprint}
Outside key   {outside}
Audit key     {audit}

With the passphrase, these lines give back the keys that open the firm's record. Keep the
paper locked away from the office, and the passphrase apart from it. Delete the file.

"""
_FOOT = """
To get the keys back: type the numbered lines into a file (capitals do not matter), then
    sopwith keys restore FILE DIR
Once a year, and after each `sopwith keys rotate`, try it: sopwith keys check FILE
"""
