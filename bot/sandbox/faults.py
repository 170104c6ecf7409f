"""Faults that can be switched on: what Slack's Web API and its deliveries do on a bad day.

Invariants: without a rule nothing ever goes wrong; "the next n" rules come before rates and are used up in the order
given; the same seed and the same sequence of calls give the same faults.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

ANY = "*"


class Kind(StrEnum):
    """The first six befall a Web API call, the next three a delivery to the bot, then one over Socket Mode."""

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After: `seconds`, nothing done
    SERVER_ERROR = "server_error"  # 500, nothing done
    ERROR = "error"  # 200 {"ok": false, "error": `code`}, nothing done
    CUT_BEFORE = "cut_before"  # connection reset, nothing done
    CUT_AFTER = "cut_after"  # connection reset after the work was done: the caller cannot know
    SLOW = "slow"  # done at once, answered `seconds` later
    DUPLICATE = "duplicate"  # the same bytes and the same signature arrive twice
    LATE = "late"  # signed now, delivered `seconds` later
    RETRY = "retry"  # events only: sent again with X-Slack-Retry-Num although the bot had answered
    EVERYWHERE = "everywhere"  # every open connection gets the same envelope
    DROP = "drop"  # the connection breaks behind the envelope; what came of it is not heard
    REFRESH = "refresh"  # one of several connections is said goodbye to just before, and closed later


DELIVERY = frozenset({Kind.DUPLICATE, Kind.LATE, Kind.RETRY, Kind.EVERYWHERE, Kind.DROP, Kind.REFRESH})


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: Kind
    seconds: float = 0.0
    code: str = ""


@dataclass(kw_only=True)
class _Next:
    fault: Fault
    target: str
    left: int


@dataclass(frozen=True, kw_only=True)
class _Rate:
    fault: Fault
    target: str
    probability: float


class Faults:
    """Targets are Web API methods ("chat.postMessage") or kinds of delivery ("slash", "interaction", "event")."""

    def __init__(self, *, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._next: list[_Next] = []
        self._rates: list[_Rate] = []
        self.message_interval = 0.0  # seconds between two messages in one channel; sooner is answered with 429

    def next(self, target: str, kind: Kind, *, times: int = 1, seconds: float = 1.0, code: str = "") -> None:
        """The next `times` calls of (or deliveries to) `target` go wrong in this way."""
        self._next.append(_Next(fault=Fault(kind=kind, seconds=seconds, code=code), target=target, left=times))

    def rate(self, kind: Kind, probability: float, *, target: str = ANY, seconds: float = 1.0, code: str = "") -> None:
        """From now on this share (0 to 1) of calls or deliveries goes wrong in this way."""
        fault = Fault(kind=kind, seconds=seconds, code=code)
        self._rates.append(_Rate(fault=fault, target=target, probability=probability))

    def clear(self) -> None:
        self._next.clear()
        self._rates.clear()
        self.message_interval = 0.0

    def pick(self, target: str, *, delivery: bool = False) -> Fault | None:
        """What befalls this one call or delivery, if anything."""
        for rule in self._next:
            if rule.left and rule.target in (ANY, target) and (rule.fault.kind in DELIVERY) is delivery:
                rule.left -= 1
                return rule.fault
        rates = [r for r in self._rates if r.target in (ANY, target) and (r.fault.kind in DELIVERY) is delivery]
        return next((r.fault for r in rates if self._random.random() < r.probability), None)
