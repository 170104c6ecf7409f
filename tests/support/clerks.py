"""People who go on working while the service under them dies: what was not answered they send again, from the same
form, now and then twice at once or byte for byte, and sometimes they give up.

Invariants: everything is by the seed and by what the chat's side shows; `kept` holds what was acknowledged with its
reference, `open_ended` what may or may not be on record; an answer that is neither is in `puzzled`.
"""

import asyncio
import random
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from bot.sandbox.delivery import Sent
from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.reading import fields, text_of
from bot.sandbox.submitting import Outcome, Submitted
from bot.sandbox.teams import reading
from bot.sandbox.teams.hands import Hands as TeamsHands
from bot.sandbox.teams.person import Person as TeamsPerson
from bot.sandbox.teams.person import primary

NEXT = "Next"
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


class Clerk(ABC):
    """One person. `clients` are names as the type-ahead knows them; `stop` ends the work after the entry in hand."""

    person: Person | TeamsPerson

    def __init__(self, name: str, clients: list[str], book: Book, seed: int) -> None:
        self.book, self.stop = book, asyncio.Event()
        self._name, self._clients = name, clients
        self._chance = random.Random(f"{seed}:{name}")
        self._inquiring: list[str] = []
        self._number = 0

    async def work(self) -> None:
        """Entry after entry."""
        while not self.stop.is_set():
            await asyncio.sleep(self._chance.uniform(0.05, 0.4))
            self._number += 1
            marker = f"{self._name}x{self._number}x{self._chance.getrandbits(40):010x}"
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
        """What is always asked comes first: the rest may be on another step."""
        me, draw = self.person, self._chance.random()
        replies = bool(self._inquiring) and draw < 0.25
        unlisted = not replies and draw < 0.35
        client = self._chance.choice(self._inquiring if replies else self._clients)
        await me.type("/log-client")
        if unlisted:
            await me.choose("Client", UNLISTED)
        else:
            await self._choose_client(client)
        await me.choose("Direction", "To the client" if replies else "From the client")
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")
        await me.write("Summary", f"They spoke. {marker}")
        if unlisted:
            await me.write("Name of the client", f"Somebody new {marker}")
        elif not replies:
            await me.choose("Does the client expect a reply?", "Yes")
            self._inquiring.append(client)

    async def _choose_client(self, name: str) -> None:
        offered = [words for words in await self.person.search("Client", name) if name in words]
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
            if said.outcome is not Outcome.TROUBLE and not _to_be_tried_again(said):
                self.book.puzzled.append(f"{marker}: {said.outcome} {said.errors} {said.answer.body}")
                break
            unknown, self.book.again = True, self.book.again + 1
            if self._chance.random() < 0.08:
                self.book.open_ended.add(marker)
                break
            await asyncio.sleep(self._chance.uniform(0.02, 0.3))
        if not unknown and self._chance.random() < 0.2:
            await self._replay(marker)
        await self._put_away()

    @abstractmethod
    async def _submitted(self) -> Submitted:
        """The form sent in; now and then twice at once."""

    def _twice(self) -> int:
        """How often at once."""
        twice = self._chance.random() < 0.15
        self.book.twice += twice
        return 1 + twice

    @property
    @abstractmethod
    def _labels(self) -> list[str]:
        """Of the fields that are asked in the window in front."""

    @property
    @abstractmethod
    def _sent(self) -> list[Sent]:
        """What was sent of late, as a form's end is."""

    @abstractmethod
    async def _again(self, sent: Sent) -> None:
        """The very same bytes once more."""

    def _acknowledged(self, said: Submitted, marker: str) -> bool:
        """Answered 200 with a window that is no form any more and names the reference."""
        if said.outcome is not Outcome.UPDATED or self.person.modal is None or self._labels:
            return False
        found = REFERENCE.search(text_of(self.person.modal))
        self.book.kept[marker] = found[0] if found else ""
        return True

    async def _replay(self, marker: str) -> None:
        sent = [s for s in self._sent if marker.encode() in s.body]
        if sent:
            self.book.replayed += 1
            await self._again(sent[-1])

    async def _put_away(self) -> None:
        while self.person.modal:
            await self.person.cancel()


def _to_be_tried_again(said: Submitted) -> bool:
    """The house could not ask its database: nothing was saved, or nobody knows."""
    return said.outcome is Outcome.ERRORS and any(
        "to the database" in w or "at the moment" in w for w in said.errors.values()
    )


class SlackClerk(Clerk):
    def __init__(self, hands: Hands, name: str, clients: list[str], book: Book, seed: int) -> None:
        super().__init__(name, clients, book, seed)
        self.person, self._hands = Person(hands, f"U{name.upper()}"), hands

    async def _submitted(self) -> Submitted:
        view = self.person.modal
        assert view
        found = await asyncio.gather(*(self._hands.submit(self.person.id, view) for _once in range(self._twice())))
        return next((s for s in found if s.outcome is not Outcome.TROUBLE), found[0])

    @property
    def _labels(self) -> list[str]:
        return fields(self.person.modal) if self.person.modal else []

    @property
    def _sent(self) -> list[Sent]:
        return [s for s in self._hands.delivery.sent[-60:] if b"view_submission" in s.body]

    async def _again(self, sent: Sent) -> None:
        await self._hands.delivery.replay(sent)


class TeamsClerk(Clerk):
    def __init__(self, hands: TeamsHands, aad: str, name: str, clients: list[str], book: Book, seed: int) -> None:
        super().__init__(name, clients, book, seed)
        self.person, self._hands = TeamsPerson(hands, aad), hands

    async def _submitted(self) -> Submitted:
        """Step by step, each looked at for a moment, and the last of them counts."""
        while (form := self.person.modal) and (way := primary(form)):
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
            ends = way[0]["title"] != NEXT  # as far as is known: another's inquiry may have made one more step
            times = self._twice() if ends else 1
            pressing = [self._hands.press(self.person.id, form, way[0]) for _once in range(times)]
            said = await asyncio.gather(*pressing)
            answer = next((one for one in said if one.ok), said[0])
            if not answer.ok:
                return Submitted(outcome=Outcome.TROUBLE, answer=answer)
            if self.person.modal and (wrong := reading.errors(self.person.modal)):
                return Submitted(outcome=Outcome.ERRORS, answer=answer, errors=wrong)
            if ends and self.person.modal and not primary(self.person.modal):
                return Submitted(outcome=Outcome.UPDATED, answer=answer)
        raise LookupError("a form without an end")

    @property
    def _labels(self) -> list[str]:
        return reading.labels(self.person.modal) if self.person.modal else []

    @property
    def _sent(self) -> list[Sent]:
        return [s for s in self._hands.delivery.sent[-60:] if b"composeExtension/submitAction" in s.body]

    async def _again(self, sent: Sent) -> None:
        await self._hands.delivery.replay(sent)
