"""An ordinary day in the sandbox firm on Teams, walked once, for the activities that were sent on the way.

Invariants: every kind of activity that the bot listens to is among them, from real dialogs and real cards.
"""

import json
from typing import Any

from bot.sandbox.reading import buttons
from bot.sandbox.submitting import Outcome
from bot.sandbox.teams.activities import activity
from bot.sandbox.teams.reading import button
from bot.sandbox.teams.world import World
from tests.journeys.conftest import Someone, Town
from tests.support.walk import Walked

KINDS = (
    "task/fetch", "task/submit", "composeExtension/fetchTask", "composeExtension/submitAction", "adaptiveCard/action",
    "message", "conversationUpdate",
)  # fmt: skip


async def walk(town: Town) -> list[Walked]:
    """Everything that was sent, each once."""
    assert town.firm.teams
    await _log(town)
    await _report(town)
    await _words(town, town.firm.teams)
    await _late(town)
    return [_taken_apart(json.loads(sent.body)) for sent in town.delivery.sent]


async def _log(town: Town) -> None:
    """By a typed line, with an error, over several steps; by the extension, on a message and with a correction."""
    me = town.amelia
    await me.type("/log-client They asked about the lease.")
    await town.fill(me, "Brightwater Estates: lease", "Card 4111 1111 1111 1111.", "Yes", {})
    assert (await me.submit()).outcome is Outcome.ERRORS
    await me.write("Summary", "They asked about the lease.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await me.type("/log-client")
    await me.choose("Client", "My client is not listed")
    await me.choose("Channel", "Another channel")
    await me.choose("Direction", "From the client")
    await me.choose("Kind", "E-mail")
    await me.write("Summary", "They flew.")
    await me.write("Which channel?", "A pigeon")
    await me.write("Name of the client", "Somebody new")
    await me.choose("Does the client expect a reply?", "No")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await town.log(me, "Brightwater Estates: lease", "They asked about the lease.")
    await me.press("Correct")
    await me.write("Summary", "They asked about two leases.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await me.log_message("See <b>this</b> & that.")
    await _put_away(me)
    await town.log_message_of(me, "UJONAS", "A colleague's words")
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


async def _words(town: Town, teams: World) -> None:
    """Typed lines, one of them in a group; and a button where a client knows no Action.Execute."""
    for line in ("help", "home", "away", "people", "sopwith", "nothing like it"):
        await town.amelia.type(line)
        await _put_away(town.amelia)
    await town.amelia.type("client")
    await town.amelia.choose("Client", (await town.amelia.search("Client", "Brightwater"))[0])
    await town.amelia.submit()
    await _put_away(town.amelia)
    await teams.hands.say(town.amelia.id, "help", conversation="19:team@thread.v2")
    await town.settle()
    card = next(post for post in town.priya.messages if "Done: Contain it" in buttons(post))
    old = button(card, "Done: Contain it")
    member = teams.tenant.members[town.priya.id]
    plain = activity(teams.tenant, member, "message", value=old["data"], replyToId=card.id)
    await teams.hands.delivery.deliver(plain)


async def _late(town: Town) -> None:
    """Overdue, asked why, taken, answered from the card; and from the duties."""
    await town.later(days=2)
    late = "Reply overdue"
    task = town.about(town.jonas, late)[-1]
    await town.jonas.press("Why?", on=task, below=late)
    await _put_away(town.jonas)
    await town.jonas.press("I take it", on=task, below=late)
    await town.amelia.press("No reply needed", on=await town.amelia.look_home(), below=late)
    await _put_away(town.amelia)
    await town.amelia.press("Log the reply", on=town.about(town.amelia, late)[-1], below=late)
    await town.amelia.choose("Channel", "Company email")
    await town.amelia.choose("Kind", "E-mail")
    await town.amelia.write("Summary", "Sent the terms.")
    assert (await town.amelia.submit()).outcome is Outcome.UPDATED
    await _put_away(town.amelia)


async def _put_away(person: Someone) -> None:
    while person.modal:
        await person.cancel()


def _taken_apart(sent: dict[str, Any]) -> Walked:
    return Walked(way="activity", what=sent.get("name") or sent["type"], payload=sent)
