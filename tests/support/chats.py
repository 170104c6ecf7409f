"""What sets the chats apart, as data: who uses which, what their deliveries and their calls are called, where the bot's
code for each of them breaks, and what is to be found of them wherever one looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox import seed
from bot.sandbox.faults import Faults
from bot.sandbox.firm import Firm
from bot.sandbox.records import Call, FaultSeen

EVERYBODY = tuple(user.id for user in seed.CAST)
THERE = {
    "chat.postMessage": b"Reply due",
    "chat.update": b"Settled",
    "views.publish": b"My duties",
    "messages": b"somebody is needed now",
    "homes": b"My last entries",
}
THERE_ON_TEAMS = {
    "send": b"Reply due",
    "update": b"Settled",
    "messages": b"somebody is needed now",
    "homes": b"My last entries",
    "the answer to adaptiveCard/action": b"statusCode",
}


@dataclass(frozen=True, kw_only=True)
class Chat:
    """`post`, `update` and `opens` are calls the bot makes; `acts` and `events` what is brought to it; `says` is how
    letters call the place. `fills_in`: words behind a command stand in its form. `asks_bot`: menus ask the bot for
    what is typed into them. `windows`: the call that shows what a command opens, and `no` how a call is refused for
    good. `reads`, `page` and `card`: code that reads a form and paints.
    `there`: something that is no secret, by where it is said."""

    socket_mode: bool = False
    on_teams: tuple[str, ...] = ()
    post: str = "chat.postMessage"
    update: str = "chat.update"
    opens: tuple[str, ...] = ("conversations.open",)
    acts: tuple[str, ...] = ("slash", "interaction")
    events: tuple[str, ...] = ("event",)
    says: str = "Slack"
    moments: str = ""  # how a date and a time are typed, where they are two fields
    address: str = "/slack/events"
    fills_in: bool = True
    asks_bot: bool = True
    windows: str = "views.open"
    no: str = "invalid_blocks"
    reads: str = "bot.slack.incoming:submission"
    page: str = "bot.slack.blocks:page"
    card: str = "bot.slack.blocks:card"
    there: Mapping[str, bytes] = field(default_factory=lambda: THERE)

    def moment(self, at: datetime) -> list[Any]:
        """Slack's picker takes an epoch second; Teams has a date and a time."""
        return at.strftime(self.moments).split() if self.moments else [int(at.timestamp())]

    def settings(self) -> dict[str, Any]:
        """For `Firm`."""
        return {"socket_mode": self.socket_mode, "on_teams": self.on_teams}

    def faults(self, firm: Firm) -> Faults:
        return firm.teams.tenant.faults if self.on_teams and firm.teams else firm.workspace.faults

    def calls(self, firm: Firm) -> list[Call]:
        return firm.teams.tenant.calls if self.on_teams and firm.teams else firm.workspace.calls


def faults_seen(firm: Firm) -> list[FaultSeen]:
    """What the bot sent that a platform would not take."""
    return [*firm.workspace.faults_seen, *(firm.teams.tenant.faults_seen if firm.teams else [])]


CHATS: Mapping[str, Chat] = {
    "http": Chat(),
    "socket": Chat(socket_mode=True),
    "teams": Chat(
        on_teams=EVERYBODY,
        post="send",
        update="update",
        opens=(),
        acts=("invoke", "message"),
        events=("message",),
        says="Microsoft Teams",
        moments="%Y-%m-%d %H:%M",
        address="/api/messages",
        fills_in=False,
        asks_bot=False,
        windows="send",
        no="400",
        reads="bot.teams.dialogs:read",
        page="bot.teams.cards:home",
        card="bot.teams.cards:card",
        there=THERE_ON_TEAMS,
    ),
}
