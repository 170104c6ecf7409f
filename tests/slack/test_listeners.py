"""Commands, shortcuts and buttons, over real HTTP: signed requests in, windows and answers out."""

import pytest

from bot.sandbox.reading import buttons, fields, text_of
from handlers.request import Kind, Request
from handlers.views import (
    Button,
    Buttons,
    Card,
    Does,
    Done,
    Home,
    Opens,
    Page,
    Reply,
    Say,
    Text,
)
from tests.slack.office import ADA, BEN, Office, filled_in, sent_card


async def test_a_command_opens_its_form_with_what_was_typed_after_it(office: Office) -> None:
    answer = await office.person().type("/log-client rang about <the> lease & more")
    assert (answer.status, answer.body) == (200, "")
    assert fields(office.modal()) == ["Client", "Summary", "When"]
    assert office.modal().state["summary"]["summary"]["value"] == "rang about <the> lease & more"


async def test_a_request_says_who_asks_for_what_and_which_delivery_it_is(office: Office) -> None:
    await office.person().type("/sopwith away until Monday")
    sent = office.house.last
    assert (sent.kind, sent.name, sent.text) == (Kind.COMMAND, "away", "until Monday")
    assert str(sent.account) == f"slack:{office.workspace.team_id}/{ADA}"
    assert sent.key.startswith("command:")
    assert len(sent.key) > 40  # a trigger id


async def test_a_short_answer_to_a_command_is_a_line_only_this_person_sees(office: Office) -> None:
    await office.person().type("/sopwith away until Monday")
    said = office.person().messages[-1]
    assert (said.ephemeral_to, text_of(said)) == (ADA, "Away: until Monday\nAway: until Monday")
    assert office.person().modal is None


async def test_an_answer_with_more_to_it_is_a_window(office: Office) -> None:
    office.house.on(Kind.COMMAND, "away", Say(title="Away", text="Noted.", items=(Text(text="Ben stands in."),)))
    await office.person().type("/sopwith away")
    assert "Ben stands in." in text_of(office.modal())


@pytest.mark.parametrize("line", ["/sopwith", "/sopwith help", "/sopwith   HELP", "/sopwith nonsense that was typed"])
async def test_a_word_nobody_knows_gets_help_and_goes_no_further(office: Office, line: str) -> None:
    await office.person().type(line)
    assert (office.house.last.name, office.house.last.text) == ("help", "")
    assert office.person().messages[-1].text == "These words are understood: &lt;home&gt;, away"


async def test_home_as_a_word_shows_the_duties_in_a_window_that_follows_what_is_done(office: Office) -> None:
    act = Does(name="deadline.take", subject="DL-7")
    left = ["Reply due", "Nothing is due."]

    def home(_request: Request) -> Home:
        duty = (Buttons(buttons=(Button(label="I take it", act=act),)),) if len(left) > 1 else ()
        return Home(title="My duties", items=(Text(text=left[0]), *duty))

    def take(_request: Request) -> Reply:
        left.pop(0)
        return Done()

    office.house.on(Kind.COMMAND, "home", lambda r: Page(title="My duties", items=home(r).items))
    office.house.on(Kind.HOME, "home", home)
    office.house.on(Kind.ACTION, "deadline.take", take)
    await office.person().type("/sopwith home")
    assert "Reply due" in text_of(office.modal())
    await office.person().press("I take it")
    assert "Nothing is due." in text_of(office.modal())


async def test_the_shortcut_opens_the_form(office: Office) -> None:
    await office.hands.shortcut(ADA, "log-client")
    assert (office.house.last.kind, office.house.last.text) == (Kind.COMMAND, "")
    assert fields(office.modal()) == ["Client", "Summary", "When"]


async def test_the_shortcut_on_a_message_brings_its_words_and_its_address(office: Office) -> None:
    workspace = office.workspace
    workspace.add_channel("C0LEGAL", "legal", [ADA, workspace.bot_user_id])
    message = workspace.post("C0LEGAL", BEN, "Tom &amp; Jerry rang, see <https://x.example|this>")
    await office.hands.message_shortcut(ADA, "log-client", message)
    said = f"Tom & Jerry rang, see this (https://x.example)\n{workspace.permalink(message)}"
    assert office.modal().state["summary"]["summary"]["value"] == said
    assert "Jerry" not in office.modal().json["private_metadata"]


async def test_a_button_opens_a_page_for_this_one_person(office: Office) -> None:
    message = await sent_card(office)
    await office.person().press("Why?", on=message)
    assert "Because it is due." in text_of(office.modal())
    assert (office.house.last.kind, office.house.last.name, office.house.last.subject) == (
        Kind.OPEN,
        "deadline.why",
        "DL-7",
    )


async def test_a_button_that_does_something_needs_no_answer(office: Office) -> None:
    message = await sent_card(office)
    answer = await office.person().press("I take it", on=message)
    assert (answer.status, answer.body, office.person().modal) == (200, "", None)
    assert (office.house.last.kind, office.house.last.subject) == (Kind.ACTION, "DL-7")
    assert office.house.last.key.startswith("action:")


async def test_what_is_said_to_a_button_is_a_small_window(office: Office) -> None:
    office.house.on(Kind.ACTION, "deadline.take", Say(text="Ben has taken it already."))
    await office.person().press("I take it", on=await sent_card(office))
    assert "Ben has taken it already." in text_of(office.modal())
    assert "submit" not in office.modal().json


async def test_a_card_in_reply_to_a_button_takes_the_place_of_the_old_one(office: Office) -> None:
    office.house.on(Kind.ACTION, "deadline.take", Card(title="Settled: Reply logged"))
    message = await sent_card(office)
    await office.person().press("I take it", on=message)
    assert (message.updated, buttons(message), message.text) == (1, [], "Something is due today.")
    assert "Settled: Reply logged" in text_of(message)


async def test_a_button_on_a_page_pushes_and_the_page_is_painted_again(office: Office) -> None:
    ticked: list[str] = []

    def page(_request: Request) -> Page:
        tick = Button(label="Tick", act=Does(name="tick", subject="BR-1"))
        return Page(title="A breach", items=(Text(text=f"{len(ticked)} done"), Buttons(buttons=(tick,))))

    def tick(request: Request) -> Reply:
        ticked.append(request.subject)
        return Done()

    office.house.on(Kind.OPEN, "deadline.why", page)
    office.house.on(Kind.ACTION, "tick", tick)
    await office.person().press("Why?", on=await sent_card(office))
    await office.person().press("Tick")
    assert "1 done" in text_of(office.modal())
    assert len(office.workspace.modals[ADA]) == 1
    office.house.on(Kind.ACTION, "tick", Say(text="Thank you."))
    await office.person().press("Tick")
    assert "Thank you." in text_of(office.modal())
    assert len(office.workspace.modals[ADA]) == 2


async def test_a_page_in_reply_to_a_button_on_a_page_takes_its_place(office: Office) -> None:
    tick = Buttons(buttons=(Button(label="Tick", act=Does(name="tick", subject="BR-1")),))
    office.house.on(Kind.OPEN, "deadline.why", Page(title="A breach", items=(tick,)))
    office.house.on(Kind.ACTION, "tick", Page(title="A breach", items=(Text(text="All done."),)))
    await office.person().press("Why?", on=await sent_card(office))
    await office.person().press("Tick")
    assert len(office.workspace.modals[ADA]) == 1
    assert "A breach" in text_of(office.modal())


async def test_a_fourth_window_takes_the_place_of_the_third(office: Office) -> None:
    more = Buttons(buttons=(Button(label="More", act=Opens(name="deadline.why", subject="DL-7")),))
    house = office.house
    house.on(
        Kind.OPEN, "deadline.why", lambda _r: Page(title="Why?", items=(Text(text=f"No. {len(house.asked)}"), more))
    )
    await office.person().press("Why?", on=await sent_card(office))
    for _again in range(3):
        await office.person().press("More")
    assert len(office.workspace.modals[ADA]) == 3
    assert "No. 4" in text_of(office.modal())


async def test_a_window_over_a_read_answer_takes_its_place(office: Office) -> None:
    again = Buttons(buttons=(Button(label="Log another", act=Opens(name="log-client", subject="client:CL-1")),))
    office.house.on(Kind.SUBMIT, "log-client", Say(title="Logged", text="Logged.", items=(again,)))
    await filled_in(office)
    await office.person().submit()
    await office.person().press("Log another")
    assert len(office.workspace.modals[ADA]) == 1
    assert (fields(office.modal())[0], office.house.last.subject) == ("Client", "client:CL-1")
