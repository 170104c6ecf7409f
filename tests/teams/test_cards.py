"""The words of views.py as Adaptive Cards: every item, Teams' limits, both kinds of button, and what people type in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.teams.card_rules import check, check_message, parts
from bot.teams import cards
from bot.teams.cards import Where
from bot.teams.sender import painted
from handlers.views import (
    Button,
    Buttons,
    Card,
    Check,
    Checklist,
    Divider,
    Does,
    Facts,
    Heading,
    Home,
    Item,
    Opens,
    Page,
    Say,
    Text,
)
from tests.support import adaptive

Json = dict[str, Any]
TYPED = "Smith & Sons <at>all</at> **bold** _it_ [x](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}} ${name} &amp;"
SHOWN = TYPED.replace("{{", "{\u2060{")
OPEN = Button(label="Open", act=Opens(name="client.file", subject="CL-1"))
TAKE = Button(label="I take it", act=Does(name="deadline.take", subject="DL-1"), primary=True)
SURE = Button(label="Give up", act=Does(name="give.up"), confirm="Are you sure?")
EVERY_ITEM: tuple[Item, ...] = (
    Text(text=TYPED),
    Text(text=TYPED, quiet=True),
    Text(text=f"{TYPED}\n\n{TYPED}", strong=True),
    Facts(facts=((TYPED, TYPED), ("Due", "Mon 16:00 (London)"), ("Note", "one\ntwo"), ("Nobody", ""))),
    Heading(text=TYPED),
    Divider(),
    Checklist(checks=(Check(text=TYPED, done=True, detail=TYPED), Check(text="Tell the client", done=False))),
    Buttons(buttons=(OPEN, TAKE, SURE)),
)


def taken(card: Json, *, dialog: bool = False) -> Json:
    assert check(card, dialog=dialog) == []
    assert adaptive.faults(card) == []
    return card


def texts(card: Json) -> list[str]:
    return [part["text"] for part in parts(card) if part.get("type") == "TextRun"]


def actions(card: Json) -> list[Json]:
    return [part for part in parts(card) if str(part.get("type")).startswith("Action.")]


def test_teams_takes_every_item_in_a_message_a_dialog_and_as_home() -> None:
    taken(cards.card(Card(title="Reply due", items=EVERY_ITEM, buttons=(OPEN, TAKE))))
    taken(cards.home(Home(title="My duties", items=EVERY_ITEM)))
    taken(
        cards.page(Page(title="A file", items=EVERY_ITEM), Where(dialog=True, page=("client.file", "CL-1"))),
        dialog=True,
    )
    taken(cards.say(Say(text="Logged.", items=EVERY_ITEM), Where(dialog=True, page=("x", ""))), dialog=True)
    taken(cards.read(Page(title="What I can do", items=EVERY_ITEM)))
    taken(cards.opening([TYPED], [("Open the form", "log-client")]))
    taken(cards.card(Card(title="")))


def test_what_people_typed_is_shown_letter_by_letter() -> None:
    shown = texts(cards.read(Page(title="A file", items=EVERY_ITEM)))
    assert sum(SHOWN in text for text in shown) >= 8
    assert not any("{{" in text for text in shown)
    assert all(part.get("type") != "TextBlock" for part in parts(cards.home(Home(title=TYPED, items=EVERY_ITEM))))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_is_typed_is_a_card_that_teams_takes(text: str) -> None:
    card = cards.read(Page(title=text, items=(Text(text=text), Facts(facts=((text, text),)))))
    assert check(card, dialog=False) == []


def test_in_a_message_what_opens_is_a_submit_that_fetches_and_what_acts_an_execute_with_a_submit_behind_it() -> None:
    opens, acts = actions(cards.card(Card(title="x", buttons=(OPEN, TAKE))))[:2]
    assert (opens["type"], opens["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})
    assert opens["data"]["sopwith"] == {"verb": "opens", "name": "client.file", "subject": "CL-1"}
    assert (acts["type"], acts["verb"], acts["style"]) == ("Action.Execute", "does", "positive")
    assert (
        acts["fallback"]["data"]
        == acts["data"]
        == {"sopwith": {"verb": "does", "name": "deadline.take", "subject": "DL-1"}}
    )


def test_in_a_dialog_every_button_is_a_plain_submit_and_knows_the_page_it_stands_on() -> None:
    where = Where(dialog=True, page=("breach.open", "BR-1"), home="17")
    found = actions(cards.page(Page(title="x", items=(Buttons(buttons=(OPEN, TAKE)),)), where))
    assert {one["type"] for one in found} == {"Action.Submit"}
    assert all("msteams" not in one["data"] for one in found)
    assert all(one["data"]["sopwith"]["page"] == ["breach.open", "BR-1"] for one in found)
    assert all(one["data"]["sopwith"]["home"] == "17" for one in found)


def test_a_question_stands_below_its_button_with_the_button_once_more() -> None:
    (asks, does, fallback) = actions(cards.card(Card(title="x", buttons=(SURE,))))
    assert (asks["type"], asks["title"]) == ("Action.ShowCard", "Give up")
    assert "Are you sure?" in texts(asks["card"])
    assert (does["title"], fallback["type"]) == ("Give up", "Action.Submit")


def test_five_buttons_stand_beside_each_other() -> None:
    card = taken(cards.card(Card(title="x", buttons=(OPEN,) * 12)))
    assert [len(p["actions"]) for p in card["body"] if p["type"] == "ActionSet"] == [5, 5, 2]


def test_a_divider_is_a_line_above_what_follows() -> None:
    body = cards.read(Page(title="", items=(Text(text="a"), Divider(), Text(text="b"), Divider())))["body"]
    assert [part.get("separator", False) for part in body] == [False, True]


@pytest.mark.parametrize("text", ["x" * 200_000, "é\n" * 20_000, "💥" * 9_000])
def test_what_does_not_fit_is_said_to_be_missing_and_the_buttons_stay(text: str) -> None:
    card = taken(cards.card(Card(title="Long", items=(Text(text=text), *EVERY_ITEM * 20), buttons=(TAKE,))))
    assert "There is more than can be shown here." in texts(card)
    assert actions(card)[-2]["title"] == "I take it"
    assert check_message([card]) == []


@pytest.mark.parametrize("count", [1, 2, 8])
def test_several_cards_share_the_room_of_one_message(count: int) -> None:
    long = Card(title="Long", items=EVERY_ITEM * 20, buttons=(TAKE,))
    found = painted((long,) * count)
    assert check_message(found) == []
    assert all(taken(card) for card in found)
    assert {a["data"]["sopwith"].get("alone", True) for c in found for a in actions(c) if "data" in a} == {count == 1}
