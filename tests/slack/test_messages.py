"""Several cards in one message, as Slack would take it, and one of them painted anew where it stands."""

from dataclasses import replace

from bot.sandbox.block_rules import check_message
from bot.sandbox.reading import text_of
from bot.slack.messages import message, with_card
from handlers.request import Kind
from handlers.views import Button, Card, Does, Text
from tests.slack.office import ADA, CARD, Office

LONG = Card(
    title="A long one",
    items=tuple(Text(text=f"Line {n}") for n in range(60)),
    buttons=tuple(Button(label=f"Step {n}", act=Does(name="step", subject=f"{n}")) for n in range(9)),
)


def cards(number: int) -> tuple[Card, ...]:
    return tuple(replace(CARD, title=f"Reply {n} due") for n in range(number))


def test_eight_cards_fit_into_one_message_and_no_action_id_comes_twice() -> None:
    painted = message(cards(8))
    assert check_message(painted) == []
    ids = [e["action_id"] for block in painted if block["type"] == "actions" for e in block["elements"]]
    assert len(ids) == len(set(ids)) == 8 * len(CARD.buttons)
    assert [b["type"] for b in painted].count("divider") == 7


def test_cards_that_are_too_long_keep_all_their_buttons_and_say_that_something_is_missing() -> None:
    painted = message((LONG,) * 5)
    assert check_message(painted) == []
    buttons = [e for block in painted if block["type"] == "actions" for e in block["elements"]]
    assert len(buttons) == 5 * 9
    assert repr(painted).count("There is more than can be shown here.") == 5


def test_one_card_is_painted_anew_and_the_others_stay_as_they_were() -> None:
    standing = message(cards(3))
    pressed = next(b["block_id"] for b in standing if b["type"] == "actions" and b["block_id"].startswith("card-1-"))
    painted = with_card(standing, pressed, Card(title="Settled", items=(Text(text="Quiet Heron"),)))
    assert check_message(painted) == []
    titles = [b["text"]["text"] for b in painted if b["type"] == "header"]
    assert titles == ["Reply 0 due", "Settled", "Reply 2 due"]
    again = with_card(painted, painted[0]["block_id"], LONG)
    assert check_message(again) == []
    assert [b["text"]["text"] for b in again if b["type"] == "header"] == ["A long one", "Settled", "Reply 2 due"]


async def test_an_answer_with_a_card_changes_the_card_whose_button_it_was(office: Office) -> None:
    await office.sender.send(f"slack:T0HARBOUR/{ADA}", cards(3), headline="Something is due today.")
    office.house.on(Kind.ACTION, "deadline.take", Card(title="Settled", items=(Text(text="Quiet Heron"),)))
    ada = office.person()
    await ada.look_home()  # she is known from now on
    await ada.press("I take it", below="Reply 1 due")
    words = text_of(ada.messages[-1]).splitlines()
    assert [line for line in words if line in {"Settled", "Reply 0 due", "Reply 1 due", "Reply 2 due"}] == [
        "Reply 0 due",
        "Settled",
        "Reply 2 due",
    ]
