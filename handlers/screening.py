"""What stands behind an information barrier is not there for the person it was set for, nor is a complaint for whom it
is about (SOP 5.5, 6.1).

Invariants: an id of such a matter is answered as an id that nobody ever gave, whatever was asked with it; nothing that
concerns the matter is told to that person, or to anybody through that person's hands.
"""

import re
from collections.abc import Callable, Mapping

from storage import (
    access,
    access_requests,
    access_reviews,
    breaches,
    clients,
    complaints,
    deadlines,
    emergencies,
    interactions,
    kept_from,
)
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

_ID = re.compile(r"\b(?P<kind>CL|IN|DL|AR|AC|EA|RV|CO|BR)-[0-9A-Z]+")
_MATTER = re.compile(r"\b(?:CO|BR)-[0-9A-Z]+")
NOBODYS = "0" * 10
_RECORDS: Mapping[str, Callable[[Tx, str], object]] = {
    "IN": interactions.current,
    "DL": deadlines.known,
    "AR": access_requests.by_id,
    "AC": access.by_id,
    "EA": emergencies.by_id,
    "RV": access_reviews.by_id,
    "CO": complaints.by_id,
    "BR": breaches.by_id,
    "CL": clients.by_id,
}


def client_of(tx: Tx, subject: str) -> str | None:
    """The client file that a subject (`CL-…|in`, `reply:DL-…`, `IN-…`) is about, if it is about one."""
    found = _ID.search(subject)
    if found is None:
        return None
    if found["kind"] == "CL":
        return found.group()
    about: str | None = getattr(_RECORDS[found["kind"]](tx, found.group()), "client_id", None)
    return about


def kept_from_whom(tx: Tx, subject: str) -> frozenset[str]:
    """The people whom the complaint or breach in this subject is about, or who should not see it."""
    found = _MATTER.search(subject)
    return kept_from.of(tx, found.group()) if found else frozenset()


def screened(tx: Tx, person: Person, subject: str) -> bool:
    """Whether a barrier stands between this person and what the subject is about, or it is kept from this person."""
    if person.id in kept_from_whom(tx, subject):
        return True
    client_id = client_of(tx, subject)
    return client_id is not None and access.barred(tx, client_id, person.id)


def as_if_not_there(tx: Tx, person: Person, subject: str) -> str:
    """The subject as this person may ask for it: an id behind a barrier becomes the one that nobody has, and so does an
    id that nobody ever gave, so that no answer brings back one and not the other."""
    found = _ID.search(subject)
    if found is None:
        return subject
    there = _RECORDS[found["kind"]](tx, found.group()) is not None
    return subject if there and not screened(tx, person, subject) else _ID.sub(rf"\g<kind>-{NOBODYS}", subject)


def by_number(tx: Tx, person: Person, ref: str) -> Client | None:
    """The file of this client or matter number, for somebody who must not know of some."""
    found = clients.by_ref(tx, ref)
    return None if found is None or access.barred(tx, found.id, person.id) else found
