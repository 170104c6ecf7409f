"""Slack accounts that the people file names: linked, taken away, given to another, and never two people's."""

from dataclasses import replace

from storage import chat, settings
from tests.handlers.support_desk import FIRM, Desk


def pin(desk: Desk) -> None:
    desk.do(lambda tx: settings.put(tx, "slack.workspace", "T1"))


def test_an_account_that_the_file_names_is_linked_once_the_workspace_is_known(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    assert desk.account("slack:T1/U1") is None
    pin(desk)
    desk.take("people.import", FIRM)
    found = desk.account("slack:T1/U1")
    assert found == chat.Account(
        account="slack:T1/U1", person_id=desk.person("ana").id, guest=False, active=True, zone=""
    )
    assert [entry["what"] for entry in desk.log()].count("account.linked") == 1
    desk.take("people.import", FIRM)
    assert [entry["what"] for entry in desk.log()].count("account.linked") == 1


def test_what_the_directory_said_of_an_account_outlasts_an_import(desk: Desk) -> None:
    pin(desk)
    desk.take("people.import", FIRM)
    linked = desk.account("slack:T1/U1")
    assert linked is not None
    seen = replace(linked, guest=True, active=False, zone="Europe/London")
    desk.do(lambda tx: chat.link(tx, seen))
    desk.take("people.import", FIRM.replace("Ana Ruiz", "Ana Bell"))
    assert desk.account("slack:T1/U1") == seen


def test_an_account_that_the_file_replaces_stops_speaking_for_the_person(desk: Desk) -> None:
    pin(desk)
    desk.take("people.import", FIRM)
    desk.take("people.import", "email,name,roles,slack_id\nana@harbour.example,Ana Ruiz,staff,U9")
    old, new = desk.account("slack:T1/U1"), desk.account("slack:T1/U9")
    assert old is not None
    assert new is not None
    assert (old.active, new.active) == (False, True)
    desk.take("people.import", FIRM)  # back again
    again = desk.account("slack:T1/U1")
    assert again is not None
    assert again.active


def test_two_people_whose_accounts_were_mixed_up_can_be_put_right_in_one_file(desk: Desk) -> None:
    pin(desk)
    desk.take(
        "people.import",
        """
        email,name,roles,slack_id
        ana@harbour.example,Ana,staff,U2
        ben@harbour.example,Ben,staff,U1
        """,
    )
    desk.take(
        "people.import",
        """
        email,name,roles,slack_id
        ana@harbour.example,Ana,staff,U1
        ben@harbour.example,Ben,staff,U2
        """,
    )
    for word, account in (("ana", "slack:T1/U1"), ("ben", "slack:T1/U2")):
        found = desk.account(account)
        assert found is not None
        assert (found.person_id, found.active) == (desk.person(word).id, True)


def test_until_the_directory_speaks_a_contractors_account_is_taken_for_a_guests(desk: Desk) -> None:
    pin(desk)
    desk.take("people.import", "email,name,roles,kind,slack_id\ntom@harbour.example,Tom,staff,contractor,U5")
    found = desk.account("slack:T1/U5")
    assert found is not None
    assert found.guest
