"""The words of views.py as Block Kit: every item, Slack's limits, and what people type in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.block_rules import check_message, check_view
from bot.slack import blocks
from bot.slack.text import bold, cut, plain, readable
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

Json = dict[str, Any]
Takes = Callable[[Any], Any]
TYPED = "Smith & Sons <!channel> <@U1> *bold* _it_ ~no~ `x` @channel :tada: &amp;"
EVERY_ITEM: tuple[Item, ...] = (
    Text(text=TYPED),
    Text(text=TYPED, quiet=True),
    Text(text=TYPED, strong=True),
    Text(text="Due today", strong=True),
    Facts(facts=((TYPED, TYPED), ("Due", "Mon 16:00 (London)"), ("Note", TYPED * 30), ("Nobody", ""))),
    Heading(text=TYPED),
    Divider(),
    Checklist(checks=(Check(text=TYPED, done=True, detail=TYPED), Check(text="Tell the client", done=False))),
    Buttons(buttons=(Button(label=TYPED, act=Opens(name="client.file", subject="CL-1")),)),
)


def texts(value: Any) -> list[Json]:
    """Every text object in what was painted."""
    if isinstance(value, dict):
        own = [value] if value.get("type") in ("plain_text", "mrkdwn") else []
        return own + [t for inner in value.values() for t in texts(inner)]
    return [t for inner in value for t in texts(inner)] if isinstance(value, list) else []


def buttons(found: list[Json]) -> list[Json]:
    return [e for b in found if b["type"] == "actions" for e in b["elements"]]


def test_slack_takes_every_item_in_a_message_a_window_and_the_home_tab(takes_view: Takes, takes_message: Takes) -> None:
    takes_message(blocks.card(Card(title="Reply due", items=EVERY_ITEM)))
    takes_view(blocks.page(Page(title="A file", items=EVERY_ITEM)))
    takes_view(blocks.say(Say(title="Logged", text="Logged.", items=EVERY_ITEM)))
    takes_view(blocks.home(Home(title="My duties", items=EVERY_ITEM)))
    takes_message(blocks.whispered(Say(title="Logged", text="Logged.", items=EVERY_ITEM))["blocks"])


def test_what_people_typed_is_shown_letter_by_letter_and_nothing_in_it_comes_alive() -> None:
    painted = texts(blocks.page(Page(title="A file", items=EVERY_ITEM)))
    assert [t for t in painted if t["text"].startswith("Smith") and t["type"] != "plain_text"] == []
    assert sum(TYPED in t["text"] for t in painted) >= 8
    assert all(t["emoji"] is False for t in painted if t["type"] == "plain_text")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Due today", "*Due today*"),
        ("A & B <C>", "*A &amp; B &lt;C&gt;*"),
        ("Mon 16:00 (London)", "*Mon 16:00 (London)*"),
        (" padded ", "*padded*"),
    ],
)
def test_bold_escapes_slacks_three_control_characters_and_parses_no_names(words: str, shown: str) -> None:
    assert bold(words) == {"type": "mrkdwn", "text": shown, "verbatim": True}


@pytest.mark.parametrize("words", ["a*b", "a_b", "a~b", "a`b", "two\nlines", ":tada:", "x" * 501])
def test_words_that_bold_could_change_are_shown_plain_instead(words: str) -> None:
    assert bold(words) == {"type": "plain_text", "text": words, "emoji": False}


def test_what_is_too_long_ends_in_an_ellipsis_and_what_is_empty_is_a_dash() -> None:
    assert (cut("abcdef", 5), cut("abcde", 5), cut("abc  ef", 6)) == ("abcd…", "abcde", "abc…")
    assert plain("  ")["text"] == "–"


def test_a_long_text_is_shown_whole_in_several_sections(takes_view: Takes) -> None:
    text = "".join(f"{n:05d}" for n in range(1400))  # 7,000 characters: 3,000 + 3,000 + 1,000
    view = takes_view(blocks.page(Page(title="A file", items=(Text(text=text), Text(text=text, quiet=True)))))
    sections = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section"]
    small = [b["elements"][0]["text"] for b in view["blocks"] if b["type"] == "context"]
    assert [len(s) for s in sections] == [3000, 3000, 1000]
    assert "".join(sections) == "".join(small) == text


def test_short_facts_stand_beside_their_labels_and_long_ones_below(takes_message: Takes) -> None:
    facts = Facts(facts=(*((f"Label {n}", f"Value {n}") for n in range(12)), ("Note", "x" * 61)))
    painted = takes_message(blocks.items((facts,)))
    fields = [[f["text"] for f in b["fields"]] for b in painted if "fields" in b]
    assert [len(f) for f in fields] == [10, 10, 4]  # five, five and two pairs
    assert fields[0][:2] == ["*Label 0*", "Value 0"]
    assert [b["text"]["text"] for b in painted if "text" in b] == ["*Note*", "x" * 61]


def test_a_checklist_says_in_words_what_is_done() -> None:
    checks = (Check(text="Stop it", done=True, detail="Ada, Mon 10:00"), Check(text="Tell the DPO", done=False))
    painted = blocks.items((Checklist(checks=checks),))
    assert [b["text"]["text"] for b in painted] == ["✓ Done: Stop it\nAda, Mon 10:00", "○ To do: Tell the DPO"]


def test_a_button_carries_its_verb_its_name_and_ids_and_nothing_else(takes_message: Takes) -> None:
    card = Card(
        title="Reply due",
        items=(Buttons(buttons=(Button(label="Open", act=Opens(name="client.file", subject="CL-1")),)),),
        buttons=(
            Button(label="I take it", act=Does(name="deadline.take", subject="DL-7"), primary=True),
            Button(label="I take it", act=Does(name="deadline.take", subject="DL-8")),
            Button(label="Help", act=Opens(name="help")),
        ),
    )
    painted = buttons(takes_message(blocks.card(card)))
    assert [(b["action_id"], b.get("value"), b.get("style")) for b in painted] == [
        ("opens:client.file#1", "CL-1", None),
        ("does:deadline.take#2", "DL-7", "primary"),
        ("does:deadline.take#3", "DL-8", None),
        ("opens:help#4", None, None),
    ]


def test_a_button_that_asks_first_says_what_it_will_do(takes_message: Takes) -> None:
    act = Does(name="breach.close", subject="BR-1")
    painted = takes_message(blocks.items((Buttons(buttons=(Button(label="Close", act=act, confirm="Really?"),)),)))
    confirm = buttons(painted)[0]["confirm"]
    assert [confirm[k]["text"] for k in ("title", "text", "confirm", "deny")] == ["Close", "Really?", "Close", "Cancel"]


def test_more_than_five_buttons_take_another_row(takes_message: Takes) -> None:
    many = tuple(Button(label=f"B{n}", act=Does(name="x", subject=str(n))) for n in range(12))
    painted = takes_message(blocks.items((Buttons(buttons=many),)))
    assert [len(b["elements"]) for b in painted] == [5, 5, 2]
    assert len({b["action_id"] for b in buttons(painted)}) == 12


def test_a_card_with_too_much_on_it_keeps_its_buttons_and_says_that_something_is_missing(takes_message: Takes) -> None:
    act = Does(name="deadline.take", subject="DL-7")
    full = Card(
        title="Many", items=tuple(Heading(text=f"H{n}") for n in range(60)), buttons=(Button(label="B", act=act),)
    )
    painted = takes_message(blocks.card(full))
    assert len(painted) == 50
    assert painted[-1]["type"] == "actions"
    assert painted[-2]["elements"][0]["text"] == "There is more than can be shown here."


def test_a_home_tab_and_a_window_hold_a_hundred_blocks_at_most(takes_view: Takes) -> None:
    many = tuple(Text(text=f"Duty {n}") for n in range(120))
    assert len(takes_view(blocks.home(Home(title="My duties", items=many)))["blocks"]) == 100
    assert len(takes_view(blocks.page(Page(title="A file", items=many)))["blocks"]) == 100


def test_a_title_too_long_for_a_window_stands_whole_inside(takes_view: Takes) -> None:
    title = "What was last logged for Quiet Heron"
    view = takes_view(blocks.page(Page(title=title, items=(Divider(),))))
    assert view["title"]["text"] == "What was last logged fo…"  # 23 characters and the ellipsis
    assert view["blocks"][0] == {"type": "header", "text": plain(title)}


def test_what_is_empty_says_so(takes_view: Takes) -> None:
    view = takes_view(blocks.page(Page(title="A file", items=())))
    assert view["blocks"][0]["elements"][0]["text"] == "There is nothing here."
    takes_view(blocks.home(Home(title="", items=())))


def test_a_window_to_read_has_no_submit_and_remembers_only_how_it_was_opened(takes_view: Takes) -> None:
    page = Page(title="A breach", items=(Text(text="Secret"),))
    view = takes_view(blocks.page(page, opener=Opens(name="breach", subject="BR-1")))
    assert "submit" not in view
    assert json.loads(view["private_metadata"]) == {"name": "breach", "subject": "BR-1"}
    assert "private_metadata" not in blocks.page(page)


words = st.text(max_size=80)
acts = st.one_of(
    st.builds(Opens, name=st.just("a.b"), subject=words), st.builds(Does, name=st.just("c"), subject=words)
)
button = st.builds(Button, label=words, act=acts, primary=st.booleans(), confirm=words)
item = st.one_of(
    st.builds(Text, text=st.text(max_size=4000), quiet=st.booleans(), strong=st.booleans()),
    st.builds(Facts, facts=st.lists(st.tuples(words, words), max_size=14).map(tuple)),
    st.builds(Heading, text=st.text(max_size=200)),
    st.builds(Divider),
    st.builds(Checklist, checks=st.lists(st.builds(Check, text=words, done=st.booleans(), detail=words)).map(tuple)),
    st.builds(Buttons, buttons=st.lists(button, max_size=7).map(tuple)),
)
some_items = st.lists(item, max_size=30).map(tuple)


@given(title=st.text(max_size=200), found=some_items, below=st.lists(button, max_size=7).map(tuple))
def test_whatever_is_said_slack_takes_it(title: str, found: tuple[Item, ...], below: tuple[Button, ...]) -> None:
    assert check_message(blocks.card(Card(title=title, items=found, buttons=below))) == []
    assert check_view(blocks.page(Page(title=title, items=found)), "modal") == []
    assert check_view(blocks.home(Home(title=title, items=found)), "home") == []
    assert check_message(blocks.whispered(Say(title=title, text=title, items=found))["blocks"]) == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("see <https://x.example/a|the page>", "see the page (https://x.example/a)"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<https://x.example|https://x.example>", "https://x.example"),
        ("<@U1|ada> in <#C1|general>", "@ada in #general"),
        ("<@U1> and <!here>", "@… and @here"),
        ("<!subteam^S1|@litigation>", "@litigation"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_a_quoted_message_reads_as_people_saw_it(sent: str, read: str) -> None:
    assert readable(sent) == read
