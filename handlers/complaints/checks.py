"""What is looked at before something is added to a complaint."""

from handlers.complaints.choices import LENGTH
from handlers.interactions.checks import unfit
from handlers.request import Ask, Refused
from handlers.words import _
from storage.complaints import Complaint


def still_open(complaint: Complaint) -> Complaint:
    """The complaint, unless it is over."""
    if complaint.state != "open":
        words = _("This is resolved already. “Open it again” is on its page, if there is more to do.")
        raise Refused(words, why="resolved already", subject=complaint.id)
    return complaint


def texts(ask: Ask, needed: dict[str, str], more: tuple[str, ...] = ()) -> tuple[dict[str, str], str]:
    """What is missing (with the words for it), too long, or should not stand there; and the word recorded for it."""
    errors = {name: words for name, words in needed.items() if not ask.typed(name)}
    faults, why = unfit(ask, (*needed, *more), LENGTH)
    return {**errors, **faults}, why
