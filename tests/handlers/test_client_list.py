"""The client list through the desk: all rows or none, names sealed and never told, access records that follow it."""

import pytest

from handlers import access as files
from handlers.rules.codename import ADJECTIVES, ANIMALS
from storage import access, clients, deadlines
from storage.store import Tx
from tests.handlers.support_desk import LIST, NOON, STAFF, Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The people are there already."""
    desk.take("people.import", STAFF)
    return desk


def who_may(desk: Desk, ref: str) -> dict[str, str]:
    """Short names of those who may open the file, with the basis."""
    client = desk.client(ref)
    found = desk.do(lambda tx: access.listed(tx, client.id))
    return {word: found[id] for word in ("ana", "ben", "sue", "old") if (id := desk.person(word).id) in found}


def name_of(desk: Desk, ref: str) -> str:
    client = desk.client(ref)
    return desk.do(lambda tx: files.current_names(tx, [client]))[client.id]


def test_new_files_are_sealed_named_in_code_and_open_to_owner_and_team(desk: Desk) -> None:
    told = desk.take("clients.import", LIST)
    assert told["added"] == ["4711-1", "4711", "4712"]
    matter, parent = desk.client("4711-1"), desk.client("4711")
    assert matter.parent_id == parent.id
    assert matter.compartment_id != parent.compartment_id
    assert (parent.owner_id, parent.regimes, parent.retention_class, parent.status) == (
        desk.person("ana").id,
        "uk.gdpr;hipaa",
        "client.standard",
        "open",
    )
    assert who_may(desk, "4711-1") == {"ana": "owner", "ben": "team", "sue": "team"}
    assert who_may(desk, "4712") == {"ben": "owner"}
    assert b"Brightwater" not in parent.name
    assert name_of(desk, "4711-1") == "Brightwater v. Crown"


def test_codenames_are_two_words_each_and_differ(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    words = desk.do(clients.codenames)
    assert len(words) == 3
    for first, second in map(str.split, words):
        assert first in ADJECTIVES
        assert second in ANIMALS


def test_six_hundred_files_of_one_list_have_six_hundred_codenames(desk: Desk) -> None:
    # 600 * 599 / 2 couples and 16,384 pairs of words: eleven couples would share one by chance.
    files = "\n".join(f"{number},Client {number},ana@harbour.example" for number in range(600))
    assert len(desk.take("clients.import", f"ref,name,owner\n{files}")["added"]) == 600
    assert len(desk.do(clients.codenames)) == 600


def test_the_owner_reads_the_name_through_the_one_door_and_others_do_not(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    found, ben = [desk.client("4711"), desk.client("4712")], desk.person("ben")
    assert list(desk.do(lambda tx: files.names(tx, ben, found)).values()) == ["Zephyrine Holdings"]


def test_the_same_list_again_changes_nothing_not_even_a_ciphertext(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    before = desk.do(clients.everything)
    told = desk.take("clients.import", LIST)
    assert (told["added"], told["updated"], told["unchanged"], told["absent"]) == ([], [], 3, [])
    assert desk.do(clients.everything) == before
    assert desk.log()[-1] == {"what": "clients.imported", "who": "op", "rows": "3", "added": "0", "updated": "0"}


def test_a_changed_name_is_sealed_anew_in_the_same_compartment(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    before = desk.client("4712")
    told = desk.take("clients.import", "ref,name,owner\n4712,Zephyrine Group,ben@harbour.example")
    assert told["updated"] == [{"ref": "4712", "changed": ["name"]}]
    after = desk.client("4712")
    assert name_of(desk, "4712") == "Zephyrine Group"
    assert (after.compartment_id, after.codename, after.id) == (before.compartment_id, before.codename, before.id)
    assert after.name != before.name
    assert desk.log()[-2]["sealed"] == files.fingerprint(after.name)


def test_a_new_owner_and_team_end_old_access_and_give_new(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    desk.now = NOON.replace(hour=13)
    told = desk.take(
        "clients.import",
        "ref,name,owner,team\n4711-1,Brightwater v. Crown,ben@harbour.example,ana@harbour.example",
    )
    assert told["updated"] == [{"ref": "4711-1", "changed": ["owner", "team"]}]
    assert who_may(desk, "4711-1") == {"ben": "owner", "ana": "team"}
    assert desk.client("4711-1").owner_id == desk.person("ben").id
    client, sue = desk.client("4711-1"), desk.person("sue")
    assert {"what": "access.ended", "who": "op", "client": client.id, "person": sue.id, "basis": "team"} in desk.log()
    assert not desk.do(lambda tx: files.may_open(tx, sue, client.id))


def test_a_list_without_a_team_column_leaves_the_team_and_a_former_owner_loses_the_file(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    desk.take("clients.import", "ref,name,owner\n4711-1,Brightwater v. Crown,ben@harbour.example")
    assert who_may(desk, "4711-1") == {"ben": "owner", "sue": "team"}
    assert desk.client("4711-1").parent_id == desk.client("4711").id
    desk.take("clients.import", "ref,name,owner,team\n4711-1,Brightwater v. Crown,ben@harbour.example,")
    assert who_may(desk, "4711-1") == {"ben": "owner"}


def test_an_owner_who_was_on_the_team_as_well_does_not_keep_a_second_key(desk: Desk) -> None:
    both = "ref,name,owner,team\n1,Lark Ltd,ana@harbour.example,ana@harbour.example;ben@harbour.example"
    desk.take("clients.import", both)
    assert who_may(desk, "1") == {"ana": "owner", "ben": "team"}
    assert desk.take("clients.import", both)["unchanged"] == 1
    client, ana = desk.client("1"), desk.person("ana")
    desk.do(lambda tx: access.give(tx, client.id, ana.id, "team"))
    desk.take("clients.import", "ref,name,owner,team\n1,Lark Ltd,ben@harbour.example,")
    assert who_may(desk, "1") == {"ben": "owner"}


def test_a_dry_run_tells_the_difference_and_writes_nothing(desk: Desk) -> None:
    before = desk.everything()
    told = desk.take("clients.import", LIST, dry_run="yes")
    assert (len(told["added"]), told["dry_run"]) == (3, True)
    assert desk.everything() == before
    desk.take("clients.import", LIST)
    before = desk.everything()
    told = desk.take("clients.import", "ref,name,owner\n4712,Other Name,ana@harbour.example", dry_run="yes")
    assert told["updated"] == [{"ref": "4712", "changed": ["name", "owner"]}]
    assert told["absent"] == ["4711", "4711-1"]
    assert desk.everything() == before


def test_a_reply_that_is_due_from_somebody_who_loses_the_file_is_pointed_out(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    client, ben = desk.client("4712"), desk.person("ben")

    def start(tx: Tx) -> None:
        deadlines.add(
            tx,
            interaction_id="IN-1",
            client_id=client.id,
            sla="first_response",
            received_at=NOON,
            due_at=NOON,
            plan="{}",
            policy_hash="0" * 64,
            responsible_id=ben.id,
        )

    desk.do(start)
    told = desk.take("clients.import", "ref,name,owner\n4712,Zephyrine Holdings,ana@harbour.example", dry_run="yes")
    assert [(warning["line"], warning["ref"]) for warning in told["warnings"]] == [(2, "4712")]
    joined = "ref,name,owner,team\n4712,Zephyrine Holdings,ben@harbour.example,"
    desk.take("clients.import", f"{joined}sue@harbour.example")
    assert desk.take("clients.import", joined)["warnings"] == []  # sue loses the file, and nothing is due from her
