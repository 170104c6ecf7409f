"""A form whose answer was lost is sent in again as it stood: nothing happens twice, and the person is told so at once,
whatever the form would ask by now."""

import copy

import pytest

from bot.sandbox.reading import text_of
from bot.sandbox.teams.person import Person, primary
from tests.journeys.conftest import Town


@pytest.mark.parametrize("transport", ["teams"])
@pytest.mark.parametrize("asked", ["before", "meanwhile"])
async def test_a_message_that_is_sent_in_again_is_said_to_be_saved(town: Town, asked: str) -> None:
    """What was asked before does not wait for it any more; what was asked meanwhile does, and the form would ask which
    inquiries this answers."""
    me = town.amelia
    assert isinstance(me, Person)
    if asked == "before":
        await _inquire(town)
    await me.type("/log-client")
    await me.choose("Client", (await me.search("Client", "Hollis"))[0])
    await me.choose("Channel", "Company email")
    await me.choose("Direction", "To the client")
    await me.choose("Kind", "E-mail")
    await me.write("Summary", "They were told.")
    while me.modal and (way := primary(me.modal)):
        before = copy.deepcopy(me.modal)
        await me.hands.press(me.id, me.modal, way[0])
    assert "IN-" in text_of(me.modal)
    await me.cancel()

    if asked == "meanwhile":
        await _inquire(town)
    await me.hands.press(me.id, before, primary(before)[0])
    assert "This was saved already" in text_of(me.modal)


async def _inquire(town: Town) -> None:
    await town.log(town.amelia, "Hollis", "They asked about the accounts.")
    await town.amelia.cancel()
