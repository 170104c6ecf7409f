"""Blocks painted for two people and a bot, and the tags that a browser would make of it."""

from html.parser import HTMLParser
from typing import Any

from bot.sandbox.inputs import first_state, with_defaults
from bot.sandbox.paint import Painter
from bot.sandbox.records import Json, User, View

ADA = User(id="U0ADA", name="Ada <Lane>", email="", team_id="T0")
BEN = User(id="U0BEN", name="Ben Okri", email="", team_id="T0")
BOT = User(id="U0BOT", name="Sopwith", email="", team_id="T0", is_bot=True)


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": words(t), "value": t.lower()} for t in texts]


def field(element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "it",
        "label": words("Label"),
        "element": {"action_id": "it", **element},
        **more,
    }


def view_of(*blocks: Json) -> View:
    painted = with_defaults(list(blocks))
    view = View(id="V1", user="U0ADA", json={"type": "modal", "blocks": painted}, hash="1", root_id="V1")
    view.state = first_state(painted)
    return view


def html(*blocks: Json) -> str:
    return str(Painter(ADA, [ADA, BEN, BOT]).blocks(view_of(*blocks)))


class Tags(HTMLParser):
    """The tags and attributes that a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str, **having: str) -> dict[str, str | None]:
        (found,) = [a for t, a in self.found if t == tag and having.items() <= a.items()]
        return found
