"""What somebody sees in Slack, for the page: messages, home and the modal in front."""

from markupsafe import Markup

from bot.sandbox import mrkdwn
from bot.sandbox.chat import SHOWN, Command, Line, News
from bot.sandbox.paint import Painter, name_of
from bot.sandbox.records import Message, User, View
from bot.sandbox.rendering import Part, part
from bot.sandbox.stage import COMMANDS, Cast, Stage
from bot.sandbox.workspace import SLACKBOT
from handlers.words import _, when


class Screen:
    """Painted from the very Block Kit JSON that the bot sent."""

    name = "Slack"
    commands: tuple[Command, ...] = (
        Command(label=_("Log client interaction"), act="say", line="/log-client"),
        Command(label=_("Report a breach"), act="say", line="/report-breach"),
        Command(label=_("Help"), act="say", line="/sopwith help"),
    )
    prompt = _("Type a command …")
    known: tuple[str, ...] = (*COMMANDS, *(f"/sopwith {word}" for word in ("help", "home", "client", "access")))
    has_home = True

    def __init__(self, stage: Stage) -> None:
        self.stage, self.workspace = stage, stage.workspace

    def about(self, who: Cast) -> str:
        said = _("Direct messages with Sopwith")
        return f"{said} · {_('guest')}" if self.workspace.users[who.user_id].is_restricted else said

    def lines(self, who: Cast) -> list[Line]:
        painter = self._painter(who)
        return [self._line(m, painter) for m in self.workspace.seen_by(who.user_id)[-SHOWN:]]

    def home(self, who: Cast) -> Part:
        view = self.workspace.homes.get(who.user_id)
        return part("home", view=view, body=_body(self._painter(who), view))

    def modal(self, who: Cast) -> Part | None:
        view = self.workspace.top(who.user_id)
        if view is None:
            return None
        depth = len(self.workspace.modals[view.user])
        return part("modal", who=who, view=view, body=_body(self._painter(who), view), depth=depth)

    def news(self, who: Cast) -> list[News]:
        return [
            News(id=m.ts, phone=m.text if m.user == self.workspace.bot_user_id and not m.ephemeral_to else "")
            for m in self.workspace.seen_by(who.user_id)
            if m.user != who.user_id
        ]

    @property
    def last(self) -> str:
        return max((m.ts for m in self.workspace.messages), default="")

    def _painter(self, who: Cast) -> Painter:
        return Painter(self.workspace.users[who.user_id], self.workspace.users.values())

    def _line(self, message: Message, painter: Painter) -> Line:
        now, author = self.stage.now(), self.workspace.users.get(message.user)
        return Line(
            id=message.ts,
            place=name_of(message),
            author=_("Sandbox") if message.user == SLACKBOT else author.name if author else message.user,
            kind=_kind(message, author),
            at=when(message.at or now, painter.zone, now),
            body=painter.blocks(message) if message.blocks else _plain(message, painter),
            edited=message.updated > 0,
            private=bool(message.ephemeral_to),
        )


def _kind(message: Message, author: User | None) -> str:
    if message.user == SLACKBOT:
        return "house"
    return "bot" if author and author.is_bot else "own"


def _plain(message: Message, painter: Painter) -> Markup:
    said = mrkdwn.mrkdwn(message.text, painter.names)
    return Markup('<div class="b-section"><div class="b-words"><p>{}</p></div></div>').format(said)


def _body(painter: Painter, view: View | None) -> Markup:
    return painter.blocks(view) if view else Markup("")
