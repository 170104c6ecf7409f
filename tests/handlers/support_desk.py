"""An empty firm on a real SQLite file, with the desk's entries in front of it and neither chat nor doorway."""

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from handlers import client_export, client_list, people_check, people_file
from handlers.policy import Pings, Policy
from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.rules.due_at import Sla
from handlers.rules.hours import Calendar
from handlers.rules.next_rung import Ladder, Rung
from handlers.rules.spans import span
from handlers.views import Data
from storage import audit, chat, clients, keys, migrate, people
from storage.store import Store, Tx, migration_engine
from storage.vault import Root

T = TypeVar("T")
ENTRIES = (client_export, client_list, people_check, people_file)  # importing them registers them
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONDON = Calendar(name="london", zone=ZoneInfo("Europe/London"), always_open=True)
POLICY = Policy(
    hash="0" * 64,
    firm="Harbour & Lane",
    zone=LONDON.zone,
    calendars={"london": LONDON},
    slas={
        "first_response": Sla(
            name="first_response", target=span("24 business hours"), calendar=LONDON, zone=LONDON.zone
        )
    },
    channels={"Company email": True},
    ladders={
        "overdue": Ladder(rungs=(Rung(to="supervisor"),)),
        "complaint": Ladder(rungs=(Rung(to="supervisor", acknowledge_within=span("1h")), Rung(to="senior_management"))),
    },
    dpo_within=span("1h"),
    emergency="Ring the DPO",
    regimes=("uk.gdpr",),
    pings=Pings(),
)

FIRM = """
    email,name,roles,supervisor,deputy,department,department_head,calendar,kind,ends_on,slack_id,teams_id
    ana@harbour.example,Ana Ruiz,staff,sue@harbour.example,ben@harbour.example,Tax,meg@harbour.example,london,,,U1,
    ben@harbour.example,Ben Okri,staff,sue@harbour.example,,Tax,meg@harbour.example,,employee,,,
    sue@harbour.example,Sue Park,staff;supervisor,meg@harbour.example,,Tax,meg@harbour.example,,employee,,,
    meg@harbour.example,Meg Lane,senior_management,,,,,,employee,,,
"""
STAFF = """
    email,name,roles,kind,ends_on
    ana@harbour.example,Ana Ruiz,staff,,
    ben@harbour.example,Ben Okri,staff,,
    sue@harbour.example,Sue Park,supervisor,,
    old@harbour.example,Old Hand,staff,contractor,2026-11-19
"""
LIST = """
    ref,name,owner,team,parent,regimes,retention_class
    4711-1,Brightwater v. Crown,ana@harbour.example,ben@harbour.example;sue@harbour.example,4711,uk.gdpr,
    4711,Brightwater Estates,ana@harbour.example,,,uk.gdpr;hipaa,client.standard
    4712,Zephyrine Holdings,ben@harbour.example,,,,
"""


class Desk:
    """`now` is the clock's hand; everything else happens through the registry."""

    def __init__(self, url: str) -> None:
        self.now = NOON
        engine = migration_engine(url)
        migrate.upgrade(engine)
        with engine.begin() as conn:
            keyring = keys.load(conn, Root(os.urandom(32)))
        engine.dispose()
        self.store = Store(url, keyring=keyring, now=lambda: self.now)

    def close(self) -> None:
        self.store.close()

    def do(self, work: Callable[[Tx], T]) -> T:
        if self.store.shared:
            self.store.write(audit.sequence).result()
        return self.store.write(work).result()

    def ask(self, name: str, table: str = "", **values: str) -> Data:
        """Run a desk entry with a CSV table as its rows, on a connection that can write only if the entry may."""
        entry = find(Kind.DESK, name)
        assert entry is not None
        request = Request(kind=Kind.DESK, name=name, operator="op", values=values, rows=read(table))
        run = self.store.write if entry.writes else self.store.read
        reply = run(lambda tx: entry.handler(tx, Ask(request=request, policy=POLICY))).result()
        assert isinstance(reply, Data)
        json.dumps(reply.data)  # the command line must be able to print it
        return reply

    def take(self, name: str, table: str, **values: str) -> Any:
        """The same, for a table that must be accepted."""
        reply = self.ask(name, table, **values)
        assert reply.ok, reply.data
        return reply.data

    def refuse(self, name: str, table: str) -> list[tuple[int, str, str]]:
        """The same, for a table that must be refused whole: (line, column, problem) of every error."""
        before = self.everything()
        reply = self.ask(name, table)
        assert not reply.ok
        assert self.everything() == before
        assert isinstance(reply.data, dict)
        return [(error["line"], error["column"], error["problem"]) for error in reply.data["errors"]]

    def everything(self) -> tuple[object, ...]:
        """All that an import could have touched."""
        return self.do(lambda tx: (people.everybody(tx), clients.everything(tx), len(audit.entries(tx))))

    def person(self, word: str) -> people.Person:
        found = self.do(lambda tx: people.by_email(tx, f"{word}@harbour.example"))
        assert found is not None
        return found

    def client(self, ref: str) -> clients.Client:
        found = self.do(lambda tx: clients.by_ref(tx, ref))
        assert found is not None
        return found

    def account(self, name: str) -> chat.Account | None:
        return self.do(lambda tx: chat.account(tx, name))

    def log(self) -> list[dict[str, str]]:
        """The audit entries, without their time."""
        entries = self.do(audit.entries)
        return [{word: value for word, value in entry.words.items() if word != "at"} for entry in entries]


def read(table: str) -> tuple[dict[str, str], ...]:
    """CSV as the command line hands it over: cells by column, and each row's line."""
    lines = csv.DictReader(io.StringIO("\n".join(line.strip() for line in table.strip().splitlines())))
    return tuple({**row, "line": str(number)} for number, row in enumerate(lines, 2))
