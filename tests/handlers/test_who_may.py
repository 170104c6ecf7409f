"""Who is let in, and what nobody is told who may not open the file: each guard alone, through the real doorway."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.parcels import card_of
from handlers import access as files
from handlers.request import Account, Kind, Refused, Request
from handlers.views import Card, Data, Form, Page, Reply, Say
from storage import access, chat, deadlines, interactions, people, settings
from tests.support.house import House

AFTER_TOMAS = datetime(2027, 7, 1, 9, 0, tzinfo=UTC)  # his last day is 30 June


def as_account(house: House, account: Account, kind: Kind = Kind.COMMAND, name: str = "log-client") -> Reply:
    return asyncio.run(house.doorway.handle(Request(kind=kind, name=name, account=account, key="k")))


def link(house: House, who: str, **more: object) -> None:
    found = house.read(lambda tx: chat.account(tx, f"slack:T1/{who}"))
    house.write(lambda tx: chat.link(tx, replace(found, **more)))


def person(house: House, who: str) -> people.Person:
    found: people.Person = house.read(lambda tx: people.by_id(tx, house.ids[who]))
    return found


def an_open_deadline(house: House) -> deadlines.Deadline:
    house.log("amelia")
    (found,) = house.read(deadlines.all_open)
    assert isinstance(found, deadlines.Deadline)
    return found


@pytest.mark.parametrize("fault", ["human", "ours"])
def test_a_bot_and_a_stranger_are_let_in_nowhere_even_with_a_known_account(house: House, fault: str) -> None:
    said = as_account(house, replace(Account(platform="slack", id="T1/amelia"), **{fault: False}))
    assert said == Say(text="Sopwith answers people of this firm only.")


def test_a_guest_needs_an_end_date_in_the_people_file(house: House) -> None:
    assert isinstance(house.ask("tomas", Kind.COMMAND, "log-client"), Form)
    link(house, "luca", guest=True)
    said = house.ask("luca", Kind.COMMAND, "log-client")
    assert isinstance(said, Say)
    assert "guest" in said.text


def test_nobody_comes_in_after_the_last_day_or_with_a_deactivated_account(house: House) -> None:
    link(house, "luca", active=False)
    house.now = AFTER_TOMAS
    for who in ("luca", "tomas"):
        said = house.ask(who, Kind.COMMAND, "log-client")
        assert isinstance(said, Say), who
        assert "Your access has ended" in said.text


def test_somebody_past_the_last_day_may_open_nothing_though_the_access_record_stands(house: House) -> None:
    house.write(lambda tx: access.give(tx, house.ids["heron"], house.ids["tomas"], "team"))
    tomas = person(house, "tomas")
    assert house.read(lambda tx: files.may_open(tx, tomas, house.ids["heron"]))
    house.now = AFTER_TOMAS
    assert not house.read(lambda tx: files.may_open(tx, tomas, house.ids["heron"]))


def test_an_access_record_that_has_ended_opens_nothing_and_hides_the_codename_again(house: House) -> None:
    house.log("luca")
    assert "Quiet Heron" in repr(house.ask("luca", Kind.HOME, "home"))
    house.write(lambda tx: access.end(tx, house.ids["heron"], house.ids["luca"], "team"))
    assert isinstance(house.open("luca", "client.file", house.ids["heron"]), Say)
    assert "Quiet Heron" not in repr(house.ask("luca", Kind.HOME, "home"))


def test_a_question_cannot_open_a_file_because_it_could_not_record_it(house: House) -> None:
    with pytest.raises(RuntimeError, match="recorded"):
        house.read(lambda tx: files.open_client(tx, person(house, "amelia"), house.ids["heron"], "test"))


@pytest.mark.parametrize(("who", "reads"), [("amelia", False), ("margaret", False), ("rosa", True), ("priya", True)])
def test_the_quarantine_itself_asks_for_the_role(house: House, who: str, reads: bool) -> None:
    found = person(house, who)
    if reads:
        house.write(lambda tx: files.open_quarantine(tx, found, "test"))
        assert house.happened()[-1] == "quarantine.opened"
        return
    with pytest.raises(Refused):
        house.write(lambda tx: files.open_quarantine(tx, found, "test"))


def test_names_are_given_for_ones_own_files_only(house: House) -> None:
    form = house.open("amelia", "log-client", f"client:{house.ids['otter']}")
    assert isinstance(form, Form)
    assert "client" not in form.values
    assert "Zephyrine" not in repr(form)
    assert "Brightwater" in repr(house.open("amelia", "log-client", f"client:{house.ids['heron']}"))


def test_a_supervisor_is_handed_a_reference_and_whoever_may_open_the_file_its_codename(house: House) -> None:
    deadline = an_open_deadline(house)
    house.later(days=3)
    (his,) = house.told("jonas", "deadline.escalated")
    (hers,) = house.told("amelia", "deadline.overdue")
    card = house.read(lambda tx: card_of(tx, house.policy, his))
    assert isinstance(card, Card)
    assert deadline.interaction_id in repr(card)
    assert "Quiet Heron" not in repr(card)
    assert "Quiet Heron" in repr(house.read(lambda tx: card_of(tx, house.policy, hers)))


def test_only_those_the_ladder_told_can_take_it(house: House) -> None:
    deadline = an_open_deadline(house)
    house.later(days=3)
    refused = house.act("luca", "deadline.take", deadline.id)  # of the team, but nobody told him
    assert refused == Say(text="This was not handed to you.")


def test_the_wrong_client_form_is_for_those_who_may_open_the_file(house: House) -> None:
    house.log("amelia")
    (entry,) = house.read(lambda tx: interactions.last_of(tx, house.ids["amelia"], 1))
    assert isinstance(house.open("sana", "interaction.wrong-client", entry.id), Say)
    assert isinstance(house.open("luca", "interaction.wrong-client", entry.id), Form)


def test_cases_stand_on_the_home_of_the_response_team_alone(house: House) -> None:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    said = house.submit("tomas", form, {"what": "A letter went to the wrong address."})
    assert isinstance(said, Say)
    assert said.reference in repr(house.ask("priya", Kind.HOME, "home"))
    for who in ("amelia", "tomas", "rosa"):
        assert said.reference not in repr(house.ask(who, Kind.HOME, "home")), who


def test_what_belongs_to_the_command_line_is_not_done_for_a_chat_account(house: House) -> None:
    values = {"platform": "slack", "id": "T9"}
    account = Account(platform="slack", id="T1/rosa")
    request = Request(kind=Kind.DESK, name="workspace.pin", account=account, values=values)
    assert isinstance(asyncio.run(house.doorway.handle(request)), Say)
    assert house.read(lambda tx: settings.get(tx, "slack.workspace")) is None


def test_the_first_workspace_is_kept_and_another_refused(house: House) -> None:
    def pin(id: str) -> Data:
        values = {"platform": "slack", "id": id}
        request = Request(kind=Kind.DESK, name="workspace.pin", operator="service", values=values)
        said = asyncio.run(house.doorway.handle(request))
        assert isinstance(said, Data)
        return said

    assert [pin("T1").ok, pin("T2").ok, pin("T1").ok] == [True, False, True]


@pytest.mark.parametrize("mark", ["human", "ours"])
def test_the_directorys_bots_and_strangers_are_never_linked(house: House, mark: str) -> None:
    row = {"account": "slack:T1/twin", "email": "amelia@harbour.example", "human": "yes", "ours": "yes", mark: "no"}
    request = Request(kind=Kind.DESK, name="accounts.seen", operator="slack", rows=(row,))
    assert asyncio.run(house.doorway.handle(request)) == Data(data={"linked": 0})
    assert house.read(lambda tx: chat.account(tx, "slack:T1/twin")) is None


def test_a_stand_in_who_may_not_open_the_file_gets_the_form_without_its_name(house: House) -> None:
    deadline = an_open_deadline(house)
    house.later(days=3)
    form = house.open("jonas", "log-client", f"reply:{deadline.id}")
    assert isinstance(form, (Form, Say))
    assert "Brightwater" not in repr(form)
    assert "Something went wrong" not in repr(form)
    assert isinstance(house.open("jonas", "deadline.why", deadline.id), Page)
