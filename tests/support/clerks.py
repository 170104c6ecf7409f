"""People who go on working while the service under them dies: what was not answered they send again, from the same
form, now and then twice at once or byte for byte, and sometimes they give up.

Invariants: everything is by the seed and by what Slack's side shows; `kept` holds what was acknowledged with its
reference, `open_ended` what may or may not be on record; an answer that is neither is in `puzzled`.
"""

import asyncio
import random
import re
from dataclasses import dataclass, field

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.reading import fields, text_of
from bot.sandbox.submitting import Outcome, Submitted

UNLISTED = "My client is not listed"
REFERENCE = re.compile(r"\b(?:IN|BR)-[0-9A-Z]{10}\b")


@dataclass(kw_only=True)
class Book:
    """What all clerks together know. Keys are the markers in what they typed, values the references they were given."""

    kept: dict[str, str] = field(default_factory=dict)
    open_ended: set[str] = field(default_factory=set)
    puzzled: list[str] = field(default_factory=list)
    again: int = 0
    twice: int = 0
    replayed: int = 0


class Clerk:
    """One person. `clients` are names as the type-ahead knows them; `stop` ends the work after the entry in hand."""

    def __init__(self, hands: Hands, user_id: str, clients: list[str], book: Book, seed: int) -> None:
        self.person, self.book, self.stop = Person(hands, user_id), book, asyncio.Event()
        self._hands, self._clients = hands, clients
        self._chance = random.Random(f"{seed}:{user_id}")
        self._inquiring: list[str] = []
        self._number = 0

    async def work(self) -> None:
        """Entry after entry."""
        while not self.stop.is_set():
            await asyncio.sleep(self._chance.uniform(0.05, 0.4))
            self._number += 1
            marker = f"{self.person.id}x{self._number}x{self._chance.getrandbits(40):010x}"
            filled = self._report if self._chance.random() < 0.04 else self._log
            while not await self._filled(filled, marker):
                await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            await self._send(marker)

    async def _filled(self, fill: object, marker: str) -> bool:
        """The form, filled in; False when something on the way was not answered. It is then begun anew."""
        try:
            await fill(marker)  # type: ignore[operator]
        except LookupError:
            if self.person.modal:
                await self.person.cancel()
            return False
        return True

    async def _report(self, marker: str) -> None:
        await self.person.type("/report-breach")
        await self.person.write("What happened?", f"A letter went astray. {marker}")

    async def _log(self, marker: str) -> None:
        me, draw = self.person, self._chance.random()
        await me.type("/log-client")
        await me.write("Summary", f"They spoke. {marker}")
        if self._inquiring and draw < 0.25:
            await self._choose_client(self._chance.choice(self._inquiring))
            await me.choose("Direction", "To the client")
        elif draw < 0.35:
            await me.choose("Client", UNLISTED)
            await me.write("Name of the client", f"Somebody new {marker}")
        else:
            client = self._chance.choice(self._clients)
            await self._choose_client(client)
            await me.choose("Direction", "From the client")
            await me.choose("Does the client expect a reply?", "Yes")
            self._inquiring.append(client)
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")

    async def _choose_client(self, name: str) -> None:
        offered = await self.person.search("Client", name)
        if not offered:
            raise LookupError(name)
        await self.person.choose("Client", offered[0])

    async def _send(self, marker: str) -> None:
        """Until it is acknowledged; at times given up when nobody knows."""
        unknown = False
        while True:
            said = await self._submitted()
            if self._acknowledged(said, marker):
                break
            if said.outcome is not Outcome.TROUBLE:
                self.book.puzzled.append(f"{marker}: {said.outcome} {said.errors}")
                break
            unknown, self.book.again = True, self.book.again + 1
            if self._chance.random() < 0.08:
                self.book.open_ended.add(marker)
                break
            await asyncio.sleep(self._chance.uniform(0.02, 0.3))
        if not unknown and self._chance.random() < 0.2:
            await self._replay(marker)
        await self._put_away()

    async def _submitted(self) -> Submitted:
        view = self.person.modal
        assert view
        if self._chance.random() < 0.15:
            self.book.twice += 1
            both = [self._hands.submit(self.person.id, view) for _once in range(2)]
            found = await asyncio.gather(*both)
            return next((s for s in found if s.outcome is not Outcome.TROUBLE), found[0])
        return await self._hands.submit(self.person.id, view)

    def _acknowledged(self, said: Submitted, marker: str) -> bool:
        """Answered 200 with a window that is no form any more and names the reference."""
        if said.outcome is not Outcome.UPDATED or self.person.modal is None or fields(self.person.modal):
            return False
        found = REFERENCE.search(text_of(self.person.modal))
        self.book.kept[marker] = found[0] if found else ""
        return True

    async def _replay(self, marker: str) -> None:
        """The very same bytes once more."""
        sent = [
            s for s in self._hands.delivery.sent[-60:] if marker.encode() in s.body and b"view_submission" in s.body
        ]
        if sent:
            self.book.replayed += 1
            await self._hands.delivery.replay(sent[-1])

    async def _put_away(self) -> None:
        while self.person.modal:
            await self.person.cancel()
