"""What the tests of the Slack side share: a small house behind the doorway, an office around it, a form and a card."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from slack_bolt.async_app import AsyncApp

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.records import Message, View
from bot.sandbox.workspace import Workspace
from bot.slack.directory import Directory
from bot.slack.sender import Sender
from bot.slack.socket_mode import SocketMode
from handlers.people import Unknown
from handlers.request import Kind, Request
from handlers.views import (
    Button,
    Card,
    Data,
    Does,
    Done,
    Field,
    Form,
    Home,
    Opens,
    Option,
    Options,
    Page,
    Reply,
    Say,
    SearchField,
    Text,
    TextField,
    WhenField,
)

ADA, BEN, NEW, STRANGER = "U0ADA", "U0BEN", "U0NEW", "U0STRANGER"
Answer = Callable[[Request], Reply]
UNLISTED = Option(value="unlisted", label="My client is not listed")
HERON = Option(value="CL-1", label="Heron & Sons")
CARD = Card(
    title="Reply due today, Mon 16:00 (London)",
    items=(Text(text="Quiet Heron"),),
    buttons=(
        Button(label="I take it", act=Does(name="deadline.take", subject="DL-7"), primary=True),
        Button(label="Why?", act=Opens(name="deadline.why", subject="DL-7")),
        Button(label="Log the reply", act=Opens(name="log-client", subject="reply:DL-7")),
    ),
)


def note(request: Request) -> Form:
    """A form like `/log-client`: an unlisted client is asked for by name."""
    asked: list[Field] = [SearchField(name="client", label="Client", search="clients", refreshes=True)]
    chosen = request.values.get("client")
    if isinstance(chosen, Option) and chosen.value == UNLISTED.value:
        asked.append(TextField(name="unlisted", label="Name of the client"))
    asked += [
        TextField(name="summary", label="Summary", multiline=True),
        WhenField(name="when", label="When", optional=True),
    ]
    values = {"summary": request.text} | dict(request.values)
    return Form(
        name="log-client",
        title="Log client interaction",
        submit="Log",
        fields=tuple(asked),
        values=values,
        subject=request.subject,
        form_id="FO-1",
    )


@dataclass(kw_only=True)
class House:
    """A doorway with answers given by the test. It links accounts by e-mail, as the handler of `accounts.seen` does."""

    people: set[str] = field(default_factory=lambda: {"ada@harbour.example", "new@harbour.example"})
    accounts: set[str] = field(default_factory=set)
    answers: dict[tuple[Kind, str], Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    rows: list[Mapping[str, str]] = field(default_factory=list)
    wait: Callable[[Request], Awaitable[None]] | None = None

    async def handle(self, request: Request) -> Reply:
        if request.kind is Kind.DESK:
            return self._seen(request)
        self.asked.append(request)
        if self.wait:
            await self.wait(request)
        account = request.account
        assert account is not None
        if not (account.human and account.ours):
            return Say(text="Sopwith answers people of this firm only.")
        if str(account) not in self.accounts and request.name != "report-breach":
            raise Unknown
        return self.answers[request.kind, request.name](request)

    def _seen(self, request: Request) -> Reply:
        assert (request.name, request.operator) == ("accounts.seen", "slack")
        self.rows.extend(request.rows)
        self.accounts |= {r["account"] for r in request.rows if r["email"] in self.people and r["ours"] == "yes"}
        return Data(data={"linked": len(self.accounts)})

    def on(self, kind: Kind, name: str, reply: Reply | Answer) -> None:
        """Answer this from now on."""
        self.answers[kind, name] = reply if callable(reply) else lambda _request: reply

    @property
    def last(self) -> Request:
        return self.asked[-1]


@dataclass(kw_only=True)
class Office:
    """Everything a test of the Slack side needs."""

    house: House
    workspace: Workspace
    hands: Hands
    bolt: AsyncApp
    directory: Directory
    sender: Sender
    url: str = ""
    socket: SocketMode = field(init=False)  # of the fixture `plugged`
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, id: str = ADA) -> Person:
        return self.people.setdefault(id, Person(self.hands, id))

    def modal(self, id: str = ADA) -> View:
        view = self.workspace.top(id)
        assert view is not None
        return view

    def called(self, method: str) -> int:
        return sum(c.method == method for c in self.workspace.calls)


async def until(true: Callable[[], object]) -> None:
    """Wait for it; TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)


async def sent_card(office: Office) -> Message:
    """A card in Ada's direct messages."""
    await office.sender.send(f"slack:{office.workspace.team_id}/{ADA}", (CARD,), headline="Something is due today.")
    return office.person().messages[-1]


async def filled_in(office: Office) -> None:
    ada = office.person()
    await ada.type("/log-client")
    await ada.choose("Client", "Heron & Sons")
    await ada.write("Summary", "We talked.")


def furnish(house: House) -> None:
    """What the house says, unless a test says otherwise."""
    house.on(Kind.COMMAND, "log-client", note)
    house.on(Kind.OPEN, "log-client", note)
    house.on(Kind.SEARCH, "clients", Options(options=(HERON, UNLISTED)))
    house.on(Kind.SUBMIT, "log-client", Say(title="Logged", text="Logged. The reply is due Mon 16:00 (London)."))
    house.on(Kind.COMMAND, "help", Say(text="These words are understood: <home>, away"))
    house.on(Kind.COMMAND, "away", lambda r: Say(text=f"Away: {r.text}"))
    house.on(Kind.OPEN, "deadline.why", Page(title="Why?", items=(Text(text="Because it is due."),)))
    house.on(Kind.ACTION, "deadline.take", Done())
    house.on(Kind.HOME, "home", Home(title="My duties", items=(Text(text="Nothing is due."),)))
