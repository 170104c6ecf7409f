"""`/log-client`, submitted: signed HTTP to durable commit to answer, beside Bolt that only acknowledges.

Invariants: every submission is a form of its own for a client of its own, so that each starts a clock; peer and house
get the same kind of requests in turns.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.children import Child, child
from bench.load import Load, send
from bench.measure import Limit, Row, median
from bench.slack_side import Painted, SlackSide

FAMILY = "submit"
AT_ONCE = (1, 16, 64)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is sent: `sent` by how many at once, in each of `rounds`; `shared` to find the shares."""

    rounds: int = 5
    sent: tuple[int, int, int] = (80, 160, 256)
    warm: int = 60
    shared: int = 100

    @property
    def files(self) -> int:
        return self.warm + self.rounds * sum(self.sent) + self.shared + 10


TINY = Size(rounds=1, sent=(3, 4, 4), warm=2, shared=3)


class Bench:
    """A house, a peer, and Slack's side, with forms that were painted once."""

    def __init__(self, size: Size, side: SlackSide, house: Child, peer: Child | None = None) -> None:
        self.size, self.side, self.house, self._peer = size, side, house, peer
        self.loads: dict[tuple[str, int], list[Load]] = {}
        self.processor: dict[str, float] = {}
        self._port = self._peer_port = 0
        self._painted: Painted
        self._files: Iterator[str]

    async def open(self, folder: Path, *, database: str = "") -> None:
        """`database`: another than SQLite in the folder."""
        order = {"folder": str(folder), "files": self.size.files, "duties": 0, "database": database, **self.side.order}
        opened = await self.house.ask(do="open", **order)
        self._port, self._files = opened["port"], iter(opened["clients"])
        if self._peer:
            self._peer_port = (await self._peer.ask(do="open", **self.side.order))["port"]
        self._painted = await self.side.paint(self._port, "100000")
        next(self._files)

    async def submit(self, count: int, at_once: int) -> Load:
        """So many entries, each saved."""
        requests = [self.side.submission(self._painted, next(self._files)) for _ in range(count)]
        return await send(self._port, requests, at_once=at_once, expected=lambda body: b"IN-" in body)

    async def acknowledge(self, count: int, at_once: int) -> Load:
        """The same at the peer's, which keeps nothing: whose client it is makes no difference there."""
        requests = [self.side.submission(self._painted, self._painted.client) for _ in range(count)]
        return await send(self._peer_port, requests, at_once=at_once, expected=lambda body: True)

    async def run(self) -> None:
        await self.submit(self.size.warm, 4)
        await self.acknowledge(self.size.warm, 4)
        before = await self._spent()
        for _ in range(self.size.rounds):
            for at_once, count in zip(AT_ONCE, self.size.sent, strict=True):
                self.loads.setdefault(("peer", at_once), []).append(await self.acknowledge(count, at_once))
                self.loads.setdefault(("house", at_once), []).append(await self.submit(count, at_once))
        count = self.size.rounds * sum(self.size.sent)
        spent = await self._spent()
        self.processor = {f"{who}_processor_ms": (spent[who] - before[who]) / count * 1000 for who in spent}

    async def _spent(self) -> dict[str, float]:
        """Processor seconds so far of each side: what a busy machine does not change."""
        sides = {"house": self.house, **({"peer": self._peer} if self._peer else {})}
        return {who: (await one.ask(do="cpu"))["seconds"] for who, one in sides.items()}

    async def share(self) -> Row:
        """Of the time of one submit, and of its processor time, the larger share."""
        await self.house.ask(do="share")
        load = await self.submit(self.size.shared, 1)
        found = await self.house.ask(do="shared")
        shares = {"of_wall": found["wall"] / load.wall, "of_processor": found["cpu"] / found["process"]}
        each = {"sealing_and_audit_ms": found["wall"] / len(load.seconds) * 1000, "submit_ms": load.p50 * 1000}
        what = "share of sealing and audit in a submit"
        value = max(shares.values()) * 100
        return Row(family=FAMILY, what=what, side=Limit.AT_MOST, limit=15, unit="%", value=value, detail=shares | each)


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """Each row, with both sides' figures."""
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(SlackSide.open())
        house = await stack.enter_async_context(child("bench.house"))
        peer = await stack.enter_async_context(child("bench.bare_bolt"))
        bench = Bench(TINY if tiny else Size(), side, house, peer)
        await bench.open(folder)
        await bench.run()
        return [*_rows(bench), await bench.share()]


async def profile(folder: Path, *, tiny: bool = False) -> str:
    """Where the time of a submit goes."""
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(SlackSide.open())
        house = await stack.enter_async_context(child("bench.house"))
        bench = Bench(TINY if tiny else Size(rounds=1), side, house)
        await bench.open(folder)
        await bench.submit(bench.size.warm, 1)
        await house.ask(do="profile")
        load = await bench.submit(bench.size.sent[-1], 1)
        text = str((await house.ask(do="profiled"))["text"])
        return f"{text}\n{len(load.seconds)} submits, one at a time, p50 {load.p50 * 1000:.2f} ms while watched"


def _rows(bench: Bench) -> list[Row]:
    def ratios(at_once: int, of: str) -> float:
        """The median over the rounds, each against the peer's of the same round."""
        pairs = zip(bench.loads["house", at_once], bench.loads["peer", at_once], strict=True)
        return median(getattr(house, of) / getattr(peer, of) for house, peer in pairs)

    slowest = median(load.p99 for load in bench.loads["house", 64]) * 1000
    rows = [
        Row(
            family=FAMILY,
            what="submit, durable, one at a time: p50 to a bare Bolt ack",
            side=Limit.AT_MOST,
            limit=8,
            value=ratios(1, "p50"),
            detail=_figures(bench, 1),
        )
    ]
    rows += [
        Row(
            family=FAMILY,
            what=f"submit, {at_once} at a time: rate of a bare Bolt's",
            side=Limit.AT_LEAST,
            limit=12,
            unit="%",
            value=ratios(at_once, "rate") * 100,
            detail=_figures(bench, at_once),
        )
        for at_once in AT_ONCE[1:]
    ]
    p99 = Row(family=FAMILY, what="submit, 64 at a time: p99", side=Limit.AT_MOST, limit=250, unit="ms", value=slowest)
    return [*rows, p99]


def _figures(bench: Bench, at_once: int) -> dict[str, Any]:
    return {who: round(spent, 3) for who, spent in bench.processor.items()} | {
        f"{who}_{name}": round(median(getattr(load, of) for load in bench.loads[who, at_once]) * factor, 3)
        for who in ("house", "peer")
        for name, of, factor in (("p50_ms", "p50", 1000), ("p99_ms", "p99", 1000), ("a_second", "rate", 1))
    }
