"""What somebody sees in Teams, for the page: the chat with the bot, and the dialog in front."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.sandbox.chat import SHOWN, Command, Line, News
from bot.sandbox.rendering import Part, part
from bot.sandbox.stage import Cast, Stage
from bot.sandbox.teams import paint
from bot.sandbox.teams.records import ANSWER, Post
from bot.sandbox.teams.world import World
from handlers.words import _, when


class Screen:
    """Painted from the very Adaptive Cards that the bot sent."""

    name = "Teams"
    commands: tuple[Command, ...] = (
        Command(label=_("Log client interaction"), act="extend", line="log-client"),
        Command(label=_("Report a breach"), act="extend", line="report-breach"),
        Command(label=_("My duties"), act="say", line="home"),
        Command(label=_("Help"), act="say", line="help"),
    )
    prompt = _("Type home, help, log-client …")
    known: tuple[str, ...] = ("home", "help", "log-client", "report-breach", "client", "access")
    has_home = False

    def __init__(self, stage: Stage, world: World) -> None:
        self.stage, self.tenant = stage, world.tenant

    def about(self, who: Cast) -> str:
        said = _("Chat with Sopwith")
        return f"{said} · {_('guest')}" if self.tenant.members[who.user_id].role == "guest" else said

    def lines(self, who: Cast) -> list[Line]:
        return [self._line(who, post) for post in self.tenant.seen_by(who.user_id)[-SHOWN:]]

    def home(self, who: Cast) -> Part:
        return part("home", view=None, body=Markup(""))

    def modal(self, who: Cast) -> Part | None:
        dialog = self.tenant.dialogs.get(who.user_id)
        return part("dialog", who=who, dialog=dialog, body=paint.cards(dialog)) if dialog else None

    def news(self, who: Cast) -> list[News]:
        """An answer to a typed line rings nobody: the asker is there."""
        found = [post for post in self.tenant.seen_by(who.user_id) if not post.author]
        return [News(id=post.id, phone="" if post.summary == ANSWER else post.text) for post in found]

    @property
    def last(self) -> str:
        return self.tenant.posts[-1].id if self.tenant.posts else ""

    def _line(self, who: Cast, post: Post) -> Line:
        now, zone = self.stage.now(), ZoneInfo(self.tenant.members[who.user_id].zone)
        author = self.tenant.members.get(post.author)
        said = Markup('<p class="a-said">{}</p>').format(post.said) if post.said else Markup("")
        return Line(
            id=post.id,
            place=paint.name_of(post),
            author=author.name if author else _("Sopwith"),
            kind="own" if post.author else "bot",
            at=when(post.at or now, zone, now),
            body=said + paint.cards(post),
            edited=post.updated > 0,
        )
