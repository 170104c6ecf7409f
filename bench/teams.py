"""Teams, beside the SDK's own CloudAdapter with a bot that does nothing: a turn that asks for nothing, and an entry
that is kept.

Invariants: peer and house get the same kind of activity in turns, each with a token of its own; every submission is a
form of its own for a client of its own, so that each starts a clock.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.children import Child, child
from bench.load import Load, send
from bench.measure import Limit, Row, median
from bench.teams_side import Painted, TeamsSide

FAMILY = "teams"
PEER, TURN, SUBMIT = "peer", "turn", "submit"
AT_ONCE = (1, 16)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is sent: so many by one and by sixteen at once, in each of `rounds`."""

    rounds: int = 5
    peer: tuple[int, int] = (100, 200)
    turn: tuple[int, int] = (400, 1200)
    submit: tuple[int, int] = (80, 240)
    warm: int = 60

    @property
    def files(self) -> int:
        return self.warm + self.rounds * sum(self.submit) + 10


TINY = Size(rounds=1, peer=(3, 4), turn=(3, 4), submit=(3, 4), warm=2)


class Bench:
    """A house, a peer, and Microsoft's side, with a form that was filled in once."""

    def __init__(self, size: Size, side: TeamsSide, house: Child, peer: Child | None = None) -> None:
        self.size, self.side, self.house, self._peer = size, side, house, peer
        self.loads: dict[tuple[str, int], list[Load]] = {}
        self.processor: dict[str, float] = {}
        self._port = self._peer_port = 0
        self._painted: Painted
        self._files: Iterator[str]

    async def open(self, folder: Path) -> None:
        order = {"folder": str(folder), "files": self.size.files, "duties": 0, **self.side.order}
        opened = await self.house.ask(do="open", **order)
        self._port, self._files = opened["port"], iter(opened["clients"])
        if self._peer:
            self._peer_port = (await self._peer.ask(do="open", **self.side.order))["port"]
        self._painted = await self.side.paint(self._port, "100000")
        next(self._files)

    async def turn(self, count: int, at_once: int) -> Load:
        """So many activities, each let in, looked at and answered."""
        requests = [self.side.typing() for _ in range(count)]
        return await send(self._port, requests, at_once=at_once, expected=lambda body: body == b"{}")

    async def peer(self, count: int, at_once: int) -> Load:
        """The same at the peer's."""
        requests = [self.side.typing() for _ in range(count)]
        return await send(self._peer_port, requests, at_once=at_once, expected=lambda body: body == b"")

    async def submit(self, count: int, at_once: int) -> Load:
        """So many entries, each saved."""
        requests = [self.side.submission(self._painted, next(self._files)) for _ in range(count)]
        return await send(self._port, requests, at_once=at_once, expected=_saved)

    async def run(self) -> None:
        works = {PEER: (self.peer, self.size.peer), TURN: (self.turn, self.size.turn)}
        works[SUBMIT] = (self.submit, self.size.submit)
        for work, _counts in works.values():
            await work(self.size.warm, 4)
        for _ in range(self.size.rounds):
            for number, at_once in enumerate(AT_ONCE):
                for name, (work, counts) in works.items():
                    before = await self._spent(name)
                    self.loads.setdefault((name, at_once), []).append(await work(counts[number], at_once))
                    self.processor[name] = self.processor.get(name, 0.0) + await self._spent(name) - before

    async def _spent(self, name: str) -> float:
        """Processor seconds so far of the side that does this: what a busy machine does not change."""
        side = self._peer if name == PEER and self._peer else self.house
        return float((await side.ask(do="cpu"))["seconds"])


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """Both rows, with both sides' figures."""
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(TeamsSide.open())
        house = await stack.enter_async_context(child("bench.house"))
        peer = await stack.enter_async_context(child("bench.bare_cloud_adapter"))
        bench = Bench(TINY if tiny else Size(), side, house, peer)
        await bench.open(folder)
        await bench.run()
        rows = ((TURN, "a bare Teams turn", 8), (SUBMIT, "/log-client on Teams, durable", 3))
        return [_row(bench, name, what, limit) for name, what, limit in rows]


async def profile(folder: Path, *, tiny: bool = False) -> str:
    """Where the time of a turn goes, and that of a submit."""
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(TeamsSide.open())
        house = await stack.enter_async_context(child("bench.house"))
        bench = Bench(TINY if tiny else Size(rounds=1), side, house)
        await bench.open(folder)
        said = []
        for work, counts in ((bench.turn, bench.size.turn), (bench.submit, bench.size.submit)):
            await work(bench.size.warm, 1)
            await house.ask(do="profile")
            load = await work(counts[-1], 1)
            text = str((await house.ask(do="profiled"))["text"])
            what = f"{len(load.seconds)} of {work.__name__}, one at a time, p50 {load.p50 * 1000:.2f} ms while watched"
            said.append(f"{text}\n{what}")
        return "\n\n".join(said)


def _saved(body: bytes) -> bool:
    """Now, and not before."""
    return b"IN-" in body and b"saved already" not in body


def _row(bench: Bench, name: str, what: str, limit: float) -> Row:
    what = f"{what}, {AT_ONCE[-1]} at a time: rate of a stock adapter's turn"
    ratios = {at_once: _ratio(bench, name, at_once) for at_once in AT_ONCE}
    detail = {f"ratio_{at_once}_at_a_time": round(ratio, 2) for at_once, ratio in ratios.items()}
    for who in (PEER, name):
        count = sum(len(load.seconds) for at_once in AT_ONCE for load in bench.loads[who, at_once])
        detail[f"{who}_processor_ms"] = round(bench.processor[who] / count * 1000, 3)
        detail |= {key: value for at_once in AT_ONCE for key, value in _figures(bench, who, at_once)}
    return Row(family=FAMILY, what=what, side=Limit.AT_LEAST, limit=limit, value=ratios[AT_ONCE[-1]], detail=detail)


def _ratio(bench: Bench, name: str, at_once: int) -> float:
    """The median over the rounds, each against the peer's of the same round."""
    pairs = zip(bench.loads[name, at_once], bench.loads[PEER, at_once], strict=True)
    return median(load.rate / peer.rate for load, peer in pairs)


def _figures(bench: Bench, who: str, at_once: int) -> Iterator[tuple[str, float]]:
    for name, of, factor in (("p50_ms", "p50", 1000), ("p99_ms", "p99", 1000), ("a_second", "rate", 1)):
        found = median(getattr(load, of) for load in bench.loads[who, at_once]) * factor
        yield f"{who}_{at_once}_{name}", round(found, 3)
