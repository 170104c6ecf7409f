"""One client's log leaves the house, with the rights of a named person and on record (SOP 6.1).

Invariants: whoever chat would refuse is refused, always in the same words, so that nobody learns from the answer which
files or people there are; only what stands in this very file is in the export, corrected entries with what they said
before.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from handlers import access as files
from handlers.people import admitted
from handlers.request import Ask, Refused
from handlers.router import desk
from handlers.views import Data
from handlers.words import _
from storage import audit, clients, deadlines, interactions, people
from storage.clients import Client
from storage.interactions import TABLE, Interaction
from storage.people import Person
from storage.store import Tx


@desk("clients.export")
def export_client(tx: Tx, ask: Ask) -> Data:
    """`ref` and `as` (an e-mail address) in `values`. Instants in UTC, newest entry first; refused: not ok,
    `refused`."""
    person, client = people.by_email(tx, ask.typed("as")), clients.by_ref(tx, ask.typed("ref"))
    if person is None or client is None or not admitted(tx, person):
        return _refused(tx, ask, person, client)
    try:
        client, opened = files.open_client(tx, person, client.id, "export")
    except Refused:
        return _refused(tx, ask, person, client)
    audit.record(tx, "file.exported", who=ask.request.operator, client=client.id, rights_of=person.id)
    emails = {person.id: person.email for person in people.everybody(tx)}
    entries = [
        entry for found in _newest_first(tx, client) for entry in _with_earlier(tx, found, client, opened, emails)
    ]
    return Data(data={"client": _client(tx, client, opened, emails), "interactions": entries})


def _refused(tx: Tx, ask: Ask, person: Person | None, client: Client | None) -> Data:
    """On record with the ids that are known, never with what was typed."""
    ids = {**({"rights_of": person.id} if person else {}), **({"client": client.id} if client else {})}
    audit.record(tx, "refused", who=ask.request.operator, entry="desk:clients.export", why="access.refused", **ids)
    words = _("There is no such file that this person may open. Please check the number and the address.")
    return Data(data={"refused": words}, ok=False)


def _newest_first(tx: Tx, client: Client) -> list[Interaction]:
    return interactions.of_client(tx, client.id, limit=interactions.count(tx, client.id))


def _with_earlier(
    tx: Tx, entry: Interaction, client: Client, opened: files.Opened, emails: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """The version that holds, with its clocks, then earlier ones, youngest first."""
    clocks = _clocks(tx, entry, emails) if entry.direction == "in" else []
    yield {**_version(entry, opened, emails, current=True), "response_deadlines": clocks}
    if entry.version > 1:
        for version in reversed(interactions.versions(tx, entry.id)):
            if version.version != entry.version and version.compartment_id == client.compartment_id:
                yield {**_version(version, opened, emails, current=False), "response_deadlines": []}


def _version(
    entry: Interaction, opened: files.Opened, emails: Mapping[str, str], *, current: bool
) -> dict[str, object]:
    other = entry.other_channel
    return {
        "reference": entry.id,
        "version": entry.version,
        "current": current,
        "at": instant(entry.happened_at),
        "entered_at": instant(entry.entered_at),
        "entered_by": emails.get(entry.entered_by),
        "late_entry": entry.late_entry,
        "channel": opened.unseal(TABLE, "other_channel", entry.row, other) if other else entry.channel,
        "approved": entry.approved,
        "direction": entry.direction,
        "kind": entry.kind,
        "summary": opened.unseal(TABLE, "summary", entry.row, entry.summary),
        "expects_reply": entry.expects_reply,
        "answered_at": instant(entry.answered_at) if entry.answered_at else None,
        "replier": emails.get(entry.replier_id or ""),
    }


def _clocks(tx: Tx, entry: Interaction, emails: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "sla": clock.sla,
            "received_at": instant(clock.received_at),
            "due_at": instant(clock.due_at),
            "state": clock.state,
            "ended_at": instant(clock.ended_at) if clock.ended_at else None,
            "ended_by": emails.get(clock.ended_by or ""),
            "ended_why": clock.ended_why,
            "answer": clock.answer_id,
            "responsible": emails.get(clock.responsible_id),
        }
        for clock in deadlines.of_interaction(tx, entry.id)
    ]


def _client(tx: Tx, client: Client, opened: files.Opened, emails: Mapping[str, str]) -> dict[str, object]:
    parent = clients.by_id(tx, client.parent_id) if client.parent_id else None
    return {
        "ref": client.ref,
        "name": files.name_of(client, opened),
        "codename": client.codename,
        "owner": emails.get(client.owner_id),
        "parent": parent.ref if parent else None,
        "regimes": client.regimes.split(";") if client.regimes else [],
        "retention_class": client.retention_class,
        "status": client.status,
    }


def instant(at: datetime) -> str:
    """In UTC with `Z`, as ISO 8601 writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
