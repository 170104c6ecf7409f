"""Thousands of wrong payloads against the real firm over real HTTP, several at once on connections kept alive.

Invariants: a case is made from the seed and its number alone; at most `AT_ONCE` are under way; what Slack's side keeps
of them is thrown away as it goes.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.firm import Firm
from bot.sandbox.workspace import Workspace
from tests.support.dressing import Dressed, Wardrobe
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Answered, Judge
from tests.support.mutations import Mutator
from tests.support.walk import Walked

AT_ONCE, CHAPTER = 8, 500
PATIENCE = aiohttp.ClientTimeout(total=30)


@dataclass(kw_only=True)
class Barrage:
    """`walked` are the payloads it starts from."""

    firm: Firm
    ear: Eavesdropper
    judge: Judge
    walked: list[Walked]
    seed: int
    sent: list[Dressed] = field(default_factory=list)  # some, to be replayed

    refusals = frozenset({401})  # of what is not signed

    @property
    def url(self) -> str:
        """The door."""
        return str(self.firm.hands.delivery.url)

    async def fire(self, cases: int) -> None:
        """So many."""
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=PATIENCE
        ) as session:
            for begin in range(0, cases, CHAPTER):
                numbers = iter(range(begin, min(begin + CHAPTER, cases)))
                await asyncio.gather(*(self._gunner(session, numbers) for _one in range(AT_ONCE)))
                self._clear_up()

    async def _gunner(self, session: aiohttp.ClientSession, numbers: Any) -> None:
        for number in numbers:
            name, case = self.case(number)
            answer = await posted(session, self.url, case)
            self.judge.look_at(f"{name} #{number}", answer, expected=frozenset() if case.signed else self.refusals)

    def case(self, number: int) -> tuple[str, Dressed]:
        """What it is and what goes over the wire."""
        chance = random.Random(f"{self.seed}:{number}")
        mutator = Mutator(chance, self.judge.word)
        wardrobe = Wardrobe(chance, self.firm.workspace.signing_secret)
        base = chance.choice(self.walked)
        payload = freshened(self.firm.workspace, mutator.marked(base.payload), base.user, chance)
        draw = chance.random()
        if draw < 0.1:
            return "forged", wardrobe.forged(payload, base.way)
        if draw < 0.13 and self.sent:
            return "replayed", chance.choice(self.sent)
        if draw < 0.18:
            return "untouched", self._kept(wardrobe.well(payload, base.way), chance)
        if draw < 0.3:
            return "dressed", wardrobe.badly(payload, base.way)
        wrong = mutator.mutated(payload)
        if draw < 0.36:
            return "both", wardrobe.badly(wrong, chance.choice(("slash", "interaction", "event")))
        return base.what, self._kept(wardrobe.well(wrong, base.way), chance)

    def _kept(self, case: Dressed, chance: random.Random) -> Dressed:
        if chance.random() < 0.05:
            self.sent = [*self.sent[-50:], case]
        return case

    def _clear_up(self) -> None:
        clear_up(self.firm, self.ear, self.judge)


def clear_up(firm: Firm, ear: Eavesdropper, judge: Judge) -> None:
    """What was logged is read; what Slack's side keeps of it all is thrown away."""
    judge.read(ear.heard)
    workspace = firm.workspace
    for kept in (workspace.calls, workspace.messages, workspace.faults_seen):
        kept.clear()
    for stack in (workspace.modals, workspace.views, workspace._triggers, workspace.response_urls):
        stack.clear()


def freshened(workspace: Workspace, payload: Any, user: str, chance: random.Random) -> Any:
    """With a trigger, an event and often a form that nobody has used."""
    view = payload.get("view") or {}
    if "trigger_id" in payload:
        payload["trigger_id"] = workspace.new_trigger(user, view.get("id", ""))
    if "event_id" in payload:
        payload["event_id"] = workspace.new_id("Ev")
    if view.get("private_metadata") and chance.random() < 0.7:
        view["private_metadata"] = view["private_metadata"].replace('"form_id": "', f'"form_id": "{chance.random()}')
    return payload


async def posted(session: aiohttp.ClientSession, url: str, case: Dressed) -> Answered:
    """The answer, or what happened instead of one. A connection that was closed behind the answer before, as a refusal
    may have it, is opened anew, once."""
    answer = await _asked(session, url, case)
    return await _asked(session, url, case) if answer.body.startswith(b"ServerDisconnectedError") else answer


async def _asked(session: aiohttp.ClientSession, url: str, case: Dressed) -> Answered:
    skip = {"Content-Type", "User-Agent", "Accept", "Accept-Encoding"}
    try:
        async with session.post(url, data=case.body, headers=case.headers, skip_auto_headers=skip) as answer:
            return Answered(
                status=answer.status, body=await answer.read(), server=answer.headers.get("Server", "nobody")
            )
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Answered(status=0, body=f"{type(error).__name__} {error}".encode())
