"""A breach's own door to the keys: anybody can seal a report, and only its response team opens one, or what was
written down about it since, after asking who may."""

import json
from dataclasses import asdict, dataclass

from storage import keys
from storage.breaches import Breach
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the reporter typed."""

    what: str
    clients: str


def seal(tx: Tx, breach_id: str, report: Report) -> tuple[str, bytes, str]:
    """A compartment for the case, the report sealed to the intake key (HPKE), and the ciphertext's hash for the log."""
    sealed = keys.seal_breach(tx, breach_id, json.dumps(asdict(report)))
    return keys.make(tx, "breach"), sealed, keys.fingerprint(sealed)


def unseal(tx: Tx, breach: Breach) -> Report:
    """The report; the caller has asked who may, and records the opening."""
    return Report(**json.loads(keys.open_breach(tx, breach.id, breach.intake)))


def seal_words(tx: Tx, breach: Breach, place: tuple[str, str, str], text: str) -> bytes:
    """Words about the breach in its own compartment, bound to their place (table, column, row)."""
    return keys.data_key(tx, breach.compartment_id).seal(*place, text)


def unseal_words(tx: Tx, breach: Breach, place: tuple[str, str, str], sealed: bytes) -> str:
    """Those words; the caller has asked who may."""
    return keys.data_key(tx, breach.compartment_id).unseal(*place, sealed)
