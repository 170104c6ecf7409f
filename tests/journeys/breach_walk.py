"""A breach by the book, on whatever chat it is: four laws at once, counts that pass a threshold, a hold, information in
phases, a late notice with its reasons, and the end in the register."""

from datetime import datetime, timedelta

from bot.sandbox.person import Person
from bot.sandbox.reading import text_of
from storage import breaches
from storage.store import Tx
from tests.journeys.access_walk import put_away, sent_in
from tests.journeys.conftest import Someone, Town

STEPS = (
    "Contain it",
    "Tell the DPO and management",
    "Assess the harm",
    "Report as the law asks",
    "Tell the clients affected",
    "Review and learn",
)
AUTHORITY = "supervisory authority (Art. 55) (GDPR)"
NEEDED = "somebody is needed now"


async def newest(town: Town) -> str:
    def found(tx: Tx) -> str:
        return breaches.everything(tx)[0].id

    return await town.firm.service.doorway.ask(found)


async def at(person: Someone, label: str, instant: datetime, town: Town) -> None:
    """An instant into its field, as this chat asks for it."""
    if isinstance(person, Person):
        await person.write(label, int(instant.timestamp()))
        return
    local = instant.astimezone(town.firm.zone)
    await person.write(label, local.date().isoformat())
    await person.write(label, f"{local:%H:%M}")


async def press(town: Town, label: str, id: str) -> None:
    """On the newest card about this case that has the button; a message may hold several cards, and lines of others."""
    for message in reversed(town.about(town.priya, id)):
        try:
            await town.priya.press(label, on=message, below=id)
        except LookupError:
            continue
        return
    raise LookupError(f"no card about {id} has {label!r}")


async def see(town: Town, id: str, *buttons: str) -> str:
    """From the case's own card through these buttons; what stands there then."""
    await press(town, "Clocks", id)
    for button in buttons:
        name, _slash, below = button.partition(" / ")
        await town.priya.press(name, below=below)
    assert town.priya.modal
    return text_of(town.priya.modal)


async def reported(town: Town) -> str:
    """Tomas reports, Priya is on it and says which laws are looked at."""
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "The payroll of a client went to a wrong address.")
    await sent_in(town.tomas)
    await put_away(town.tomas)
    await town.settle()
    id = await newest(town)
    await town.priya.press("I am on it", on=town.about(town.priya, f"{id}: {NEEDED}")[-1], below=id)
    await town.settle()
    await see(town, id, "Kind of data")
    await town.priya.choose("Which laws are looked at?", "GDPR", "HIPAA", "California", "New York")
    await sent_in(town.priya)
    await put_away(town.priya)
    return id


async def known(town: Town, id: str, individuals: str, residents: str) -> str:
    await see(town, id, "People affected")
    await town.priya.write("How many people?", individuals)
    await town.priya.write("People by US state", residents)
    await sent_in(town.priya)
    said = text_of(town.priya.modal)
    await put_away(town.priya)
    return said


async def told(town: Town, id: str, whom: str, *, whole: str = "Yes, it is complete", late: str = "") -> None:
    await see(town, id, f"See / {whom}", "A notice was sent")
    await town.priya.choose("How?", "Letter")
    await town.priya.choose("Does it say everything?", whole)
    if late:
        await town.priya.write("If it is late: what are the reasons?", late)
    await sent_in(town.priya)
    await put_away(town.priya)


async def not_needed(town: Town, id: str, whom: str) -> None:
    await see(town, id, f"See / {whom}", "Not needed")
    await town.priya.write("Why is it not needed?", "The firm decides what the data are for; nobody else does.")
    await sent_in(town.priya)
    await put_away(town.priya)


async def by_the_book(town: Town) -> None:
    """From the report to the closed entry of the register."""
    priya, id = town.priya, await reported(town)
    page = await see(town, id)
    await put_away(priya)
    assert "Nothing else is due before it" in page
    assert "(GDPR)" in page

    assert "Saved" in await known(town, id, "120", "CA 120")
    await town.later(days=1)
    assert "more clocks run now" in await known(town, id, "620", "CA 610, NY 10")  # past 500, in the middle of it

    until = (town.firm.now() + timedelta(days=100)).replace(second=0, microsecond=0)
    await see(town, id, "Times")
    await at(priya, "Law enforcement asks to wait until", until, town)
    await sent_in(priya)
    await put_away(priya)

    await told(town, id, AUTHORITY, whole="No, more is to follow")
    assert "more is to follow" in await see(town, id)
    await put_away(priya)
    await town.later(days=110)
    await told(town, id, AUTHORITY)
    assert "Overdue since" in text_of(town.about(priya, id)[-1])
    await see(town, id, f"See / {AUTHORITY}", "Needed after all")
    await put_away(priya)
    await settled(town, id)
    await closed(town, id)


async def settled(town: Town, id: str) -> None:
    """Each clock that still waits is told, late ones with their reasons."""
    for _round in range(30):
        page = await see(town, id)
        await put_away(town.priya)
        waiting = page.partition("Told or decided")[0]
        lines = [line for line in waiting.splitlines() if ": by " in line or ": without undue delay" in line]
        if not lines:
            return
        whom = lines[0].partition(": ")[0]
        if whom.startswith(("controller", "covered entity")):
            await not_needed(town, id, whom)
        else:
            await told(town, id, whom, late="The number of people was known late.")
    raise AssertionError("the clocks do not come to an end")


async def closed(town: Town, id: str) -> None:
    """Nothing closes while a step waits; then it stands in the register."""
    priya = town.priya
    for step in STEPS:
        await press(town, f"Done: {step}", id)
        await town.settle()
    await press(town, "Open", id)
    await priya.press("Close the case")
    await priya.choose("What was it?", "It was a breach")
    await priya.write("What was found, done and learned?", "A wrong address in the book; it is checked now.")
    await sent_in(priya)
    await put_away(priya)
    await town.settle()
    home = await priya.look_home()
    await priya.press("Breach register", on=home)
    assert f"{id}, reported" in text_of(priya.modal)
    assert "It was a breach" in text_of(priya.modal)
    await priya.press("Open", below=id)
    await priya.press("Open it again")
    await priya.write("Why is there more to do?", "Another letter came back.")
    await sent_in(priya)
    await put_away(priya)
