"""A busy minute at Harbour & Lane: every kind of procedure by its words on the screen, each with a word of its own that
nobody but its readers may ever be shown.

Invariants: what is typed is marked first; `asides` are the answers to command lines, which name rows and never cells.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.reading import text_of
from bot.sandbox.submitting import Outcome, Submitted
from handlers.request import Kind, Request
from handlers.views import Data
from tests.journeys.conftest import Someone, Town
from tests.support.canaries import Canary, card_number, word

AMELIA, JONAS, PRIYA, MARGARET, TOMAS, OLIVER = "UAMELIA", "UJONAS", "UPRIYA", "UMARGARET", "UTOMAS", "UOLIVER"
FILE, OTHER_FILE = "7001", "7002"
MAIL = "{}@harbour-lane.example"


@dataclass(kw_only=True)
class Minute:
    """`canaries` are all words so far, `typed` the whole texts they stood in."""

    town: Town
    chance: random.Random
    canaries: list[Canary] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    client: str = ""

    def mark(self, what: str, *readers: str, make: Callable[[random.Random], str] = word) -> str:
        """A new word, typed as `what`, for these readers and nobody else."""
        canary = Canary(what=what, word=make(self.chance), readers=frozenset(readers))
        self.canaries.append(canary)
        return canary.word

    def words(self, what: str) -> list[str]:
        """Those typed as `what`, in order."""
        return [canary.word for canary in self.canaries if canary.what == what]

    def text(self, what: str, *readers: str) -> str:
        """A sentence with such a word in it."""
        self.typed.append(f"They said {self.mark(what, *readers)} and left.")
        return self.typed[-1]

    def filled_in(self, *readers: str) -> tuple[str, ...]:
        """Who is shown what was typed behind a command: nobody, where no form is filled in with it."""
        return readers if self.town.chat.fills_in else ()

    def carried(self, *readers: str) -> tuple[str, ...]:
        """Who is shown again what was typed into a form that stays open: nobody, where the chat itself keeps it."""
        return () if self.town.chat.fills_in else readers

    def card(self, what: str, *who: str) -> str:
        """A sentence with a card number, which nobody but `who` typed it is shown again, in the form it is typed in."""
        return f"Paid with {self.mark(f'card number in {what}', *who, make=card_number)}."

    async def desk(self, name: str, rows: tuple[dict[str, str], ...] = (), **values: str) -> bool:
        """A command line."""
        request = Request(kind=Kind.DESK, name=name, operator="test", rows=rows, values=values)
        answer = await self.town.firm.service.doorway.handle(request)
        assert isinstance(answer, Data)
        if name != "clients.export" or not answer.ok:
            self.asides.append(repr(answer))
        return answer.ok

    async def clients_come_in(self) -> None:
        """One taken, renamed, refused; and exported for one who may and one who may not."""
        old, self.client = self.mark("former client name"), self.mark("client name", AMELIA, OLIVER)
        other = self.mark("another's client name", JONAS)
        self.typed += [old, self.client, other]
        for name in (old, self.client):
            assert await self.desk("clients.import", (_file("2", FILE, name, "amelia.ward", "oliver.frost"),))
        assert await self.desk("clients.import", (_file("2", OTHER_FILE, other, "jonas.hale", ""),))
        many = (_file(str(n + 2), f"80{n}", f"Filed away {n}", "margaret.lane", "") for n in range(10, 40))
        assert await self.desk("clients.import", tuple(many))
        refused = self.mark("client name in a refused row")
        slipped = _file("2", "7003", refused, refused, refused) | {"regimes": f"{refused}\x07"}
        assert not await self.desk("clients.import", (slipped,))
        assert await self.desk("clients.export", ref=FILE, **{"as": MAIL.format("amelia.ward")})
        for wrong in ({"ref": FILE, "as": MAIL.format("jonas.hale")}, {"ref": refused, "as": refused}):
            assert not await self.desk("clients.export", **wrong)

    async def fill(self, person: Someone, text: str = "", *, client: str = "", other: str = "", name: str = "") -> None:
        """The form of /log-client, first what is always asked; `other` is a channel that is not on the list, and `name`
        that of a client who is not."""
        offered = await person.search("Client", client) if client else ["My client is not listed"]
        await person.choose("Client", offered[0])
        await person.choose("Channel", "Another channel" if other else "Company email")
        await person.choose("Direction", "From the client")
        await person.choose("Kind", "E-mail")
        for label, typed in (("Summary", text), ("Name of the client", name), ("Which channel?", other)):
            if typed:
                await person.write(label, typed)
        await person.choose("Does the client expect a reply?", "Yes")

    async def logged(self, person: Someone, text: str) -> Submitted:
        await person.write("Summary", text)
        return await person.submit()

    async def a_contact_is_logged(self) -> None:
        """By typed command, on a channel of its own, after a card number was refused; then corrected."""
        me = self.town.amelia
        await me.type(f"/log-client {self.text('typed command', *self.filled_in(AMELIA))}")
        await self.fill(me, self.card("a summary", AMELIA), client=self.client, other=self.card("a channel", AMELIA))
        assert (await me.submit()).outcome is Outcome.ERRORS
        channel = self.mark("other channel", AMELIA, OLIVER)
        await me.write("Which channel?", channel)
        assert (await self.logged(me, self.text("summary", AMELIA, OLIVER))).outcome is Outcome.UPDATED
        await me.press("Correct")
        await me.write("Summary", self.card("a correction", *self.carried(AMELIA)))
        assert (await me.submit()).outcome is Outcome.ERRORS
        await me.write("Summary", self.text("amended summary", AMELIA, OLIVER))
        assert (await me.submit()).outcome is Outcome.UPDATED
        await self.put_away(me)

    async def a_message_is_logged(self) -> None:
        """By the shortcut on a colleague's message; once given up, once sent."""
        me = self.town.amelia
        for give_up in (True, False):
            await self.town.log_message_of(me, JONAS, self.text("message", AMELIA, OLIVER, PRIYA))
            await self.fill(me, client=self.client)
            if give_up:
                await me.cancel()
            else:
                assert (await me.submit()).outcome is Outcome.UPDATED
        await self.put_away(me)

    async def a_client_is_not_listed(self) -> None:
        """Kept sealed, and put into its file by the one who keeps the records."""
        me, priya, name = self.town.amelia, self.town.priya, self.mark("unlisted name", AMELIA, PRIYA)
        self.typed.append(name)
        await me.type("/log-client")
        letter = self.text("unlisted summary", AMELIA, PRIYA, OLIVER)
        await self.fill(me, letter, name=self.card("an unlisted name", AMELIA))
        assert (await me.submit()).outcome is Outcome.ERRORS
        await me.write("Name of the client", name)
        assert (await me.submit()).outcome is Outcome.UPDATED
        await self.put_away(me)
        await self.town.settle()
        await self.place(priya)

    async def place(self, priya: Someone) -> None:
        await priya.press("Put into a file", on=self.town.about(priya, "waits for its client file")[-1])
        await priya.write("Client or matter number", self.mark("client number that is none", *self.carried(PRIYA)))
        assert (await priya.submit()).outcome is Outcome.ERRORS
        await priya.write("Client or matter number", FILE)
        assert (await priya.submit()).outcome is Outcome.UPDATED
        await self.put_away(priya)

    async def an_entry_stands_in_the_wrong_file(self) -> None:
        """Oliver says so and moves it out; the one who keeps the records puts it back."""
        oliver = self.town.person(OLIVER)
        await self.timeline(oliver)
        await oliver.press("From the client")
        await oliver.press("Wrong client", below=self.words("message")[-1])
        await oliver.write("Which client is it about?", self.text("wrong-client hint", OLIVER, PRIYA))
        assert (await oliver.submit()).outcome is Outcome.UPDATED
        await self.put_away(oliver)
        await self.town.settle()
        await self.place(self.town.priya)

    async def timeline(self, person: Someone) -> str:
        """The file as a page; gives its words."""
        await person.type("/sopwith client")
        await person.choose("Client", (await person.search("Client", self.client))[0])
        assert (await person.submit()).outcome is Outcome.UPDATED
        return text_of(person.modal) if person.modal else ""

    async def breaches_are_reported(self) -> None:
        """Without a name by a contractor; with one, by typed command; and read by who may."""
        tomas, oliver, team = self.town.tomas, self.town.person(OLIVER), (PRIYA, MARGARET)
        await tomas.type("/report-breach")
        await tomas.write("What happened?", self.card("a report", *self.carried(TOMAS)))
        await tomas.write("Clients affected", self.card("clients affected", *self.carried(TOMAS)))
        await tomas.choose("Leave my name out", "Leave my name out")
        assert (await tomas.submit()).outcome is Outcome.ERRORS
        await tomas.write("What happened?", self.text("breach text", TOMAS, *team))
        await tomas.write("Clients affected", self.text("clients affected", TOMAS, *team))
        assert (await tomas.submit()).outcome is Outcome.UPDATED
        await oliver.type(f"/report-breach {self.text('typed report', *self.filled_in(OLIVER, *team))}")
        if not self.town.chat.fills_in:
            await oliver.write("What happened?", self.text("report behind a typed line", OLIVER, *team))
        assert (await oliver.submit()).outcome is Outcome.UPDATED
        await self.town.settle()
        for reader in (self.town.priya, self.town.margaret):
            for card in self.town.about(reader, "somebody is needed now"):
                await reader.press("Open", on=card)
                await self.put_away(reader)
        await self.town.priya.press("I am on it", on=self.town.about(self.town.priya, "somebody is needed now")[-1])
        for person in (tomas, oliver):
            await self.put_away(person)

    async def words_go_astray(self) -> None:
        """Typed where no words are asked for: after a command, into a type-ahead, and at somebody else's file."""
        me, jonas, margaret = self.town.amelia, self.town.jonas, self.town.margaret
        for line in ("/sopwith {}", "/sopwith help {}", "/sopwith home {}", "/sopwith away {}", "/sopwith people {}"):
            await me.type(line.format(self.mark("words after a command")))
            await self.put_away(me)
        await jonas.type("/log-client")
        nothing = ["My client is not listed"] if self.town.chat.asks_bot else []
        assert await jonas.search("Client", self.client) == nothing
        assert len(await jonas.search("Client", self.words("another's client name")[0])) == 1 + len(nothing)
        await jonas.search("Client", self.mark("words in a type-ahead"))
        await self.fill(jonas, "They rang.", client=self.words("another's client name")[0])
        await jonas.search("Who will reply?", self.mark("words in a type-ahead"))
        await self.put_away(jonas)
        await margaret.type("/sopwith client")
        assert await margaret.search("Client", "Filed away 17")
        await margaret.search("Client", self.mark("words in a long type-ahead", *self.carried(MARGARET)))
        await self.put_away(margaret)

    async def days_pass(self) -> None:
        """Reminded, overdue, handed up, taken, explained, answered; and everybody looks home."""
        me, jonas = self.town.amelia, self.town.jonas
        await self.town.later(days=2)
        for label in ("I take it", "Why?"):
            await self._press_on_the_first_overdue(jonas, label)
        await self.put_away(jonas)
        await self._press_on_the_first_overdue(me, "Log the reply")
        await self.fill_reply(me)
        await self.town.settle()
        for person in (me, jonas, self.town.priya, self.town.margaret, self.town.tomas):
            await person.look_home()

    async def _press_on_the_first_overdue(self, person: Someone, label: str) -> None:
        """Several may stand in one message."""
        card = self.town.about(person, "Reply overdue")[-1]
        title = next(line for line in text_of(card).splitlines() if line.startswith("Reply overdue"))
        await person.press(label, on=card, below=title)

    async def fill_reply(self, me: Someone) -> None:
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")
        assert (await self.logged(me, self.text("reply", AMELIA, OLIVER))).outcome is Outcome.UPDATED
        await self.put_away(me)

    async def put_away(self, person: Someone) -> None:
        while person.modal:
            await person.cancel()


def _file(line: str, ref: str, name: str, owner: str, team: str) -> dict[str, str]:
    people = {"owner": MAIL.format(owner), "team": MAIL.format(team) if team else ""}
    return {"line": line, "ref": ref, "name": name, **people}
