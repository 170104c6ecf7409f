"""Need-to-know as people meet it: asked for, given, handed on, barred, opened in an emergency, looked up afterwards.

Each part is one road through the firm, on whatever chat it is; the parts follow each other.
"""

from bot.sandbox.reading import text_of
from bot.sandbox.submitting import Outcome
from handlers.need_to_know import reviews
from handlers.request import Kind, Request
from handlers.views import Data
from storage import chat, clients, people, timers
from storage.store import Tx
from tests.journeys.conftest import Someone, Town

HOLLIS = "4802"


async def put_away(person: Someone) -> None:
    while person.modal:
        await person.cancel()


async def sent_in(person: Someone, outcome: Outcome = Outcome.UPDATED) -> None:
    done = await person.submit()
    assert done.outcome is outcome, done.errors


async def access_page(person: Someone, button: str) -> None:
    await person.type("/sopwith access")
    await person.press(button)


async def ask_for_access(town: Town, person: Someone, number: str = HOLLIS) -> None:
    await access_page(person, "Ask for access")
    await person.write("Client or matter number", number)
    await person.choose("What for?", "Standing in for a colleague")
    await person.write("Why do you need it?", "The hearing is next week.")
    await person.choose("For how long?", "One month")
    await sent_in(person)
    await put_away(person)
    await town.settle()


async def answer(town: Town, owner: Someone, button: str) -> None:
    await owner.press("Look at the request", on=town.about(owner, "asks for access")[-1])
    assert owner.modal
    assert "The hearing is next week." in text_of(owner.modal)
    await owner.press(button)
    await put_away(owner)
    await town.settle()


async def asked_and_answered(town: Town) -> None:
    oliver = town.person("UOLIVER")
    await ask_for_access(town, oliver)
    await answer(town, town.amelia, "Do not approve")
    assert town.about(oliver, "Access not approved")
    await ask_for_access(town, oliver)
    await answer(town, town.amelia, "Approve")
    await oliver.press("Open", on=town.about(oliver, "Access approved")[-1])
    await oliver.press("Who can see this file?")
    assert oliver.modal
    assert "granted by Amelia Ward" in text_of(oliver.modal)
    await put_away(oliver)
    await access_page(oliver, "What is kept about me")
    await put_away(oliver)


async def file_of(town: Town, person: Someone, client: str) -> None:
    await person.type("/sopwith client")
    await person.choose("Client", (await person.search("Client", client))[0])
    await sent_in(person)
    await person.press("Who can see this file?")


async def given_and_handed_on(town: Town) -> None:
    me, tomas = town.amelia, town.tomas
    await file_of(town, me, "Hollis")
    await me.press("Give access")
    await me.choose("Who?", (await me.search("Who?", "Tomas"))[0])
    await me.choose("What for?", "My work on the matter")
    await me.write("Why do they need it?", "He drafts the accounts.")
    await me.choose("For how long?", "One week")
    await sent_in(me)
    await put_away(me)
    await town.settle()
    assert town.about(tomas, "A client file is open to you")
    await town.later(hours=2)
    assert town.about(tomas, "ends soon")
    await file_of(town, me, "Hollis")
    await me.press("End", below=next(line for line in text_of(me.modal).splitlines() if "Tomas Berg" in line))
    await put_away(me)
    await town.settle()
    assert town.about(tomas, "A client file is closed to you")
    await file_of(town, me, "lease renewal")
    await me.press("Hand to a new owner")
    await me.choose("New owner", (await me.search("New owner", "Oliver"))[0])
    await sent_in(me)
    await put_away(me)
    await town.settle()
    assert town.about(town.person("UOLIVER"), "You own a client file now")


async def barred(town: Town) -> None:
    margaret = town.margaret
    await access_page(margaret, "Information barriers")
    await margaret.press("Set a barrier")
    await margaret.write("Client or matter number", "4950")
    await margaret.choose("Who must not know?", (await margaret.search("Who must not know?", "Amelia"))[0])
    await margaret.choose("What kind of reason?", "Conflict of interest")
    await margaret.write("The reason", "Her brother is on the other side.")
    await sent_in(margaret)
    await put_away(margaret)
    await town.settle()
    row = {"line": "2", "ref": "4950", "name": "Marlow Family Trust", "owner": "amelia.ward@harbour-lane.example"}
    taken = Request(kind=Kind.DESK, name="clients.import", operator="test", rows=(row,))
    assert isinstance(await town.firm.service.doorway.handle(taken), Data)
    await town.settle()
    assert town.about(margaret, "A file keeps its owner")
    for word in ("Marlow", "4950"):
        await town.amelia.type("/sopwith client")
        assert not await town.amelia.search("Client", word)
        await put_away(town.amelia)
    await access_page(margaret, "Information barriers")
    await margaret.press("Why?")
    assert margaret.modal
    assert "Her brother" in text_of(margaret.modal)
    await put_away(margaret)
    await access_page(margaret, "Information barriers")
    await margaret.press("Lift")
    await margaret.write("Why may it be lifted?", "The case is closed.")
    await sent_in(margaret)
    await put_away(margaret)


async def in_an_emergency(town: Town) -> None:
    oliver = town.person("UOLIVER")
    await access_page(oliver, "Emergency access")
    await oliver.write("Client or matter number", "4950")
    await oliver.choose("What is it for?", "A court or an authority asks now")
    await oliver.write("What happened?", "The court wants the trust deed before noon.")
    await sent_in(oliver)
    await oliver.press("Open the file")
    assert oliver.modal
    assert "Marlow" in text_of(oliver.modal)
    await put_away(oliver)
    await town.settle()
    await town.priya.press("Review", on=town.about(town.priya, "Emergency access")[-1])
    await put_away(town.priya)
    await town.later(days=4)
    assert town.about(town.margaret, "Emergency access")
    await town.jonas.press("Review", on=town.about(town.jonas, "Emergency access")[-1])
    await town.jonas.press("It was needed")
    await put_away(town.jonas)
    await town.settle()


async def looked_up(town: Town) -> None:
    priya = town.priya
    await access_page(priya, "Who could see a file?")
    await priya.write("Client or matter number", HOLLIS)
    await sent_in(priya)
    assert priya.modal
    assert "Oliver Frost" in text_of(priya.modal)
    await put_away(priya)
    await access_page(priya, "What did somebody open?")
    await priya.choose("Who?", (await priya.search("Who?", "Oliver"))[0])
    await sent_in(priya)
    assert priya.modal
    assert "emergency access" in text_of(priya.modal)
    await put_away(priya)


async def looked_at_weekly(town: Town) -> None:
    await access_page(town.priya, "The week's openings")
    await put_away(town.priya)
    await town.later(days=8)
    await town.tomas.type("/sopwith access")
    await put_away(town.tomas)
    oliver = town.person("UOLIVER")
    while (town.firm.now().astimezone(town.firm.zone)).hour != 21:
        await town.later(hours=1)
    await oliver.type("/sopwith client")
    await oliver.choose("Client", (await oliver.search("Client", "Castell"))[0])
    await sent_in(oliver)
    await put_away(oliver)
    await town.in_the_log()
    words, shown = "Oliver Frost opened files outside working hours", ""
    for _day in range(
        20
    ):  # a Monday may be a holiday, a busy day takes no more messages, and a newer card stands alone
        await town.later(days=1)
        if cards := town.about(town.priya, "The week's openings"):
            await town.priya.press("Look at them", on=cards[-1])
            shown = text_of(town.priya.modal)
            await put_away(town.priya)
        if words in shown:
            break
    assert words in shown


async def acknowledged(town: Town) -> None:
    """While there is time, and when there is none: no file opens before."""
    tomas, priya = town.tomas, town.priya
    await access_page(tomas, "The undertaking")
    await tomas.choose("Undertaking", "I have read this, and I will keep to it.")
    await sent_in(tomas)
    await put_away(tomas)
    await access_page(tomas, "The undertaking")
    assert tomas.modal
    assert "You acknowledged this" in text_of(tomas.modal)
    await put_away(tomas)
    await town.later(days=35)
    assert town.about(town.amelia, "Please read the confidentiality undertaking")
    await town.amelia.type("/sopwith client")
    await town.amelia.choose("Client", (await town.amelia.search("Client", "Hollis"))[0])
    await town.amelia.submit()  # one form leads to the other; hands on Teams go on until something is missing
    assert town.amelia.modal
    assert "What I learn of clients" in text_of(town.amelia.modal)
    await town.amelia.choose("Undertaking", "I have read this, and I will keep to it.")
    await sent_in(town.amelia)
    await town.amelia.press("Open the file")
    assert town.amelia.modal
    assert "Hollis" in text_of(town.amelia.modal)
    await put_away(town.amelia)
    await access_page(priya, "Undertakings")
    assert priya.modal
    assert "Oliver Frost" in text_of(priya.modal)
    await put_away(priya)


def _account(tx: Tx, email: str) -> str:
    person = people.by_email(tx, email)
    assert person
    return chat.accounts_of(tx, person.id)[0].account


async def left(town: Town) -> None:
    """The chat says first that the account has ended, then the administrator that the colleague has left."""
    values = {"email": "oliver.frost@harbour-lane.example"}
    name = await town.firm.service.doorway.ask(lambda tx: _account(tx, values["email"]))
    seen = ({"account": name, "email": values["email"], "active": "no"},)
    gone = Request(kind=Kind.DESK, name="accounts.seen", operator="test", rows=seen)
    await town.firm.service.doorway.handle(gone)
    await town.later(days=3)
    assert town.about(town.margaret, "Somebody cannot come in any more")
    said = await town.firm.service.doorway.handle(
        Request(kind=Kind.DESK, name="people.end", operator="test", values=values)
    )
    assert isinstance(said, Data)
    assert said.ok
    await town.settle()
    await town.later(hours=1)
    await town.priya.press("What was opened", on=town.about(town.priya, "Somebody has left")[-1])
    assert town.priya.modal
    assert "Oliver Frost" in text_of(town.priya.modal)
    await put_away(town.priya)


async def reviewed(town: Town) -> None:
    """Silence closes, a day is taken, and the owner answers after all."""
    jonas, oliver = town.jonas, town.person("UOLIVER")

    def begin(tx: Tx) -> None:
        client = clients.by_ref(tx, "4711")
        assert client
        timers.start(tx, reviews.OPEN, client.id, tx.now)

    await town.firm.service.doorway.do(begin)
    for _week in range(5):
        await town.later(days=7)
    assert town.about(jonas, "Please review who may open a client file")
    await oliver.press("Take 24 hours", on=town.about(oliver, "Your access to a client file rests")[-1])
    await oliver.choose("What do you need it for?", "A client waits for something")
    await sent_in(oliver)
    await put_away(oliver)
    await town.settle()
    await town.amelia.press("Look at them", on=town.about(town.amelia, "Please review who may open")[-1])
    await town.amelia.press("Everybody keeps access")
    await put_away(town.amelia)
    await town.settle()
    assert town.about(town.amelia, "Settled: the review of a client file")


ROADS = (
    asked_and_answered,
    given_and_handed_on,
    barred,
    in_an_emergency,
    looked_up,
    looked_at_weekly,
    reviewed,
    acknowledged,
    left,
)
