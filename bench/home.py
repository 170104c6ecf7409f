"""Home and the type-ahead of somebody with thousands of files and hundreds of open duties, beside an empty house.

Both are asked over signed HTTP, in turns; Slack's side takes the window without a look.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.children import Child, child
from bench.load import Load, send
from bench.measure import Limit, Row, median
from bench.slack_side import Painted, SlackSide

FAMILY = "home"
FULL, EMPTY = "full", "empty"
TYPED = "mar"


@dataclass(frozen=True, kw_only=True)
class Size:
    files: int = 3000
    duties: int = 500
    rounds: int = 7
    asked: int = 30


TINY = Size(files=5, duties=3, rounds=1, asked=2)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A house, who is asked, and how a question to it is made."""

    house: Child
    side: SlackSide
    port: int
    painted: Painted

    async def ask(self, what: str, times: int) -> Load:
        make: dict[str, Callable[[], bytes]] = {
            "home": lambda: self.side.command("/sopwith home"),
            "type-ahead": lambda: self.side.typed(self.painted, TYPED),
        }
        expected = b"options" if what == "type-ahead" else b""
        requests = [make[what]() for _ in range(times)]
        return await send(self.port, requests, at_once=1, expected=lambda body: expected in body)


async def _place(stack: AsyncExitStack, folder: Path, name: str, files: int, duties: int) -> Place:
    side = await stack.enter_async_context(SlackSide.open())
    house = await stack.enter_async_context(child("bench.house"))
    (folder / name).mkdir()
    order = {"folder": str(folder / name), "files": files, "duties": duties, **side.order}
    port = (await house.ask(do="open", **order))["port"]
    painted = await side.paint(port)
    side.quick = True
    return Place(house=house, side=side, port=port, painted=painted)


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """A row for each of the two questions."""
    size = TINY if tiny else Size()
    async with AsyncExitStack() as stack:
        full = await _place(stack, folder, FULL, size.files, size.duties)
        empty = await _place(stack, folder, EMPTY, 0, 0)
        return [await _row(what, full, empty, size) for what in ("home", "type-ahead")]


async def _row(what: str, full: Place, empty: Place, size: Size) -> Row:
    found: dict[str, list[float]] = {FULL: [], EMPTY: []}
    for place in (full, empty):
        await place.ask(what, size.asked)
    for _ in range(size.rounds):
        found[FULL].append((await full.ask(what, size.asked)).p50)
        found[EMPTY].append((await empty.ask(what, size.asked)).p50)
    ratio = median(a / b for a, b in zip(found[FULL], found[EMPTY], strict=True))
    return Row(
        family=FAMILY,
        what=f"{what}, {size.files:,} files and {size.duties} duties: p50 to an empty house's",
        side=Limit.AT_MOST,
        limit=10,
        value=ratio,
        detail={f"{name}_p50_ms": round(median(values) * 1000, 3) for name, values in found.items()},
    )


async def profile(folder: Path, *, tiny: bool = False) -> str:
    """Where the time of both questions goes."""
    size = TINY if tiny else Size()
    async with AsyncExitStack() as stack:
        full = await _place(stack, folder, FULL, size.files, size.duties)
        said = []
        for what in ("home", "type-ahead"):
            await full.ask(what, size.asked)
            await full.house.ask(do="profile")
            load = await full.ask(what, size.asked)
            text = (await full.house.ask(do="profiled"))["text"]
            said.append(
                f"########## {what} ##########\n{text}\n{size.asked} times, p50 {load.p50 * 1000:.2f} ms watched"
            )
        return "\n\n".join(said)
