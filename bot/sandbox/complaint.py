"""The story of a complaint about the partner (SOP 5.5): it passes him by, and somebody else owns it."""

from bot.sandbox.reading import text_of
from bot.sandbox.stage import AMELIA, JONAS, MARGARET
from bot.sandbox.telling import LONG, Astray, Someone, Telling, Told
from handlers.words import _

CLIENT, NAME = _("Client"), "Brightwater"
HERE, ABOUT, WHAT = _("Is it about somebody here?"), _("About whom?"), _("What is it about?")
OWN = _("I own this")


async def _complaint(t: Telling) -> None:
    amelia, jonas, margaret, mark = t.person(AMELIA), t.person(JONAS), t.person(MARGARET), t.mark()
    for person in (amelia, jonas, margaret):
        await t.put_away(person)
    await t.say(_("Time passes until Tuesday morning …"), pause=0)
    await t.clock(t.weekday(1, 10, 0))
    words = _("{now}. A client rings Amelia: Jonas, her own supervisor, promised an answer and never gave one.")
    await t.say(words.format(now=t.time()), amelia)
    reference = await _pass_it_on(t, amelia)
    await t.say(_("It is on record, sealed. She has a reference, and need not carry it alone."), amelia)
    await t.put_away(amelia)

    await t.card(margaret, OWN, mark, reference)
    await t.say(
        _("It passes Jonas by. Margaret, who is above him, is told: a reference and a time, no more."), margaret
    )
    if any("CO-" in text_of(shown) for shown in (*jonas.messages, await jonas.look_home())):
        raise Astray(_("Jonas was told of it"))
    words = _(
        "Jonas sees nothing of it: no message, no line on his page, no look at who opened what. Take over if you like: "
        "press “{button}” as Margaret. Else the story goes on."
    )
    await t.say(words.format(button=OWN), jonas, pause=LONG)
    await t.press(margaret, OWN, mark, reference)
    await t.say(_("Margaret owns it: it climbs no further, and the clocks run."), margaret)
    await t.card(margaret, _("Still on it"), mark, reference)
    await t.press(margaret, _("Open"), mark, reference)
    await t.say(
        _("After a click she reads what was said, and may read the client's file for it, for ten days."), margaret
    )
    await t.put_away(margaret)
    words = _("Owned. If she says nothing for five business days she is asked; silent still, it climbs again.")
    await t.say(words, margaret)


async def _pass_it_on(t: Telling, amelia: Someone) -> str:
    await t.ask(amelia, "complaint")
    await t.act(amelia.choose(HERE, _("Yes")))
    found = await amelia.search(CLIENT, NAME)
    if not found:
        raise Astray(_("the client was not found"))
    await t.act(amelia.choose(CLIENT, found[0]))
    await t.act(amelia.write(WHAT, _("He promised an answer by Monday, and they heard nothing.")))
    await t.act(amelia.choose(ABOUT, (await amelia.search(ABOUT, "Jonas"))[0]))
    await t.submitted(amelia)
    return t.reference(amelia, "CO-")


STORY = Told(
    _("Complaint about the partner"),
    _("It passes him by, he finds it nowhere, and somebody else owns it."),
    _complaint,
)
