"""One firm with one client file and everybody who can stand in some relation to it; for tests of who may what.

`WHO` says how each of them got there; the scene is laid through the doorway where there is a way through it.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.request import Account, Kind
from handlers.views import Form, Option, Say, Value
from storage import (
    access,
    access_requests,
    access_reviews,
    chat,
    deadlines,
    emergencies,
    escalations,
    interactions,
    people,
)
from storage.barriers import standing_now
from storage.store import Tx
from tests.support.house import House

HERON = "4711"
_MARKS = re.compile(r"(?:CL|IN|DL|AR|AC|EA|IB|BR|CO|RV)-[0-9A-Z]{10}|form_id='[^']*'")
MORE: Mapping[str, Mapping[str, Any]] = {
    "gita": {"name": "Gita Rao", "roles": ["staff"]},
    "emil": {"name": "Emil Stern", "roles": ["staff"]},
    "wanda": {"name": "Wanda Pell", "roles": ["staff"]},
    "erik": {"name": "Erik Holm", "roles": ["staff"]},
    "dora": {"name": "Dora Finn", "roles": ["staff"]},
    "adam": {"name": "Adam Moss", "roles": ["admin"]},
    "greta": {"name": "Greta Lind", "roles": ["guardian"]},
    "rico": {"name": "Rico Vale", "roles": ["records"]},
    "abel": {"name": "Abel Rees", "roles": ["auditor"]},
    "carla": {"name": "Carla Dunn", "roles": ["staff"], "kind": "contractor", "ends_on": "2026-11-19"},
    "lena": {"name": "Lena Voss", "roles": ["staff"]},
    "gus": {"name": "Gus Park", "roles": ["staff"]},
    "ruth": {"name": "Ruth Oram", "roles": ["staff"]},
    "nora": {"name": "Nora Kent", "roles": ["staff"]},
    "cora": {"name": "Cora Vance", "roles": ["staff", "dpo", "records"]},
}
WHO: Mapping[str, str] = {
    "owner": "amelia",
    "team": "luca",
    "granted": "gita",
    "expired": "emil",
    "resting": "ruth",
    "screened": "wanda",
    "emergency": "erik",
    "supervisor": "jonas",
    "deputy": "dora",
    "colleague": "nora",
    "complained of": "cora",
    "dpo": "priya",
    "senior": "margaret",
    "admin": "adam",
    "guardian": "greta",
    "records": "rico",
    "auditor": "abel",
    "contractor past end": "carla",
    "leaver": "lena",
    "guest": "gus",
    "stranger": "amelia",
    "anonymous": "",
}
REASON = "The hearing is next week, and nobody else is here."


class Scene:
    """`subjects`: the ids of everything that is about the file, by what it is."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.subjects: dict[str, str] = {}
        house.write(self._people)
        self._file()
        self._emergency_and_barrier()
        self._complaints()
        house.write(self._beyond)
        self._name_them()

    def account(self, who: str) -> Account | None:
        """The chat account of a column of the table."""
        if who == "anonymous":
            return None
        return Account(platform="slack", id=f"T1/{WHO[who]}", ours=who != "stranger")

    def _people(self, tx: Tx) -> None:
        ids = self.house.ids
        for word, fields in MORE.items():
            values = {"kind": "employee", "ends_on": "", "supervisor_id": ids["jonas"], **fields}
            ids[word] = people.add(tx, email=f"{word}@harbour.example", **values)
            found = chat.Account(
                account=f"slack:T1/{word}", person_id=ids[word], guest=word == "gus", active=True, zone="Europe/London"
            )
            chat.link(tx, found)
        year = {"ends_at": tx.now + timedelta(days=365), "given_by": ids["amelia"], "purpose": "work"}
        for word in ("gita", "wanda", "lena", "gus", "ruth"):
            access.give(tx, ids["heron"], ids[word], "grant", **year)
        access.give(tx, ids["heron"], ids["carla"], "team")
        access.give(tx, ids["heron"], ids["emil"], "grant", **{**year, "ends_at": tx.now + timedelta(seconds=1)})

    def _file(self) -> None:
        """An entry by her who will be screened, a reply that is overdue, and a request that waits."""
        house = self.house
        entry = house.log("wanda")
        assert isinstance(entry, Say), entry
        self.subjects["entry"] = entry.reference
        house.later(days=5)
        asked = self.submit("nora", "access.ask", purpose="work", until="week", number=HERON, reason=REASON)
        self.subjects["request"] = asked.reference
        unlisted = house.log("nora", "unlisted", unlisted="Somebody new", replier=None)
        assert isinstance(unlisted, Say), unlisted
        self.subjects["unlisted entry"] = unlisted.reference

    def _emergency_and_barrier(self) -> None:
        house = self.house
        begun = self.submit("erik", "emergency", code="court", minutes="240", number=HERON, reason=REASON)
        self.subjects["emergency"] = begun.reference
        self.submit("greta", "barrier.set", kind="conflict", number=HERON, reason=REASON, person=house.ids["wanda"])
        report = house.ask("nora", Kind.COMMAND, "report-breach")
        assert isinstance(report, Form)
        said = house.submit("nora", report, {"what": "A letter went to the wrong address."})
        assert isinstance(said, Say)
        self.subjects |= {"breach": said.reference, "step": f"{said.reference}|contain"}
        self.subjects |= {"clock": f"{said.reference}|eu.gdpr.33.1", "facts": f"{said.reference}|data"}

    def _complaints(self) -> None:
        """Two about one of the DPOs: one that climbs, and one that her supervisor owns."""
        house = self.house
        cora = Option(value=house.ids["cora"], label="Cora")
        typed = {**self.values(), "here": "yes", "about": cora, "kind": "complaint", "what": "Rude on the phone."}
        for word in ("complaint", "case"):
            self.subjects[word] = self.submit("luca", "complaint", **typed).reference
        house.act("jonas", "complaint.own", self.subjects["case"])

    def _beyond(self, tx: Tx) -> None:
        ids = self.house.ids
        people.change(tx, ids["lena"], left_at=tx.now)
        span = {"starts_at": tx.now, "ends_at": tx.now + timedelta(days=2)}
        review = access_reviews.open_one(tx, ids["heron"], tx.now + timedelta(days=14))
        access_reviews.suspend(tx, ids["heron"], ids["ruth"], review.id, tx.now)
        self.subjects |= {"review": review.id, "reviewed": f"{review.id}|{ids['luca']}", "leaver": ids["lena"]}
        self.subjects["absence"] = people.go_away(tx, person_id=ids["amelia"], deputy_id=ids["dora"], **span)

    def _name_them(self) -> None:
        house, ids = self.house, self.house.ids
        self.subjects |= {
            "file": ids["heron"],
            "duty": house.read(lambda tx: deadlines.open_of_client(tx, ids["heron"]))[0].id,
            "grant": house.read(lambda tx: access.people_of(tx, ids["heron"]))[ids["gita"]].id,
            "barrier": house.read(standing_now)[0].id,
        }
        assert house.read(lambda tx: escalations.of(tx, self.subjects["duty"])) is not None
        assert house.read(lambda tx: access_requests.by_id(tx, self.subjects["request"])).state == "open"
        assert house.read(lambda tx: emergencies.running(tx, ids["erik"]))
        assert house.read(lambda tx: interactions.current(tx, self.subjects["entry"]))

    def submit(self, who: str, form: str, **values: Value) -> Say:
        """A form opened and sent in by somebody of the house."""
        opened = self.house.open(who, form)
        assert isinstance(opened, Form), opened
        said = self.house.submit(who, opened, values)
        assert isinstance(said, Say), said
        return said

    def values(self, number: str = HERON, client: str = "") -> dict[str, Value]:
        """An answer to every question that any form asks about a file."""
        house = self.house
        return {
            "client": Option(value=client or house.ids["heron"], label="x"),
            "number": number,
            "ref": number,
            "person": Option(value=house.ids["sana"], label="Sana"),
            "purpose": "work",
            "until": "week",
            "reason": REASON,
            "code": "court",
            "minutes": "60",
            "kind": "email",
            "channel": "Company email",
            "direction": "in",
            "when": house.now,
            "summary": "Asked for the draft.",
            "expects": "yes",
            "why": "thanks",
            "what": "A letter went astray.",
            "right": "Somebody else",
            "here": "no",
            "received": house.now,
            "severity": "low",
            "text": "Rang her.",
            "answer": "We are sorry.",
            "outcome": "not",
            "signposted": "no",
        }


def without_ids(text: str) -> str:
    """A reply with the ids and marks that differ from one asking to the next taken out."""
    return _MARKS.sub("…", text)
