"""The measured house: the real service in a process of its own, with as many client files and open duties as asked for.

Invariants: settings as for a real start, SQLite with synchronous=FULL in the given folder; files come in by the client
list, duties by the form; nothing is switched off.
"""

import asyncio
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.children import answer, orders
from bench.profiling import Profiles, Shares
from bot import config, telemetry
from bot.config import Settings
from bot.sandbox import seed
from bot.service import Service
from handlers.request import Account, Kind, Request
from handlers.views import Data, Option, Say, Value
from storage import audit, clients
from storage.schema import audit_pending
from storage.store import Tx

TEAM, ME, MAIL = "T0HARBOUR", "UAMELIA", "amelia.ward@harbour-lane.example"
MANY = 1000
AUDIT = (audit.record, audit.settle)


def settings(folder: Path, order: Mapping[str, Any]) -> Settings:
    """From a policy file and an environment, as `sopwith run` reads them; ports are taken free."""
    policy = folder / "sopwith.toml"
    policy.write_text(seed.POLICY)
    environ = {
        "SOPWITH_MASTER_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "SOPWITH_AUDIT_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "SOPWITH_DATABASE_URL": order.get("database") or f"sqlite:///{folder / 'bench.db'}",
        **order["chat"],
    }
    found = config.load(environ, policy)
    return replace(found, port=0, admin_port=0, checkpoint_file=folder / "checkpoints.txt")


class House:
    def __init__(self, order: Mapping[str, Any]) -> None:
        self._on_teams = frozenset[str](order.get("on_teams", ()))
        self.service = Service(settings(Path(order["folder"]), order))
        self.shares, self.profiles = Shares(), Profiles(self.service.store)

    async def open(self, files: int, duties: int) -> dict[str, Any]:
        """The port, and the ids of the files, in the order of their numbers."""
        await self._desk("people.import", seed.people(self._on_teams))
        rows = [self._file(number) for number in range(files)]
        for start in range(0, files, MANY):
            await self._desk("clients.import", tuple(rows[start : start + MANY]))
        await self.service.start()
        found = await self.service.doorway.ask(_ids)
        for number, id in enumerate(found[:duties]):
            await self._inquiry(number, id)
        return {"port": self.service.port, "clients": found}

    @staticmethod
    def _file(number: int) -> Mapping[str, str]:
        name = f"{_word(number)} {_word(number * 7 + 3)} Holdings"
        return {"line": str(number + 2), "ref": f"{number + 100_000}", "name": name, "owner": MAIL}

    async def _desk(self, name: str, rows: tuple[Mapping[str, str], ...]) -> None:
        request = Request(kind=Kind.DESK, name=name, operator="bench", rows=rows)
        said = await self.service.doorway.handle(request)
        if not isinstance(said, Data) or not said.ok:
            raise RuntimeError(f"{name} was refused: {said}")

    async def _inquiry(self, number: int, client: str) -> None:
        values: dict[str, Value] = {
            "client": Option(value=client, label=""),
            "channel": "Company email",
            "direction": "in",
            "kind": "email",
            "when": self.service._now(),
            "summary": f"Question {number}.",
            "expects": "yes",
        }
        me = Account(platform="slack", id=f"{TEAM}/{ME}")
        form = secrets.token_urlsafe(16)
        request = Request(kind=Kind.SUBMIT, name="log-client", account=me, key=form, form_id=form, values=values)
        said = await self.service.doorway.handle(request)
        if not isinstance(said, Say) or not said.reference:
            raise RuntimeError(f"an inquiry was refused: {said}")


def _ids(tx: Tx) -> list[str]:
    return [client.id for client in clients.everything(tx)]


def _waiting(tx: Tx) -> float:
    """The age in seconds of the oldest audit entry without a place; 0 when none waits."""
    first = select(audit_pending.c.body).order_by(audit_pending.c.id).limit(1)
    body = tx.conn.execute(first).scalar_one_or_none()
    return (tx.now - datetime.fromisoformat(json.loads(body)["at"])).total_seconds() if body else 0.0


def _nothing(*_args: object, **_more: object) -> None:
    """Instead of the audit log."""


def _word(number: int) -> str:
    """Pronounceable, the same on every run."""
    parts = (
        "ba",
        "cor",
        "del",
        "fen",
        "gal",
        "hum",
        "jas",
        "kel",
        "lor",
        "mar",
        "nev",
        "pol",
        "rit",
        "sev",
        "tam",
        "wen",
    )
    return (parts[number % 16] + parts[number // 16 % 16] + parts[number // 256 % 16]).capitalize()


async def main() -> None:
    telemetry.set_up(level=30)
    house: House | None = None
    async for order in orders():
        match order["do"]:
            case "open":
                house = House(order)
                answer(**await house.open(order["files"], order["duties"]))
            case "profile" if house:
                house.profiles.start()
                answer(ok=True)
            case "profiled" if house:
                answer(text=house.profiles.text())
            case "share" if house:
                house.shares.start()
                answer(ok=True)
            case "cpu":
                answer(seconds=time.process_time())
            case "audit" if house:
                audit.record, audit.settle = AUDIT if order["on"] else (_nothing, _nothing)
                answer(ok=True)
            case "waiting" if house:
                answer(seconds=await house.service.doorway.ask(_waiting))
            case "shared" if house:
                answer(**house.shares.found)
    if house:
        await house.service.stop()


if __name__ == "__main__":
    asyncio.run(main())
