"""The policy file is the SOP in numbers: a start under a changed one is on record, and told to the DPO and to senior
management (SOP 10).

Invariants: each changed start is told for itself, back and forth too; what is told names the paths that differ, never
their values; somebody with both roles is told once.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers import notices
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import desk, notice
from handlers.views import Card, Data, Facts, Text
from handlers.words import _, when
from storage import audit, people, settings
from storage.ids import new_id
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

IN_FORCE = "policy.hash"
CHANGE = "policy.change."  # with the change's id: what its notice shows
TOLD = ("dpo", "senior_management")
SHOWN = 20  # paths on a card; the audit log has them all


@desk("policy.in-force")
def come_into_force(tx: Tx, ask: Ask) -> Data:
    """Keep the policy under its hash (`values`: body, its canonical JSON); say what changed since the last start."""
    now, before = ask.policy.hash, settings.get(tx, IN_FORCE)
    settings.keep_policy(tx, now, ask.typed("body"))
    if now == before:
        return Data(data={"changed": []})
    settings.put(tx, IN_FORCE, now)
    old = settings.policy(tx, before) if before else None
    paths = changed(json.loads(old), json.loads(ask.typed("body"))) if old else []
    audit.record(tx, "policy.in-force", who=ask.request.operator, hash=now, before=before or "", paths=",".join(paths))
    if before:
        _tell(tx, {"at": tx.now.isoformat(), "by": ask.request.operator, "hash": now, "before": before, "paths": paths})
    return Data(data={"changed": paths})


def _tell(tx: Tx, change: Mapping[str, Any]) -> None:
    id = new_id("PC")
    settings.put(tx, CHANGE + id, json.dumps(change, sort_keys=True))
    for role in TOLD:
        for person in people.holders(tx, role):
            notices.tell(tx, person, key=f"policy:{id}", kind="policy.changed", subject=id)


def changed(old: object, new: object, path: str = "") -> list[str]:
    """Paths whose values differ, each at its deepest common key."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [
            found
            for key in sorted({*old, *new})
            for found in changed(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
        ]
    return [] if old == new else [path]


@notice("policy.changed")
def policy_changed(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the DPO and senior management: the settings were changed; which, when, and by whom it was started."""
    words = _(
        "Sopwith was started with a changed policy file. If you do not expect this, please ask the administrator. "
        "What was running before keeps the times it was given."
    )
    title, kept = _("The policy file has changed"), settings.get(tx, CHANGE + sent.subject)
    if kept is None:  # put in the outbox by an earlier version, under the file's hash
        return Card(title=title, items=(Text(text=words),))
    change = json.loads(kept)
    facts = (
        (_("Started"), when(datetime.fromisoformat(change["at"]), zone_of(tx, person, ask.policy), tx.now)),
        (_("Started by"), str(change["by"]).removeprefix("service:")),
        (_("Changed"), _listed(change["paths"])),
        (_("Now in force"), f"{change['hash'][:12]}…"),
        (_("Before"), f"{change['before'][:12]}…"),
    )
    return Card(title=title, items=(Text(text=words), Facts(facts=facts)))


def _listed(paths: list[str]) -> str:
    if not paths:
        return _("what differs is not known: the former file is not on record")
    more = len(paths) - SHOWN
    return ", ".join(paths[:SHOWN]) + (_(" and {n} more, in the audit log").format(n=more) if more > 0 else "")
