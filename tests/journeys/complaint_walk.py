"""Complaints as people meet them, on whatever chat it is: about the partner, climbing, owned, silent, resolved."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.sandbox.reading import text_of
from bot.sandbox.submitting import Outcome
from storage import escalations
from storage.store import Tx
from tests.journeys.access_walk import put_away, sent_in
from tests.journeys.conftest import Someone, Town

WHAT = "He told us that we would hear by Monday, and we heard nothing."
ABOUT = "About whom?"
MUST = "somebody must own this"
Road = Callable[[Town], Awaitable[None]]


async def pass_on(town: Town, person: Someone, *, about: str = "", unlisted: str = "") -> str:
    """The form as a person fills it in; `unlisted`: a client who is not listed. Gives the reference in the answer."""
    await person.type("/sopwith complaint")
    await person.choose("Is it about somebody here?", "Yes" if about else "No")
    typed = "not listed" if unlisted else "Brightwater"
    await person.choose("Client", (await person.search("Client", typed))[0])
    await person.write("What is it about?", WHAT)
    if unlisted:
        await person.write("Name of the client", unlisted)
    if about:  # appears by the first choice: on some platforms on another step
        await person.choose(ABOUT, (await person.search(ABOUT, about))[0])
    if not unlisted:
        await person.write("What would put it right?", "A date, and that it holds.")
    await sent_in(person)
    assert person.modal
    said = text_of(person.modal)
    await put_away(person)
    await town.settle()
    return next(word.strip(".*") for word in said.split() if word.startswith("CO-"))


async def state(town: Town, id: str) -> str:
    def of(tx: Tx) -> str:
        found = escalations.of(tx, id)
        return found.state if found else ""

    return await town.firm.service.doorway.ask(of)


async def about_the_partner(town: Town) -> None:
    """It passes Jonas by, and he finds it nowhere; Margaret owns it."""
    jonas, margaret = town.jonas, town.margaret
    before = len(jonas.messages)
    id = await pass_on(town, town.amelia, about="Jonas")
    assert len(jonas.messages) == before
    assert id not in text_of(await jonas.look_home())
    card = town.about(margaret, MUST)[-1]
    for secret in ("Jonas", "Brightwater", "Monday"):
        assert secret not in text_of(card)
    await margaret.press("I own this", on=card)
    await town.settle()
    assert await state(town, id) == "acknowledged"
    await margaret.press("Open", on=town.about(margaret, id)[-1])
    assert margaret.modal
    assert WHAT in text_of(margaret.modal)
    await margaret.press("Read the client file")
    assert "Brightwater" in text_of(margaret.modal)
    await put_away(margaret)
    await note(town, margaret, id)
    await handed_to_priya(town, id)
    await resolved(town, id)


async def note(town: Town, owner: Someone, id: str) -> None:
    await owner.press("Add news", on=town.about(owner, id)[-1])
    await owner.choose("What is it?", "A reply to the client")
    await owner.write("What was said or done?", "Rang, and gave them Thursday.")
    await sent_in(owner)
    await put_away(owner)
    await town.settle()


async def handed_to_priya(town: Town, id: str) -> None:
    margaret = town.margaret
    await margaret.press("Open", on=town.about(margaret, id)[-1])
    await margaret.press("Hand over")
    await margaret.choose("To whom?", (await margaret.search("To whom?", "Priya"))[0])
    await margaret.write("What should this person know?", "It is about Thursday.")
    await sent_in(margaret)
    await put_away(margaret)
    await town.settle()
    await town.later(hours=2)
    assert town.about(town.priya, f"{id} was handed to you")


async def resolved(town: Town, id: str) -> None:
    """Open again once, since the client rang once more."""
    priya = town.priya
    for again in (True, False):
        await priya.press("Open", on=town.about(priya, id)[-1])
        await priya.press("Resolve")
        await priya.choose("What was found?", "Upheld")
        await priya.write("What was the client told?", "That we are sorry, and when.")
        await priya.choose("Was the client told where else to turn?", "Yes")
        await sent_in(priya)
        await put_away(priya)
        await town.settle()
        if again:
            await priya.press("Open", on=town.about(priya, id)[-1])
            await priya.press("Open it again")
            await priya.write("Why is there more to do?", "They rang once more.")
            await sent_in(priya)
            await put_away(priya)
            await town.settle()
    await town.later(days=1)
    assert town.about(town.amelia, "What you passed on has been dealt with")


async def silence(town: Town) -> None:
    """About Tomas: Jonas owns it, is reminded, says nothing, and loses it; then he gives it back himself."""
    jonas = town.jonas
    id = await pass_on(town, town.amelia, about="Tomas", unlisted="The Orchard Trust")
    assert town.about(jonas, f"{id}: {MUST}")
    assert id not in text_of(await town.tomas.look_home())
    await jonas.press("I own this", on=town.about(jonas, id)[-1])
    await town.settle()
    start = town.firm.now()
    while await state(town, id) == "acknowledged" and town.firm.now() < start + timedelta(days=21):
        await town.later(days=1)
    assert await state(town, id) == "climbing"
    await jonas.press("I own this", on=town.about(jonas, f"{id}: {MUST}")[-1])
    await town.settle()
    await town.later(days=1)
    await jonas.press("Still on it", on=town.about(jonas, id)[-1])
    await town.settle()
    await jonas.press("Open", on=town.about(jonas, id)[-1])
    await jonas.press("Give it back")
    await put_away(jonas)
    await town.settle()
    assert await state(town, id) == "climbing"


async def also_a_breach(town: Town) -> None:
    """Words of a breach ask one question more; what was typed stays."""
    me = town.amelia
    await me.type("/sopwith complaint")
    await me.choose("Is it about somebody here?", "No")
    await me.choose("Client", (await me.search("Client", "Brightwater"))[0])
    await me.write("What is it about?", "A letter of ours was sent to the wrong person.")
    await me.submit()
    assert me.modal
    assert "sent to the wrong person" in str(me.modal)
    await me.choose("Is it also a suspected breach?", "Yes")
    assert (await me.submit()).outcome is Outcome.UPDATED
    assert "BR-" in text_of(me.modal)
    await put_away(me)
    await town.settle()
    await town.priya.press("I am on it", on=town.about(town.priya, "somebody is needed now")[-1])
    await town.settle()


SHORT: tuple[Road, ...] = (about_the_partner, also_a_breach)
ROADS = (*SHORT, silence)
