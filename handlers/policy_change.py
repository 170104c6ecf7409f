"""The policy file is the SOP in numbers: a start under a changed one is on record, and told to the DPO (SOP 10)."""

import json
from collections.abc import Mapping

from handlers import notices
from handlers.request import Ask
from handlers.router import desk, notice
from handlers.views import Card, Data, Facts, Text
from handlers.words import _
from storage import audit, people, settings
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

IN_FORCE = "policy.hash"


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
        for officer in people.holders(tx, "dpo"):
            notices.tell(tx, officer, key=f"policy:{now}:{tx.now.isoformat()}", kind="policy.changed", subject=now[:40])
    return Data(data={"changed": paths})


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
    """For the DPO: the settings were changed; which, is in the audit log."""
    words = _(
        "Sopwith was started with a changed policy file. If you do not expect this, please ask the administrator."
    )
    return Card(
        title=_("The policy file has changed"),
        items=(Text(text=words), Facts(facts=((_("Now in force"), f"{sent.subject[:12]}…"),))),
    )
