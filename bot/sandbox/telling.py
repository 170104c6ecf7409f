"""How a story is told on the sandbox page: one act after the other, with time to look, until the visitor takes over.

Invariants: a story knows only what people can see, words on buttons and labels, never an id; it looks at the stop sign
after every act; told to stop, it leaves everything as it stands; what does not come off is `Astray`, never silence.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox import reading
from bot.sandbox.delivery import Answer
from bot.sandbox.person import Person
from bot.sandbox.records import View
from bot.sandbox.stage import Stage, Tell, silent
from bot.sandbox.submitting import Outcome
from bot.sandbox.teams.person import Person as TeamsPerson
from bot.sandbox.teams.records import Dialog
from handlers.words import _, when

PATIENCE = 20.0  # real seconds to wait for something that should be there at once
DAY = timedelta(days=1)
HOPS = 12  # reminders and deadlines of other matters that may lie between
LONG = 14.0  # seconds in which a visitor may want to take over
Someone = Person | TeamsPerson
Shown = Any  # a message or a post
Mark = frozenset[Shown]  # all that had been told before


class Astray(Exception):
    """The firm did something else than the story tells."""


class Stopped(Exception):
    """The visitor has taken over."""


class Telling:
    """One performance: acts, with a pause before each in which the visitor can take over."""

    def __init__(self, stage: Stage, pace: float, stop: asyncio.Event, tell: Tell) -> None:
        self.stage, self._pace, self._stop, self._tell = stage, pace, stop, tell

    def person(self, name: str) -> Someone:
        found = [c for c in self.stage.cast if c.name == name]
        if not found:
            raise Astray(_("{name} is not in this firm").format(name=name))
        return self.stage.person(found[0])

    def mark(self) -> Mark:
        """Everything told from here on is not in it."""
        return frozenset(shown for cast in self.stage.cast for shown in self.stage.person(cast).messages)

    async def say(self, words: str, looking_at: Someone | None = None, *, pause: float = 4.0) -> None:
        """Words for the onlooker, and time to read them; `pause` in seconds at pace 1."""
        self._tell(words, looking_at.id if looking_at else "")
        await self.pause(pause)

    async def pause(self, seconds: float) -> None:
        if self._pace > 0 and not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), seconds * self._pace)
            except TimeoutError:
                return
        if self._stop.is_set():
            raise Stopped

    async def act(self, what: Awaitable[object], *, pause: float = 1.2) -> None:
        """One act, which must come off, and a look at what it did."""
        try:
            done = await what
        except LookupError as missing:
            raise Astray(str(missing)) from missing
        if isinstance(done, Answer) and not done.ok:
            raise Astray(_("Sopwith did not answer"))
        await self.pause(pause)

    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait for something that is on its way."""
        workspace, deadline = self.stage.workspace, asyncio.get_running_loop().time() + PATIENCE
        while not seen():
            if self._stop.is_set():
                raise Stopped
            if asyncio.get_running_loop().time() > deadline:
                raise Astray(what)
            await workspace.changed(workspace.version, timeout=0.2)

    async def clock(self, to: datetime) -> None:
        """Let time pass, a day at a time: what waited already may have much to say on the way."""
        while (now := self.stage.now()) < to:
            await self.stage.move_clock(min(to, now + DAY))
            await self.pause(0)
        await self.pause(1.5)

    def time(self) -> str:
        """What the firm's clock says, as people write it."""
        now = self.stage.now()
        return when(now, self.stage.zone, now)

    def weekday(self, day: int, hour: int, minute: int) -> datetime:
        """The next such time in the firm's zone, Monday being 0; never one that has passed."""
        now = self.stage.now().astimezone(self.stage.zone)
        there = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        there += timedelta(days=(day - now.weekday()) % 7)
        return there if there >= now else there + timedelta(days=7)

    async def ask(self, person: Someone, command: str) -> View | Dialog:
        """`/sopwith` with this command, or in Teams the command alone; what it opens."""
        typed = command if isinstance(person, TeamsPerson) else f"/sopwith {command}"
        await self.act(person.type(typed))
        return await self.form(person)

    async def submitted(self, person: Someone) -> None:
        """Press the form's own button; the form must be accepted."""
        done = await person.submit()
        if done.outcome not in (Outcome.CLOSED, Outcome.CLEARED, Outcome.UPDATED, Outcome.PUSHED):
            raise Astray(_("the form was not accepted: {why}").format(why=", ".join(done.errors.values())))
        await self.pause(5.0)

    async def refused(self, person: Someone) -> str:
        """Press the form's own button; the form must not be accepted. Gives the words beside its fields."""
        done = await person.submit()
        if done.outcome is not Outcome.ERRORS:
            raise Astray(_("the form was not refused"))
        await self.pause(5.0)
        return " ".join(done.errors.values())

    async def form(self, person: Someone) -> View | Dialog:
        """The form in front of this person, as soon as it is there."""
        await self.until(lambda: person.modal is not None, _("no form was opened"))
        if person.modal is None:
            raise Astray(_("no form was opened"))
        return person.modal

    async def card(self, person: Someone, label: str, after: Mark, about: str = "") -> Shown:
        """The newest card not in `after` with this button, and these words, as soon as it is there."""
        missing = _("no card has “{label}”").format(label=label)
        await self.until(lambda: newest(person, label, after, about) is not None, missing)
        found = newest(person, label, after, about)
        if found is None:
            raise Astray(missing)
        return found

    async def press(self, person: Someone, label: str, after: Mark, about: str, *, pause: float = 2.0) -> None:
        """This button of the card about this reference."""
        card = await self.card(person, label, after, about)
        await self.act(person.press(label, on=card, below=about), pause=pause)

    def reference(self, person: Someone, beginning: str) -> str:
        """The reference in the answer in front of this person."""
        found = re.search(rf"{beginning}[0-9A-Z]+", reading.text_of(person.modal)) if person.modal else None
        return found[0] if found else ""

    async def put_away(self, person: Someone) -> None:
        """Close whatever stands in front of this person, however many forms lie on each other."""
        while person.modal:
            await self.act(person.cancel(), pause=0.6)

    async def let_time_pass_until(self, person: Someone, label: str, after: Mark) -> Shown:
        """From one reminder or deadline to the next, until this person got a card with this button."""
        for _hop in range(HOPS):
            found = newest(person, label, after)
            if found:
                return found
            due = (await self.stage.happened()).next_due
            if due is None:
                break
            await self.clock(max(due, self.stage.now()))
            await self.settle(person, label, after)
        raise Astray(_("nobody got a card with “{label}”").format(label=label))

    async def settle(self, person: Someone, label: str, after: Mark) -> None:
        """Give the courier a moment."""
        for _turn in range(10):
            if newest(person, label, after):
                return
            await self.stage.workspace.changed(self.stage.workspace.version, timeout=0.1)


def newest(person: Someone, label: str, after: Mark, about: str = "") -> Shown:
    """The newest message not in `after` on which this button is, and these words."""
    new = (m for m in reversed(person.messages) if m not in after and label in reading.buttons(m))
    return next((m for m in new if about in reading.text_of(m)), None)


class Told:
    """A story out of one coroutine."""

    def __init__(self, title: str, blurb: str, tale: Callable[[Telling], Awaitable[None]]) -> None:
        self.title, self.blurb, self._tale = title, blurb, tale

    async def play(self, stage: Stage, pace: float, stop: asyncio.Event, tell: Tell = silent) -> None:
        try:
            await self._tale(Telling(stage, pace, stop, tell))
        except Stopped:
            return
