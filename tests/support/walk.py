"""An ordinary day in the sandbox firm, walked once, for the payloads that Slack's side sent on the way.

Invariants: every kind of payload that the bot listens to is among them, from real windows and real cards.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox import payloads
from bot.sandbox.delivery import Sent
from bot.sandbox.person import Person
from bot.sandbox.submitting import Outcome
from tests.journeys.conftest import Town

KINDS = (
    "slash", "shortcut", "message_action", "block_actions", "block_suggestion", "view_submission", "view_closed",
    "app_home_opened", "team_join", "user_change", "url_verification",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Walked:
    """A payload of the day. `way` is how it is written: slash, interaction or event; `what` is one of KINDS."""

    way: str
    what: str
    payload: dict[str, Any]

    @property
    def user(self) -> str:
        """Who acted, as Slack names them; nobody in an event that is about somebody."""
        user = self.payload.get("user_id") or self.payload.get("user") or ""
        return str(user["id"] if isinstance(user, dict) else user)


async def walk(town: Town) -> list[Walked]:
    """Everything that was sent, each once."""
    await _log(town)
    await _report(town)
    await _words(town)
    await _shortcuts(town)
    await _events(town)
    await _late(town)
    return [_taken_apart(sent) for sent in town.firm.hands.delivery.sent]


async def _log(town: Town) -> None:
    """With a choice that repaints, an error beside a field, an unlisted client, and a correction."""
    me = town.amelia
    await me.type("/log-client They asked about the lease.")
    await town.fill(me, "Brightwater", "Card 4111 1111 1111 1111.", "Yes", {})
    assert (await me.submit()).outcome is Outcome.ERRORS
    await me.write("Summary", "They asked about the lease.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await me.press("Correct")
    await me.write("Summary", "They asked about two leases.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await me.type("/log-client")
    await me.choose("Client", "My client is not listed")
    await me.choose("Channel", "Another channel")
    await me.write("Name of the client", "Somebody new")
    await _put_away(me)


async def _report(town: Town) -> None:
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "A letter went astray.")
    await town.tomas.choose("Leave my name out", "Leave my name out")
    assert (await town.tomas.submit()).outcome is Outcome.UPDATED
    await _put_away(town.tomas)
    await town.settle()
    card = town.about(town.priya, "somebody is needed now")[-1]
    await town.priya.press("Open", on=card)
    await _put_away(town.priya)
    await town.priya.press("I am on it", on=card)


async def _words(town: Town) -> None:
    for line in ("", " help", " home", " away", " people", " nothing like it"):
        await town.amelia.type(f"/sopwith{line}")
        await _put_away(town.amelia)
    await town.amelia.type("/sopwith client")
    await town.amelia.choose("Client", (await town.amelia.search("Client", "Brightwater"))[0])
    await town.amelia.submit()
    await _put_away(town.amelia)


async def _shortcuts(town: Town) -> None:
    hands, workspace = town.firm.hands, town.firm.workspace
    channel = workspace.add_channel("CTEAM", "team", ["UAMELIA", workspace.bot_user_id])
    message = workspace.post(channel.id, "UAMELIA", "See <https://example.com|this>, <@UJONAS>.")
    await hands.message_shortcut("UAMELIA", "log-client", message)
    await _put_away(town.amelia)
    await hands.shortcut("UAMELIA", "log-client")
    view = town.amelia.modal
    assert view
    shut = payloads.view_closed(workspace, workspace.users["UAMELIA"], view, cleared=True)
    await hands._interact(shut)
    await _put_away(town.amelia)


async def _events(town: Town) -> None:
    hands = town.firm.hands
    for person in (town.amelia, town.priya):
        await person.look_home()
    await hands.open_home("UAMELIA", tab="messages")
    await hands.join("UOLIVER")
    await hands.change("UOLIVER", tz="Europe/Paris")
    await hands.handshake()


async def _late(town: Town) -> None:
    """Overdue, asked why, taken, answered from the card."""
    await town.later(days=2)
    await town.jonas.press("Why?")
    await _put_away(town.jonas)
    await town.jonas.press("I take it")
    await town.amelia.look_home()
    await town.amelia.press("Log the reply", on=town.about(town.amelia, "Reply overdue")[-1])
    await town.amelia.write("Summary", "Sent the terms.")
    await town.amelia.submit()
    await _put_away(town.amelia)


async def _put_away(person: Person) -> None:
    while person.modal:
        await person.cancel()


def _taken_apart(sent: Sent) -> Walked:
    if sent.kind == "slash":
        return Walked(way="slash", what="slash", payload=dict(parse_qsl(sent.body.decode(), keep_blank_values=True)))
    if sent.kind == "interaction":
        payload = json.loads(dict(parse_qsl(sent.body.decode()))["payload"])
        return Walked(way="interaction", what=payload["type"], payload=payload)
    payload = json.loads(sent.body)
    return Walked(way="event", what=payload.get("event", payload)["type"], payload=payload)
