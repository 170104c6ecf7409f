"""A small firm on a real database, spoken to through the real doorway, with a clock that a test moves."""

import asyncio
import itertools
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import handlers.catalogue  # noqa: F401  registers every procedure
from bot.doorway import Doorway
from bot.policy_file import policy
from handlers import access as files
from handlers.request import Account, Kind, Request
from handlers.views import Form, Option, Reply, SearchField, Value
from storage import access, audit, chat, clients, keys, migrate, outbox, people, timers
from storage.store import Store, Tx, migration_engine
from storage.vault import Root

POLICY = """
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
zone = "Europe/London"
[calendars.london.open]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
[sla.first_response]
target = "24 business hours"
calendar = "london"
remind_at = [50, 75]
[channels]
approved = { "Company email" = true, "Company phone" = true }
[breach]
emergency = "Ring +44 20 7946 0000 (DPO on call)"
"""
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # the contract's Friday 16:00; London is on UTC in November
CAST: Mapping[str, dict[str, Any]] = {
    "margaret": {"name": "Margaret Lane", "roles": ["senior_management"]},
    "jonas": {"name": "Jonas Hale", "roles": ["supervisor"], "supervisor_id": "margaret"},
    "amelia": {"name": "Amelia Ward", "roles": ["staff"], "supervisor_id": "jonas", "department_head_id": "margaret"},
    "luca": {"name": "Luca Reed", "roles": ["staff"], "supervisor_id": "jonas"},
    "sana": {"name": "Sana Iqbal", "roles": ["staff"], "supervisor_id": "jonas"},
    "priya": {"name": "Priya Nair", "roles": ["dpo"]},
    "rosa": {"name": "Rosa Blum", "roles": ["records", "admin"]},
    "tomas": {"name": "Tomas Berg", "roles": ["staff"], "kind": "contractor", "ends_on": "2027-06-30"},
}


class House:
    """`now` is the house's clock; people and clients are named by short words in `ids`."""

    def __init__(self, folder: Path, url: str = "", *, text: str = POLICY, now: datetime = FRIDAY) -> None:
        self.now = now
        self.url = url or f"sqlite:///{folder / 'house.db'}"
        self.key = os.urandom(32)
        self.policy = policy(text)
        engine = migration_engine(self.url)
        migrate.upgrade(engine)
        with engine.begin() as conn:
            keyring = keys.load(conn, Root(self.key))
        self.engine = engine
        self.store = Store(self.url, keyring=keyring, now=lambda: self.now, zone=self.policy.zone)
        self.doorway = Doorway(self.store, self.policy)
        self.ids: dict[str, str] = {}
        self._deliveries = itertools.count(1)
        self.write(self._seed)

    def _seed(self, tx: Tx) -> None:
        for word, fields in CAST.items():
            links = {k: self.ids[v] for k, v in fields.items() if k.endswith("_id")}
            values = {"kind": "employee", "ends_on": "", **fields, **links}
            self.ids[word] = people.add(tx, email=f"{word}@harbour.example", **values)
            account = chat.Account(
                account=f"slack:T1/{word}",
                person_id=self.ids[word],
                guest=word == "tomas",
                active=True,
                zone="Europe/London",
            )
            chat.link(tx, account)
        for word, ref, name, owner, team in (
            ("heron", "4711", "Brightwater Estates", "amelia", ["luca"]),
            ("otter", "4712", "Zephyrine Holdings", "luca", []),
        ):
            id = clients.id_for_new()
            compartment, sealed = files.new_file(tx, id, name)
            clients.add(
                tx,
                id=id,
                ref=ref,
                codename=f"Quiet {word.title()}",
                compartment_id=compartment,
                name=sealed,
                owner_id=self.ids[owner],
                status="open",
            )
            for person, basis in ((owner, "owner"), *((t, "team") for t in team)):
                access.give(tx, id, self.ids[person], basis)
            self.ids[word] = id

    def write(self, work: Any) -> Any:
        """Run `work(tx)` in a transaction."""
        return self.store.write(work).result()

    def read(self, work: Any) -> Any:
        """Run `work(tx)` as a question; what happened has its place in the audit log by then."""
        if self.store.shared:
            self.store.write(audit.sequence).result()
        return self.store.read(work).result()

    def ask(self, who: str | None, kind: Kind, name: str, **more: Any) -> Reply:
        """One request of this person (or of nobody), as its own delivery."""
        account = Account(platform="slack", id=f"T1/{who}") if who else None
        request = Request(kind=kind, name=name, account=account, **{"key": f"trigger-{next(self._deliveries)}", **more})
        return asyncio.run(self.doorway.handle(request))

    def open(self, who: str, name: str, subject: str = "", **more: Any) -> Reply:
        return self.ask(who, Kind.OPEN, name, subject=subject, **more)

    def act(self, who: str, name: str, subject: str) -> Reply:
        return self.ask(who, Kind.ACTION, name, subject=subject)

    def submit(self, who: str, form: Form, values: Mapping[str, Value], **more: Any) -> Reply:
        """The form as a person leaves it: what stood in it, and what was typed over."""
        filled = {**form.values, **values}
        return self.ask(who, Kind.SUBMIT, form.name, form_id=form.form_id, subject=form.subject, values=filled, **more)

    def log(self, who: str, client: str = "heron", **values: Value) -> Reply:
        """A quick entry: an inbound e-mail that expects a reply, unless said otherwise."""
        form = self.ask(who, Kind.COMMAND, "log-client")
        assert isinstance(form, Form)
        chosen = Option(value=self.ids.get(client, client), label=client)
        typed = {
            "client": chosen,
            "channel": "Company email",
            "kind": "email",
            "when": self.now,
            "summary": "Asked for the draft.",
        }
        if client in self.ids and "replier" not in values:
            values = {**values, "replier": None}
        return self.submit(who, form, {**typed, **values})

    def later(self, **span: float) -> None:
        """Move the clock and do everything that falls due on the way, in order."""
        end = self.now + timedelta(**span)
        while timer := next((t for t in self.read(timers.upcoming) if t.due_at <= end), None):
            self.now = max(self.now, timer.due_at)
            asyncio.run(self.doorway.fire(timer))
        self.now = end

    def told(self, who: str, kind: str = "") -> list[outbox.Notice]:
        """Notices to this person, oldest first; edits left out."""
        found = reversed(self.read(lambda tx: outbox.recent(tx, 500)))
        mine = [n for n in found if n.recipient_id == self.ids[who] and not n.message_id]
        return [n for n in mine if n.kind == kind or not kind]

    def happened(self) -> list[str]:
        """The audit log's words, in order."""
        return [entry.words["what"] for entry in self.read(audit.entries)]

    def close(self) -> None:
        self.store.close()
        self.engine.dispose()


def searches(form: Form) -> list[str]:
    """Names of the type-ahead fields."""
    return [field.name for field in form.fields if isinstance(field, SearchField)]
