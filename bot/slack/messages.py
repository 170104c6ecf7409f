"""Several cards in one message: painted one below the other, and one of them painted anew where it stands.

Invariants: a message has at most 50 blocks, every button of every card among them; block ids say which card a block
belongs to, so that an answer to a click changes that card and no other; action ids are unique in the whole message.
"""

from collections.abc import Sequence

from bot.slack import blocks
from bot.slack.text import Json
from handlers.views import Card

_MARK = "card-"
_NUMBERS = 100  # action ids of each card count from its own hundred


def message(cards: Sequence[Card]) -> list[Json]:
    """The blocks of a message with these cards; where all is too long, each card gets the same room."""
    if len(cards) == 1:
        return blocks.card(cards[0])
    painted = [_marked(card, at, blocks.MESSAGE_BLOCKS) for at, card in enumerate(cards)]
    if sum(map(len, painted)) > blocks.MESSAGE_BLOCKS:
        room = blocks.MESSAGE_BLOCKS // len(cards)
        painted = [_marked(card, at, room) for at, card in enumerate(cards)]
    return [block for part in painted for block in part]


def with_card(standing: Sequence[Json], pressed: str, card: Card) -> list[Json]:
    """The message `standing` with the card of the block `pressed` painted as `card`."""
    at = _card_of(pressed)
    if at is None:
        return blocks.card(card)
    others = [block for block in standing if _card_of(block.get("block_id", "")) != at]
    before = [block for block in others if (_card_of(block.get("block_id", "")) or 0) < at]
    after = others[len(before) :]
    room = blocks.MESSAGE_BLOCKS - len(others)
    return [*before, *_marked(card, at, room), *after]


def _marked(card: Card, at: int, room: int) -> list[Json]:
    """A card's blocks under the card's own block ids, with a line above all but the first."""
    line: list[Json] = [{"type": "divider"}] if at else []
    painted = [*line, *blocks.card(card, room=room - len(line), first=_NUMBERS * at + 1)]
    return [{**block, "block_id": f"{_MARK}{at}-{number}"} for number, block in enumerate(painted)]


def _card_of(block_id: str) -> int | None:
    mark, _dash, rest = block_id.partition("-")
    number = rest.partition("-")[0]
    return int(number) if f"{mark}-" == _MARK and number.isdecimal() else None
