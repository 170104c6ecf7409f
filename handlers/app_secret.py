"""The secret by which the app proves itself to a chat platform ends on a day: administrators are told 60, 30 and 7 days
before, in chat and by letter, for without it nobody is told anything in chat any more.

Invariants: the day comes from the settings (`TEAMS_SECRET_EXPIRES`), the secret itself is never here; each warning is
given once for each day; a secret that was renewed meanwhile is spoken of no more.
"""

from datetime import date, datetime, time, timedelta

from handlers import notices
from handlers.request import Ask
from handlers.router import desk, notice, timer
from handlers.views import Card, Data, Done, Text
from handlers.words import _
from storage import audit, outbox, people, settings, timers
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

KIND, SUBJECT = "secret.expires", "teams"
KEY = "teams.secret-expires"
DAYS = (60, 30, 7)
AT = time(9)  # in the firm's zone


@desk("secret.known")
def know(tx: Tx, ask: Ask) -> Data:
    """When the secret ends (`values`: expires, a date, or nothing); with another day the warnings begin anew."""
    ends, before = ask.typed("expires"), settings.get(tx, KEY) or ""
    if ends != before:
        settings.put(tx, KEY, ends)
        audit.record(tx, "secret.renewed", who=ask.request.operator, expires=ends, before=before)
        timers.cancel(tx, SUBJECT, KIND)
        outbox.cancel(tx, SUBJECT)
        notices.refresh(tx, SUBJECT)
        _warn(tx, ask)
    return Data(data={"expires": ends})


@timer(KIND)
def remind(tx: Tx, ask: Ask) -> Done:
    """A warning is due."""
    _warn(tx, ask)
    return Done()


def _warn(tx: Tx, ask: Ask) -> None:
    """Tell what is due by now, the latest of it, and set the timer for the next."""
    ends = settings.get(tx, KEY)
    if not ends:
        return
    moments = [(days, _moment(date.fromisoformat(ends), days, ask)) for days in DAYS]
    due = [days for days, at in moments if at <= tx.now]
    if due:
        for admin in people.holders(tx, "admin"):
            notices.tell(tx, admin, key=f"secret:{ends}:{due[-1]}", kind=KIND, subject=SUBJECT)
    later = [at for _days, at in moments if at > tx.now]
    if later:
        timers.start(tx, KIND, SUBJECT, min(later))


def _moment(ends: date, days: int, ask: Ask) -> datetime:
    return datetime.combine(ends - timedelta(days=days), AT, ask.policy.zone)


@notice(KIND, letter=True)
def show(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For administrators: by when a new secret is needed, and what to do. What a renewed one left behind says so."""
    ends = settings.get(tx, KEY)
    if not sent.message_id and not (ends and sent.key.startswith(f"secret:{ends}:")):
        return None
    settled = Card(title=_("The secret of the Teams app was renewed"), items=(Text(text=_("Settled. Nothing to do.")),))
    if not ends:
        return settled
    day = date.fromisoformat(ends)
    left = (day - tx.now.astimezone(ask.policy.zone).date()).days
    if left > max(DAYS):
        return settled
    until = day.strftime("%A %-d %B %Y")
    words = _(
        "From then on nobody can be told anything in Teams. Please make a new client secret in Entra ID, put it into "
        "TEAMS_APP_PASSWORD and its last day into TEAMS_SECRET_EXPIRES, and restart Sopwith: docs/install-teams.md, "
        "“When the secret ends”. Until then everything works."
    )
    ends_on, ended_on = _("The secret of the Teams app ends on {day}"), _("The secret of the Teams app ended on {day}")
    title = ends_on if left >= 0 else ended_on
    return Card(title=title.format(day=until), items=(Text(text=words),))
