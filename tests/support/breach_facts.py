"""Facts about a breach in few words, and the clocks that run for them, by id."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.statutes import built_in
from handlers.rules.clock_facts import FLAGS, Answer, Facts
from handlers.rules.clocks import Running, running

UTC_ZONE = ZoneInfo("UTC")
NOTICED, AWARE = "2026-11-20T08:00Z", "2026-11-20T14:20+01:00"  # a Friday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def facts(regimes: str = "", **known: Any) -> Facts:
    """Instants as texts end in `_at`; yes-or-no answers as words."""
    instants = {name: at(value) for name, value in known.items() if name.endswith("_at")}
    answers = {name: Answer(value) for name, value in known.items() if name in FLAGS}
    rest = {name: value for name, value in known.items() if name not in instants and name not in answers}
    sent = {name: at(value) for name, value in rest.pop("notices_sent", {}).items()}
    return Facts(instants=instants, answers=answers, regimes=tuple(regimes.split()), notices_sent=sent, **rest)


def runs(known: Facts, zone: ZoneInfo = UTC_ZONE, usual: tuple[str, ...] = ()) -> dict[str, Running]:
    return {one.clock.id: one for one in running(built_in(), known, zone, usual)}
