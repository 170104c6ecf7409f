"""One home platform a person: notices go to the account that was chosen, else to the first."""

import asyncio

from handlers.request import Account, Kind, Request
from handlers.views import Reply, Say
from storage import chat
from storage.chat import Reference
from tests.support.house import House

TEAMS = Account(platform="teams", id="T2/amelia")


def both(house: House) -> None:
    """Amelia has an account on Teams as well."""
    name, person = str(TEAMS), house.ids["amelia"]
    found = chat.Account(account=name, person_id=person, guest=False, active=True, zone="")
    house.write(lambda tx: chat.link(tx, found))


def home(house: House) -> str:
    return str(house.read(lambda tx: chat.accounts_of(tx, house.ids["amelia"]))[0].account)


def here(house: House) -> Reply:
    return asyncio.run(house.doorway.handle(Request(kind=Kind.COMMAND, name="here", account=TEAMS)))


def test_with_two_accounts_it_is_the_one_from_which_here_was_said(house: House) -> None:
    both(house)
    assert home(house) == "slack:T1/amelia"
    said = here(house)
    assert isinstance(said, Say)
    assert said.text == "From now on your duties come here, to Microsoft Teams."
    assert home(house) == str(TEAMS)
    again = here(house)
    assert isinstance(again, Say)
    assert again.text == "Your duties come here, to Microsoft Teams."
    back = house.ask("amelia", Kind.COMMAND, "here")
    assert isinstance(back, Say)
    assert home(house) == "slack:T1/amelia"
    assert house.happened().count("account.chosen") == 2
    house.write(lambda tx: chat.fell_silent(tx, "slack:T1/amelia"))
    assert home(house) == str(TEAMS)  # the one that messages reach
    said = here(house)
    assert isinstance(said, Say)
    assert said.text.startswith("From now on")
    house.write(lambda tx: chat.spoke_again(tx, "slack:T1/amelia"))
    assert home(house) == str(TEAMS)  # as chosen


def test_where_a_chat_is_is_remembered_for_linked_accounts_only(house: House) -> None:
    there = Reference(conversation="a:1", service_url="https://smba.example/emea/")
    assert not house.write(lambda tx: chat.found_at(tx, str(TEAMS), there))
    both(house)
    assert house.read(lambda tx: chat.reference(tx, str(TEAMS))) is None
    house.write(lambda tx: chat.fell_silent(tx, str(TEAMS)))
    assert house.write(lambda tx: chat.found_at(tx, str(TEAMS), there))
    assert house.read(lambda tx: chat.reference(tx, str(TEAMS))) == there
