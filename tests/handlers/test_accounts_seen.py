"""The chat directory's word about accounts: who speaks for whom is on record, and nobody speaks on who should not."""

import asyncio
from typing import Any

import pytest

from handlers.request import Kind, Request
from handlers.views import Say
from storage import audit, chat, people
from tests.support.house import House

AMELIA = "slack:T1/amelia"


def seen(house: House, account: str, **row: str) -> None:
    request = Request(kind=Kind.DESK, name="accounts.seen", operator="slack", rows=({"account": account, **row},))
    asyncio.run(house.doorway.handle(request))


def entries(house: House) -> list[dict[str, Any]]:
    return [e.words for e in house.read(audit.entries) if e.words["what"].startswith("account.")]


def test_a_link_between_an_account_and_a_person_is_on_record_once(house: House) -> None:
    for _twice in range(2):
        seen(house, "slack:T1/second", email="amelia@harbour.example")
    (entry,) = entries(house)
    assert entry["what"] == "account.linked"
    assert (entry["account"], entry["person"], entry["who"]) == ("slack:T1/second", house.ids["amelia"], "slack")


@pytest.mark.parametrize("row", [{"active": "no"}, {"ours": "no"}, {"human": "no"}])
def test_an_account_that_is_gone_or_no_longer_ours_stops_speaking_though_no_address_comes_with_it(
    house: House, row: dict[str, str]
) -> None:
    seen(house, AMELIA, **row)
    assert house.read(lambda tx: chat.accounts_of(tx, house.ids["amelia"])) == []
    refused = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(refused, Say)
    assert [e["what"] for e in entries(house)] == ["account.stopped"]


def test_an_account_given_up_in_the_people_file_is_not_taken_up_again_by_its_address(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["amelia"], slack_id="U2NEW"))
    seen(house, AMELIA, active="no")
    seen(house, AMELIA, email="amelia@harbour.example")
    assert house.read(lambda tx: chat.accounts_of(tx, house.ids["amelia"])) == []
    seen(house, "slack:T1/U2NEW", email="elsewhere@harbour.example")
    assert [a.account for a in house.read(lambda tx: chat.accounts_of(tx, house.ids["amelia"]))] == ["slack:T1/U2NEW"]


def test_accounts_that_the_people_file_names_are_known_from_the_first_start_on(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["sana"], slack_id="USANA"))
    request = Request(
        kind=Kind.DESK, name="workspace.pin", operator="service", values={"platform": "slack", "id": "T1"}
    )
    for _twice in range(2):
        asyncio.run(house.doorway.handle(request))
    found = house.read(lambda tx: chat.accounts_of(tx, house.ids["sana"]))
    assert [a.account for a in found] == ["slack:T1/USANA", "slack:T1/sana"]
    assert [e["account"] for e in entries(house)] == ["slack:T1/USANA"]
