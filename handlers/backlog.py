"""When more waits for somebody than one message holds (after an outage, a weekend, a full day): a line for each, and
the way to all of it.

Invariant: a line says what the card's own title and reference say, never more.
"""

from collections.abc import Sequence

from handlers.request import Ask
from handlers.router import notice
from handlers.views import Button, Card, Facts, Opens, Text
from handlers.words import _
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

BACKLOG = "backlog"
LINES = 15


def listed(cards: Sequence[Card]) -> Card:
    """The rest of a backlog in one card."""
    more = len(cards) - LINES
    lines = [Text(text=_line(card)) for card in cards[:LINES]]
    if more > 0:
        lines.append(Text(text=_("and {n} more").format(n=more), quiet=True))
    title = (
        _("{n} more things wait for you").format(n=len(cards)) if len(cards) > 1 else _("One more thing waits for you")
    )
    return Card(title=title, items=tuple(lines), buttons=(_all_of_it(),))


def _line(card: Card) -> str:
    about = next((item.facts[0][1] for item in card.items if isinstance(item, Facts) and item.facts), "")
    return f"{card.title} · {about}" if about else card.title


@notice(BACKLOG)
def more_waits(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card:
    """How that card is painted anew: some of it may be done by now, and Home knows."""
    return Card(
        title=_("More waits for you"),
        items=(Text(text=_("Home shows what is still to be done.")),),
        buttons=(_all_of_it(),),
    )


def _all_of_it() -> Button:
    return Button(label=_("My duties"), act=Opens(name="home"))
