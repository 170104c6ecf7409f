"""The story of an information barrier (SOP 6.1). It ends while the barrier stands: lifting it is the visitor's. Played
again, it lifts the earlier one first."""

from bot.sandbox.reading import text_of
from bot.sandbox.stage import AMELIA, MARGARET
from bot.sandbox.telling import LONG, Astray, Someone, Telling, Told
from handlers.words import _

NAME, NUMBER, NOBODYS = "Marlow", "4950", "4951"
CLIENT, CLIENT_NUMBER, WHO = _("Client"), _("Client or matter number"), _("Who must not know?")
BARRIERS, LIFT = _("Information barriers"), _("Lift")


async def _information_barrier(t: Telling) -> None:
    amelia, margaret = t.person(AMELIA), t.person(MARGARET)
    for person in (amelia, margaret):
        await t.put_away(person)
    words = _("{now}. The Marlow Family Trust is a client of Jonas's. Amelia is on its team, and opens the file.")
    await t.say(words.format(now=t.time()), amelia)
    await _open_the_file(t, amelia, margaret)
    words = _(
        "Then the other side names its lawyer: Amelia's brother. Nobody should have to keep a case from a brother, "
        "so the firm keeps it from Amelia."
    )
    await t.say(words, amelia, pause=8)
    await t.put_away(amelia)

    await t.say(_("Margaret is a guardian. She sets an information barrier."), margaret, pause=3)
    await _set(t, margaret)
    words = _("From this moment the client does not exist for Amelia. Nobody is told, and only guardians read why.")
    await t.say(words, margaret, pause=6)
    await t.put_away(margaret)

    await t.say(_("Amelia looks for the client."), amelia, pause=2)
    await _nothing_found(t, amelia)
    words = _(
        "She types “{name}”, then “{number}”: nothing is found. Take over if you like, and try it in the field below. "
        "Else the story goes on."
    )
    await t.say(words.format(name=NAME, number=NUMBER), amelia, pause=LONG)
    await t.put_away(amelia)
    await t.say(_("She remembers the number, and tries emergency access."), amelia, pause=3)
    await _not_even_in_an_emergency(t, amelia)
    await t.put_away(amelia)

    await _list(t, margaret)
    if not _line(margaret):
        raise Astray(_("the barrier is not on the guardian's list"))
    words = _(
        "Margaret sees it on her list. The story ends here. The barrier stands until you lift it: as Margaret, under "
        "“{barriers}”."
    )
    await t.say(words.format(barriers=BARRIERS), margaret)


async def _open_the_file(t: Telling, amelia: Someone, margaret: Someone) -> None:
    await t.ask(amelia, "client")
    found = await amelia.search(CLIENT, NAME)
    if not found:
        await t.put_away(amelia)
        await _lift_the_last(t, margaret)
        await t.say(_("What is on record holds again: Amelia is on the team, and opens the file."), amelia, pause=3)
        await t.ask(amelia, "client")
        found = await amelia.search(CLIENT, NAME)
    if not found:
        raise Astray(_("the file is not open to Amelia"))
    await t.act(amelia.choose(CLIENT, found[0]))
    await t.submitted(amelia)


async def _list(t: Telling, margaret: Someone) -> None:
    await t.ask(margaret, "access")
    await t.act(margaret.press(BARRIERS))


def _line(margaret: Someone) -> str:
    """What her list says of Amelia and this client, "" when no such barrier stands."""
    said = text_of(margaret.modal).splitlines() if margaret.modal else []
    return next((line for line in said if AMELIA in line and f"· {NUMBER}" in line), "")


async def _lift_the_last(t: Telling, margaret: Someone) -> None:
    await t.say(_("A barrier stands from an earlier time. Margaret lifts it first."), margaret, pause=3)
    await _list(t, margaret)
    line = _line(margaret)
    if not line:
        raise Astray(_("the file is not open to Amelia"))
    await t.act(margaret.press(LIFT, below=line))
    await t.act(margaret.write(_("Why may it be lifted?"), _("That case is closed.")))
    await t.submitted(margaret)
    await t.put_away(margaret)


async def _set(t: Telling, margaret: Someone) -> None:
    await _list(t, margaret)
    await t.act(margaret.press(_("Set a barrier")))
    await t.act(margaret.write(CLIENT_NUMBER, NUMBER))
    await t.act(margaret.choose(WHO, AMELIA))
    await t.act(margaret.choose(_("What kind of reason?"), _("Conflict of interest")))
    await t.act(margaret.write(_("The reason"), _("Her brother is the lawyer of the other side.")), pause=4)
    await t.submitted(margaret)


async def _nothing_found(t: Telling, amelia: Someone) -> None:
    await t.ask(amelia, "client")
    for typed in (NAME, NUMBER):
        if await amelia.search(CLIENT, typed):
            raise Astray(_("a client behind a barrier was found"))


async def _not_even_in_an_emergency(t: Telling, amelia: Someone) -> None:
    """The same words for this number and for one that nobody has."""
    await t.ask(amelia, "access")
    await t.act(amelia.press(_("Emergency access")))
    await t.act(amelia.write(CLIENT_NUMBER, NUMBER))
    await t.act(amelia.choose(_("What is it for?"), _("A deadline that cannot wait, and nobody else is there")))
    await t.act(amelia.write(_("What happened?"), _("The other side rings and wants an answer before noon.")))
    barred = await t.refused(amelia)
    await t.say(
        _("No file opens with it, she is told. Then a number that nobody has, {number}:").format(number=NOBODYS)
    )
    await t.act(amelia.write(CLIENT_NUMBER, NOBODYS))
    if await t.refused(amelia) != barred:
        raise Astray(_("the two answers differ"))
    await t.say(_("The same words. Nobody can tell a barrier from a wrong number."), pause=6)


STORY = Told(
    _("The information barrier"),
    _("A client whom somebody must not know of is, for that person, not there at all."),
    _information_barrier,
)
