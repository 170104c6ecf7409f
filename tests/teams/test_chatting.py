"""What is typed into a chat that keeps everything, and what the bot says there: how to go on, nothing of a client."""

import uuid

import pytest

from bot.sandbox import seed
from bot.sandbox.faults import Kind
from bot.sandbox.reading import buttons, text_of
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.reading import button
from bot.sandbox.teams.tenant import Member, Post
from bot.sandbox.teams.world import World
from bot.teams.incoming import Typed, typed
from handlers import catalogue
from handlers.request import Kind as Kind_
from handlers.request import Request
from handlers.views import Data
from storage import chat
from storage.chat import Reference
from tests.journeys.conftest import Town
from tests.support.chats import EVERYBODY

WAYS = ["Log client interaction", "Report a breach", "My duties", "Help"]
assert catalogue


@pytest.mark.parametrize(
    ("line", "command", "more"),
    [
        ("log-client", "log-client", False),
        ("/Log-Client", "log-client", False),
        ("  log-client  Mrs Brown rang", "log-client", True),
        ("/sopwith home", "home", False),
        ("sopwith", "", False),
        ("<at>Sopwith</at> home", "home", False),
        ("hello there", "", True),
        ("log-client\u00a0x", "log-client", True),
        ("", "", False),
        ("sopwith nothing-known", "", True),
    ],
)
def test_a_line_is_a_command_with_or_without_more(line: str, command: str, more: bool) -> None:
    assert typed(line) == Typed(command=command, more=more)


async def last(person: Person, line: str) -> Post:
    before = len(person.chat)
    assert (await person.say(line)).status == 200
    new = [p for p in person.chat[before:] if not p.author]
    return new[-1]


async def test_who_has_the_app_for_the_first_time_is_welcomed_once(world: World, amelia: Person) -> None:
    (welcome,) = amelia.chat
    assert "Hello, I am Sopwith." in text_of(welcome)
    assert buttons(welcome) == WAYS
    await world.hands.delivery.replay(world.hands.delivery.sent[0])
    assert len(amelia.chat) == 1


async def test_a_command_that_needs_a_form_is_answered_with_one_button(amelia: Person) -> None:
    answer = await last(amelia, "log-client")
    assert buttons(answer) == ["Open the form"]
    await amelia.press("Open the form", on=answer)
    assert amelia.modal
    assert amelia.modal.title == "Log client interaction"


async def test_a_line_with_more_is_to_be_deleted_and_is_nowhere_repeated(amelia: Person) -> None:
    answer = await last(amelia, "log-client Zebracrossing rang about the divorce")
    assert "This chat keeps what you typed." in text_of(answer)
    assert "Zebracrossing" not in str(answer)
    await amelia.press("Open the form", on=answer)
    assert "Zebracrossing" not in str(amelia.modal)


async def test_a_command_whose_answer_is_a_page_is_read_in_a_dialog(amelia: Person) -> None:
    answer = await last(amelia, "people")
    assert "Jonas" not in text_of(answer)
    await amelia.press("Open", on=answer)
    assert "Your supervisor: Jonas Hale" in text_of(amelia.modal)


async def test_help_and_home_stand_in_the_chat(amelia: Person) -> None:
    assert "log-client: Log an interaction" in text_of(await last(amelia, "help"))
    assert "No reply is due from you. Well done." in text_of(await last(amelia, "home"))


async def test_what_is_no_command_is_answered_with_the_ways_there_are(amelia: Person) -> None:
    answer = await last(amelia, "Can you help me with Mrs Brown?")
    assert "I know commands only" in text_of(answer)
    assert "This chat keeps what you typed." in text_of(answer)
    assert "Brown" not in str(answer)
    assert buttons(answer) == WAYS
    assert "keeps" not in text_of(await last(amelia, ""))


async def test_in_a_group_it_says_only_let_us_talk_in_private(world: World, amelia: Person) -> None:
    group = "19:team@thread.v2"
    for line in ("log-client Zebracrossing", "home", "help"):
        await world.hands.say(amelia.id, line, conversation=group)
    said = [p for p in world.tenant.posts if p.conversation == group and not p.author]
    assert {p.said for p in said} == {"Let us talk in private: open your chat with Sopwith, and I will help you there."}
    assert [p.cards for p in said] == [[], [], []]


async def test_a_form_can_be_opened_from_a_group_and_is_seen_by_one_alone(world: World, amelia: Person) -> None:
    await world.hands.extension(amelia.id, "log-client", conversation="19:team@thread.v2")
    assert amelia.modal
    assert amelia.modal.title == "Log client interaction"
    assert [p for p in world.tenant.posts if p.conversation.startswith("19:")] == []


async def test_somebody_nobody_knows_is_told_whom_to_ask(world: World) -> None:
    world.tenant.add(
        Member(aad="00000000-1111-4222-8333-444444444444", name="Nora New", email="nora@elsewhere.example")
    )
    nora = world.person("00000000-1111-4222-8333-444444444444")
    assert "does not know you yet" in text_of(await last(nora, "log-client"))
    await nora.type("log-client")
    assert "does not know you yet" in text_of(nora.modal)
    await nora.type("report-breach")
    assert "What happened?" in text_of(nora.modal)


async def test_whoever_has_no_object_id_is_a_stranger(world: World) -> None:
    world.tenant.add(Member(aad="", name="Anonymous", email=""))
    nobody = world.person("")
    assert "people of this firm only" in text_of(await last(nobody, "home"))
    await nobody.type("report-breach")
    assert "people of this firm only" in text_of(nobody.modal)


async def test_the_address_is_followed_when_the_service_moves(town: Town, world: World, amelia: Person) -> None:
    await town.log(amelia, "Hollis", "Asked for a meeting.")
    await amelia.cancel()
    world.tenant.region = "uk"
    await amelia.say("help")
    there = await town.firm.service.doorway.ask(
        lambda tx: chat.reference(tx, f"teams:{world.tenant.tenant_id}/{amelia.id}")
    )
    assert there == Reference(conversation=world.tenant.members[amelia.id].chat, service_url=world.tenant.service_url)
    await town.later(hours=23)
    assert town.about(amelia, "Reply due Tue 10:00 (London)")


async def test_the_administrator_hears_who_removed_the_app(town: Town, world: World, amelia: Person) -> None:
    await town.log(amelia, "Hollis", "Asked for a meeting.")
    world.tenant.members[amelia.id].gone = True
    await town.later(hours=23)
    assert town.about(town.margaret, "A notice to Amelia Ward could not be delivered.")
    assert amelia.messages == []
    world.tenant.members[amelia.id].gone = False
    await amelia.say("home")
    await town.later(hours=2)
    assert town.about(amelia, "Reply overdue")


async def test_a_form_from_a_colleagues_chat_moves_nobodys_own(town: Town, world: World, amelia: Person) -> None:
    before = len(amelia.chat)
    await world.hands.extension(amelia.id, "log-client", conversation="a:AMELIA-AND-OLIVER")
    await town.fill(amelia, "Hollis", "Asked for a meeting.", "Yes", {})
    await amelia.submit()
    await town.later(hours=23)
    assert [p for p in world.tenant.posts if p.conversation == "a:AMELIA-AND-OLIVER"] == []
    assert town.about(amelia, "Reply due Tue 10:00 (London)")
    assert len(amelia.chat) == before + 1


async def test_somebody_unknown_can_report_from_any_chat(world: World) -> None:
    aad = "00000000-1111-4222-8333-555555555555"
    world.tenant.add(Member(aad=aad, name="Nora New", email="nora@elsewhere.example"))
    await world.hands.extension(aad, "report-breach", conversation="a:NORA-AND-OLIVER")
    assert "What happened?" in text_of(world.person(aad).modal)
    await world.hands.extension(aad, "log-client", conversation="a:NORA-AND-OLIVER")
    assert "write “help” in your own chat" in text_of(world.person(aad).modal)


async def test_who_removed_the_app_is_out_of_reach_until_it_is_back(town: Town, world: World, amelia: Person) -> None:
    account = f"teams:{world.tenant.tenant_id}/{amelia.id}"
    there = Reference(conversation=world.tenant.members[amelia.id].chat, service_url=world.tenant.service_url)
    ask = town.firm.service.doorway.ask
    assert await ask(lambda tx: chat.is_at(tx, account, there))
    await world.hands.remove(amelia.id)
    assert not await ask(lambda tx: chat.is_at(tx, account, there))
    await world.hands.install(amelia.id)
    assert await ask(lambda tx: chat.is_at(tx, account, there))


async def test_the_people_file_can_take_an_account_back(town: Town, amelia: Person) -> None:
    rows = [dict(row) for row in seed.people(EVERYBODY)]
    ids = {"Amelia Ward": str(uuid.uuid4()), "Oliver Frost": amelia.id}
    for row in rows:
        row["teams_id"] = ids.get(row["name"], row["teams_id"])
    desk = Request(kind=Kind_.DESK, name="people.import", operator="test", rows=tuple(rows))
    answer = await town.firm.service.doorway.handle(desk)
    assert isinstance(answer, Data)
    assert answer.ok, answer
    await amelia.type("people")
    assert "You: Oliver Frost" in text_of(amelia.modal)


async def test_a_word_comes_once_when_the_connector_sends_twice(town: Town, amelia: Person) -> None:
    town.often(Kind.DUPLICATE, 1.0, "message")
    before = len(amelia.chat)
    await amelia.say("help")
    assert len(amelia.chat) == before + 2  # the line, and one answer


async def test_a_client_without_execute_sends_its_button_as_a_message(town: Town, world: World, amelia: Person) -> None:
    await town.log(amelia, "Hollis", "Asked for a meeting.")
    await town.later(days=1, hours=1)
    task = town.about(town.jonas, "Reply overdue")[-1]
    fallback = button(task, "I take it")["fallback"]
    await world.hands.press(town.jonas.id, task, fallback)
    await town.settle()
    assert "Jonas Hale" in text_of(task)
    assert "I take it" not in buttons(task)


async def test_an_answer_that_cannot_be_sent_is_no_fault_and_what_was_done_stays(town: Town, amelia: Person) -> None:
    town.fails("send", Kind.SERVER_ERROR, times=9)
    before = len(amelia.chat)
    assert (await amelia.say("help")).status == 200
    assert len(amelia.chat) == before + 1
