"""The command line's side of key custody: from the old outside key to the new one, a batch at a time.

Invariants: keys go neither into a request nor into its answer, only their names do; after each batch the command may be
killed, and run again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.config import Settings
from bot.desk import asked, hand_over
from bot.terminal import No
from storage.vault import key_name

IDLE, PAUSE = 50, 0.2  # how often nothing could be done because others had it, and seconds between


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """`moved` firm keys came from the old outside key; `made`: a new generation; `put` data keys went under it."""

    moved: int
    made: bool
    put: int


def rotate(settings: Settings, shown: Callable[[int, int], None]) -> Rotated:
    """All of it; `shown` is told how many of how many data keys are done. Safe to interrupt and to run again."""
    words = {"outside": key_name(settings.secrets.master_key)}
    begun: Any = hand_over(settings, asked("keys.rotate", words)).data
    total = left = int(begun["left"])
    idle = 0
    while left and idle < IDLE:
        shown(total - left, total)
        step: Any = hand_over(settings, asked("keys.rewrap-some", words)).data
        left = int(step["left"])
        idle = 0 if step["done"] else idle + 1
        if idle:
            time.sleep(PAUSE)
    if left:
        raise No(f"{left} data keys are held by others at the moment. Run `sopwith keys rotate` again to finish.")
    shown(total, total)
    return Rotated(moved=int(begun["moved"]), made=bool(begun["made"]), put=total)
