"""Thousands of wrong frames down the Socket Mode connections of the real firm: wrong payloads in good envelopes, and
envelopes that are none.

Invariants: a case is made from the seed and its number alone; frames of a chapter are all sent before it is looked at
what came back; an envelope may go unacknowledged (Slack then tells the person), but no frame costs a connection.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.firm import Firm
from bot.sandbox.socket_delivery import TYPES
from bot.sandbox.sockets import Link, Out
from tests.support.barrage import clear_up, freshened
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Answered, Judge
from tests.support.mutations import Mutator
from tests.support.unharmed import slack_of
from tests.support.walk import Walked

CHAPTER = 40


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What goes over the wire; `id` when somebody waits for an acknowledgement."""

    what: str
    data: str | bytes
    id: str = ""
    takes: bool = True


@dataclass(kw_only=True)
class Volley:
    """`walked` are the payloads it starts from."""

    firm: Firm
    ear: Eavesdropper
    judge: Judge
    walked: list[Walked]
    seed: int
    sent: list[Frame] = field(default_factory=list)  # some, to come again

    async def fire(self, cases: int) -> None:
        """So many."""
        for begin in range(0, cases, CHAPTER):
            numbers = range(begin, min(begin + CHAPTER, cases))
            waited = [(n, frame, await self._send(n, frame)) for n, frame in ((n, self.case(n)) for n in numbers)]
            await self._until_quiet()
            for number, frame, out in waited:
                self._look_at(number, frame, out)
            self._clear_up()

    async def _send(self, number: int, frame: Frame) -> asyncio.Future[Any]:
        sockets = self.firm.workspace.sockets
        link: Link = random.Random(f"{self.seed}:{number}:link").choice(sockets.open)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if frame.id:
            sockets._out[frame.id] = Out(links=[link], takes_payload=frame.takes, done=done)
        if isinstance(frame.data, bytes):
            await link.socket.send_bytes(frame.data)
        else:
            await link.socket.send_str(frame.data)
        return done

    async def _until_quiet(self) -> None:
        """All that was sent has been read, and nothing is in hand: a last good envelope came back by each link."""
        sockets = self.firm.workspace.sockets
        for number, link in enumerate(list(sockets.open)):
            last = {"envelope_id": f"last {number}", "payload": {"type": "url_verification", "challenge": "x"}}
            done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            sockets._out[f"last {number}"] = Out(links=[link], takes_payload=True, done=done)
            await link.socket.send_json({**last, "type": "events_api", "accepts_response_payload": True})
            await asyncio.wait_for(done, 30)
        mode = slack_of(self.firm)._socket
        assert mode
        async with asyncio.timeout(30):
            while mode._in_hand or any(connection._in_hand for connection in mode._connections):
                await asyncio.sleep(0.005)

    def _look_at(self, number: int, frame: Frame, out: asyncio.Future[Any]) -> None:
        if not out.done():
            self.judge.statuses[f"{frame.what} silence"] += 1
            return
        payload, _reason = out.result()
        body = json.dumps(payload).encode() if payload else b""
        self.judge.look_at(f"{frame.what} #{number}", Answered(status=200, body=body))

    def case(self, number: int) -> Frame:
        """What goes over the wire."""
        chance = random.Random(f"{self.seed}:{number}")
        mutator = Mutator(chance, self.judge.word)
        base = chance.choice(self.walked)
        payload = freshened(self.firm.workspace, mutator.marked(base.payload), base.user, chance)
        envelope = {
            "envelope_id": f"{number}-{chance.getrandbits(40):x}",
            "type": TYPES[base.way],
            "payload": payload,
            "accepts_response_payload": base.way != "event",
        }
        draw = chance.random()
        if draw < 0.03 and self.sent:
            return chance.choice(self.sent)
        if draw < 0.1:
            return self._kept(Frame(what="untouched", data=json.dumps(envelope), **_waited(envelope)), chance)
        if draw < 0.25:
            return Frame(what="spoilt", data=_spoilt(envelope, chance, mutator))
        if draw < 0.35:
            return Frame(what="both", data=json.dumps(mutator.mutated(envelope)))
        envelope["payload"] = mutator.mutated(payload)
        return self._kept(Frame(what=base.what, data=json.dumps(envelope), **_waited(envelope)), chance)

    def _kept(self, frame: Frame, chance: random.Random) -> Frame:
        if chance.random() < 0.05:
            self.sent = [*self.sent[-50:], frame]
        return frame

    def _clear_up(self) -> None:
        clear_up(self.firm, self.ear, self.judge)
        self.firm.workspace.sockets._out.clear()


def _waited(envelope: dict[str, Any]) -> dict[str, Any]:
    return {"id": envelope["envelope_id"], "takes": envelope["accepts_response_payload"]}


def _spoilt(envelope: dict[str, Any], chance: random.Random, mutator: Mutator) -> str | bytes:
    """No envelope at all, or not quite one."""
    text = json.dumps(envelope)
    cut = chance.randrange(len(text))
    return chance.choice(list(_ways(envelope, text, cut, mutator)))


def _ways(envelope: dict[str, Any], text: str, cut: int, mutator: Mutator) -> Iterator[str | bytes]:
    yield text[:cut]
    yield text.encode()
    yield text[:cut].encode(errors="surrogatepass") + b"\xff\x00"
    yield from ("", " ", "null", "[]", "0", "NaN", '"word"', "{}", "[" * 100_000, '{"a":' * 50_000)
    for key in ("envelope_id", "payload", "type"):
        yield json.dumps({k: v for k, v in envelope.items() if k != key})
        yield json.dumps({**envelope, key: mutator.mutated({"x": 1})})
        yield json.dumps({**envelope, key: None})
    yield json.dumps({**envelope, "type": "hello"})
    yield json.dumps({"type": "hello", "connection_info": mutator.mutated({"app_id": "A0ANOTHER"})})
    yield json.dumps({**envelope, "accepts_response_payload": mutator.mutated({"x": 1})})
