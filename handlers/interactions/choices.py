"""The closed choices of an interaction, in the words of the form."""

from collections.abc import Mapping

from handlers.views import Option
from handlers.words import _

OTHER_CHANNEL = "other"
UNLISTED = Option(value="unlisted", label=_("My client is not listed"))
DIRECTIONS = {"in": _("From the client"), "out": _("To the client")}
KINDS = {
    "call": _("Call"),
    "meeting": _("Meeting"),
    "email": _("E-mail"),
    "letter": _("Letter"),
    "portal": _("Portal message"),
    "other": _("Other"),
}
EXPECTS = {"yes": _("Yes"), "no": _("No"), "answered": _("Already answered")}
SUMMARY_LENGTH = 3000


def options(words: Mapping[str, str]) -> tuple[Option, ...]:
    """Choices from our own words."""
    return tuple(Option(value=value, label=_(word)) for value, word in words.items())
