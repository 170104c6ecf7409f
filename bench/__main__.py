"""`python -m bench [FAMILY …]`: measures, prints a table, writes bench/latest.json; it does not judge."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from bench import business_time, home, importing, postgres, submit, teams, timers, verify
from bench.measure import Row, Verdict, machine

LATEST = Path(__file__).parent / "latest.json"


class Measure(Protocol):
    def __call__(self, folder: Path, *, tiny: bool = False) -> Awaitable[list[Row]]: ...


FAMILIES: dict[str, Measure] = {
    "business_time": business_time.measure,
    "timers": timers.measure,
    "submit": submit.measure,
    "teams": teams.measure,
    "postgres": postgres.measure,
    "verify": verify.measure,
    "home": home.measure,
    "importing": importing.measure,
}
PROFILES: dict[str, Callable[..., Awaitable[str]]] = {
    "submit": submit.profile,
    "teams": teams.profile,
    "home": home.profile,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("family", nargs="*", help=f"some of {', '.join(FAMILIES)}; without one, all")
    parser.add_argument("--json", action="store_true", help="print what is written to latest.json")
    parser.add_argument("--tiny", action="store_true", help="seconds instead of minutes; the figures mean nothing")
    parser.add_argument("--profile", action="store_true", help=f"where the time goes, of {', '.join(PROFILES)}")
    words = parser.parse_args()
    if unknown := set(words.family) - set(FAMILIES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]  # before we make some of our own
    with tempfile.TemporaryDirectory(prefix="sopwith-bench-") as folder:
        if words.profile:
            chosen = [name for name in PROFILES if name in (words.family or PROFILES)]
            for name in chosen:
                print(asyncio.run(_in(Path(folder), name, PROFILES[name], words.tiny)))
            return
        found = asyncio.run(measured(Path(folder), words.family or list(FAMILIES), tiny=words.tiny))
        report = {"machine": machine(Path(folder), load), "tiny": words.tiny, "rows": [row.as_json for row in found]}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    if not words.tiny:
        LATEST.write_text(text + "\n")
    print(text if words.json else table(found, report["machine"]))


async def measured(folder: Path, families: list[str], *, tiny: bool) -> list[Row]:
    """One family after the other, each in a folder of its own."""
    rows: list[Row] = []
    for name in families:
        print(f"measuring {name} …", file=sys.stderr)
        rows += await _in(folder, name, FAMILIES[name], tiny)
    return rows


async def _in(folder: Path, name: str, work: Callable[..., Awaitable[Any]], tiny: bool) -> Any:
    (folder / name).mkdir()
    return await work(folder / name, tiny=tiny)


def table(rows: list[Row], facts: dict[str, Any]) -> str:
    """A line for each row: what, how much, the limit, where it stands."""
    lines = [
        (row.what, _amount(row.value, row.unit), f"{row.side} {_amount(row.limit, row.unit)}", row) for row in rows
    ]
    width = max((len(line[0]) for line in lines), default=0)
    said = [f"{what:<{width}}  {value:>10}  {limit:>10}  {_stand(row)}" for what, value, limit, row in lines]
    head = ", ".join(f"{name} {value}" for name, value in facts.items())
    busy = facts["load"] > facts["cores"] / 2
    warned = ["The machine is busy with other things: what waits for a disk or a turn looks worse than it is."]
    return "\n".join([head, *(warned if busy else []), "", *said])


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'x' if unit == 'x' else f' {unit}'}"


def _stand(row: Row) -> str:
    return f"{row.verdict}: {row.why}" if row.verdict is Verdict.ABSENT else str(row.verdict)


if __name__ == "__main__":
    main()
