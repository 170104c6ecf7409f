"""What a platform's sender can do for the courier, and the four ways it can fail; a sender never retries by itself."""

from typing import Protocol

from handlers.views import Card


class Limited(Exception):
    """The platform asks to wait `seconds`; `everywhere` when the whole workspace, not this lane, must wait."""

    def __init__(self, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds
        self.everywhere = everywhere


class Trouble(Exception):
    """It did not arrive, or nobody knows: network, 5xx, a cut connection. Worth another try."""


class Unreachable(Exception):
    """This person cannot be reached on this platform: deactivated, unknown, not in the workspace."""


class Rejected(Exception):
    """The platform refuses this very message; sending it again will not help."""


class Sender(Protocol):
    """One platform's way out. `account` is `slack:T1/U7`; a place names a sent message for later edits."""

    platform: str

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        """Post `cards`, one below the other, as one message to the person's private chat; `headline` is all that a
        locked phone shows. Gives the place."""

    async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
        """Replace the message at `place`, all of its cards."""
