"""What the bot says in a chat that keeps everything: nothing about a client, and how to go on."""

from bot.teams import cards
from bot.teams.cards import Json
from handlers.views import Page, Say
from handlers.words import _


def in_private() -> str:
    """In group chats and channels."""
    return _("Let us talk in private: open your chat with Sopwith, and I will help you there.")


def stranger() -> Say:
    return Say(text=_("Sopwith answers people of this firm only."))


def not_listed() -> Say:
    return Say(
        text=_(
            "Sopwith does not know you yet. Please write “help” in your own chat with Sopwith; if that does not help, "
            "ask the administrator to add you to the people file."
        )
    )


def trouble(reference: str) -> Say:
    words = _(
        "Something went wrong here, and it may not have been saved. Please try again, or tell the administrator: {}"
    )
    return Say(text=words.format(reference))


def keeps() -> str:
    """To a line with more in it than a command."""
    return _(
        "This chat keeps what you typed. If it was about a client, please delete your message (… → Delete); "
        "Sopwith has kept nothing of it."
    )


def welcome() -> Json:
    """When somebody has the app for the first time."""
    lines = [
        _("Hello, I am Sopwith. I keep client communication confidential, answered and provable."),
        _(
            "Press a button, or type “log-client”, “report-breach”, “home” or “help”. Please write about clients in my "
            "forms only: what is typed into this chat stays in it."
        ),
    ]
    return cards.opening(lines, _ways())


def unknown(*, more: bool) -> Json:
    """To a line that is no command."""
    lines = [*([keeps()] if more else []), _("I know commands only: “help” lists them.")]
    return cards.opening(lines, _ways())


def _ways() -> list[tuple[str, str]]:
    return [
        (_("Log client interaction"), "log-client"),
        (_("Report a breach"), "report-breach"),
        (_("My duties"), "home"),
        (_("Help"), "help"),
    ]


def open_form(name: str, *, more: bool) -> Json:
    """A command that needs a form, which a typed line cannot open."""
    return cards.opening([keeps()] if more else [], [(_("Open the form"), name)])


def open_page(name: str, *, more: bool) -> Json:
    """A command whose answer is for this person's eyes, and not for a chat that keeps it."""
    return cards.opening([keeps()] if more else [], [(_("Open"), name)])


def read_here(found: Page | Say, *, more: bool) -> list[Json]:
    """An answer that may stand in the chat."""
    shown = cards.say(found) if isinstance(found, Say) else cards.read(found)
    return [*([cards.say(Say(text=keeps()))] if more else []), shown]
