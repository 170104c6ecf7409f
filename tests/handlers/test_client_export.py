"""One client's log for the desk: with a named person's rights, on record, and nothing of any other file."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import handlers.client_export  # noqa: F401  registers the entry
from handlers.request import Kind, Request
from handlers.views import Data, Form, Say
from storage import audit, chat, interactions, people
from storage.store import Tx
from tests.support.house import FRIDAY, House


def export(house: House, ref: str = "4711", who: str = "amelia@harbour.example") -> Data:
    request = Request(kind=Kind.DESK, name="clients.export", operator="op", values={"ref": ref, "as": who})
    reply = asyncio.run(house.doorway.handle(request))
    assert isinstance(reply, Data)
    json.dumps(reply.data)
    return reply


def taken(house: House, **which: str) -> dict[str, Any]:
    reply = export(house, **which)
    assert reply.ok, reply.data
    assert isinstance(reply.data, dict)
    return reply.data


def logged(house: House, who: str = "amelia", client: str = "heron", **values: Any) -> str:
    said = house.log(who, client, **values)
    assert isinstance(said, Say), said
    return said.reference


def correct(house: House, id: str, summary: str) -> None:
    form = house.open("amelia", "interaction.amend", id)
    assert isinstance(form, Form)
    assert isinstance(house.submit("amelia", form, {"summary": summary}), Say)


def last_entries(house: House, count: int) -> list[dict[str, str]]:
    found = house.read(audit.entries)[-count:]
    return [{word: value for word, value in entry.words.items() if word != "at"} for entry in found]


def test_the_log_comes_newest_first_with_its_client_and_clocks(house: House) -> None:
    first = logged(house, summary="Asked for the draft.")
    house.now += timedelta(hours=1)
    second = logged(house, direction="out", summary="Sent the draft.")
    told = taken(house)
    assert told["client"] == {
        "ref": "4711",
        "name": "Brightwater Estates",
        "codename": "Quiet Heron",
        "owner": "amelia@harbour.example",
        "parent": None,
        "regimes": [],
        "retention_class": "",
        "status": "open",
    }
    assert [(e["reference"], e["summary"]) for e in told["interactions"]] == [
        (second, "Sent the draft."),
        (first, "Asked for the draft."),
    ]
    inquiry = told["interactions"][1]
    assert inquiry == {
        "reference": first,
        "version": 1,
        "current": True,
        "at": "2026-11-20T16:00:00Z",
        "entered_at": "2026-11-20T16:00:00Z",
        "entered_by": "amelia@harbour.example",
        "late_entry": False,
        "channel": "Company email",
        "approved": True,
        "direction": "in",
        "kind": "email",
        "summary": "Asked for the draft.",
        "expects_reply": "yes",
        "answered_at": None,
        "replier": "amelia@harbour.example",
        "response_deadlines": [
            {
                "sla": "first_response",
                "received_at": "2026-11-20T16:00:00Z",
                "due_at": "2026-11-23T16:00:00Z",  # Friday 16:00 and one business day
                "state": "answered",
                "ended_at": "2026-11-20T17:00:00Z",
                "ended_by": "amelia@harbour.example",
                "ended_why": "",
                "answer": second,
                "responsible": "amelia@harbour.example",
            }
        ],
    }


def test_earlier_versions_follow_the_one_that_holds_and_are_marked(house: House) -> None:
    id = logged(house, summary="Asked for the graft.")
    correct(house, id, "Asked for the craft.")
    correct(house, id, "Asked for the draft.")
    told = taken(house)["interactions"]
    assert [(e["version"], e["current"], e["summary"][-6:]) for e in told] == [
        (3, True, "draft."),
        (2, False, "craft."),
        (1, False, "graft."),
    ]
    assert [len(e["response_deadlines"]) for e in told] == [1, 0, 0]


def test_another_channel_is_told_by_its_name_and_as_not_approved(house: House) -> None:
    logged(house, channel="other", which_channel="Carrier pigeon")
    (entry,) = taken(house)["interactions"]
    assert (entry["channel"], entry["approved"]) == ("Carrier pigeon", False)


def test_an_entry_that_was_moved_out_as_another_clients_is_not_in_the_export(house: House) -> None:
    id = logged(house, summary="Zephyrine asked for the draft.")
    correct(house, id, "Zephyrine asked for two drafts.")
    form = house.open("amelia", "interaction.wrong-client", id)
    assert isinstance(form, Form)
    house.submit("amelia", form, {"right": "Zephyrine"})
    assert taken(house)["interactions"] == []


def test_entries_of_other_files_stay_where_they_are(house: House) -> None:
    logged(house, who="luca", client="otter", summary="Something else.")
    assert taken(house)["interactions"] == []
    (entry,) = taken(house, ref="4712", who="Luca@Harbour.Example")["interactions"]
    assert entry["summary"] == "Something else."


def test_an_export_is_on_record_as_an_opening_and_with_the_operator(house: House) -> None:
    taken(house)
    amelia, heron = house.ids["amelia"], house.ids["heron"]
    assert last_entries(house, 2) == [
        {"what": "file.opened", "who": amelia, "client": heron, "purpose": "export"},
        {"what": "file.exported", "who": "op", "client": heron, "rights_of": amelia},
    ]


@pytest.mark.parametrize(
    ("ref", "who"),
    [
        ("4711", "nobody@harbour.example"),  # an unknown person
        ("9999", "amelia@harbour.example"),  # an unknown number
        ("4712", "amelia@harbour.example"),  # another's file
        ("4711", "margaret@harbour.example"),  # senior management has no key either
        ("4711", "priya@harbour.example"),  # nor has the DPO
        ("", ""),
    ],
)
def test_all_that_chat_would_refuse_is_refused_in_the_same_words(house: House, ref: str, who: str) -> None:
    reply = export(house, ref, who)
    assert not reply.ok
    assert reply.data == {
        "refused": "There is no such file that this person may open. Please check the number and the address."
    }


def test_a_refusal_is_on_record_with_known_ids_and_without_what_was_typed(house: House) -> None:
    export(house, "4712", "amelia@harbour.example")
    export(house, "Secret Name", "secret@harbour.example")
    refusal = {"what": "refused", "who": "op", "entry": "desk:clients.export", "why": "access.refused"}
    assert last_entries(house, 2) == [
        {**refusal, "rights_of": house.ids["amelia"], "client": house.ids["otter"]},
        refusal,
    ]


def change(house: House, who: str, **fields: Any) -> None:
    house.write(lambda tx: people.change(tx, house.ids[who], **fields))


def test_whoever_has_left_is_refused_from_the_day_after_the_last(house: House) -> None:
    change(house, "amelia", ends_on="2026-11-20")
    assert export(house).ok
    house.now = FRIDAY + timedelta(days=1)
    assert not export(house).ok


def test_a_guest_whom_the_people_file_does_not_list_with_an_end_is_refused(house: House) -> None:
    def make_guest(tx: Tx) -> None:
        (known,) = chat.accounts_of(tx, house.ids["luca"])
        chat.link(tx, replace(known, guest=True))

    assert export(house, who="luca@harbour.example").ok
    house.write(make_guest)
    assert not export(house, who="luca@harbour.example").ok
    change(house, "luca", kind="contractor", ends_on="2027-06-30")
    assert export(house, who="luca@harbour.example").ok


def test_a_person_without_any_chat_account_may_still_be_named(house: House) -> None:
    def forget(tx: Tx) -> None:
        for known in chat.accounts_of(tx, house.ids["amelia"]):
            chat.link(tx, replace(known, person_id=house.ids["rosa"]))

    house.write(forget)
    assert export(house).ok


def test_a_version_that_lies_in_another_compartment_is_left_out(house: House) -> None:
    """What was resealed elsewhere could not be opened with this file's key, and is not this client's to see."""
    id = logged(house, summary="Asked for the graft.")
    correct(house, id, "Asked for the draft.")

    def misplace(tx: Tx) -> None:
        first = interactions.versions(tx, id)[0]
        interactions.move(tx, replace(first, client_id=None, compartment_id="quarantine"))

    house.write(misplace)
    assert [entry["version"] for entry in taken(house)["interactions"]] == [2]
