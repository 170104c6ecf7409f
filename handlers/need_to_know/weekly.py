"""The Data Protection Officer's weekly look at who opened what (45 CFR 164.308(a)(1)(ii)(D)): what stands out, and why.

Invariants: reasons, never scores, and nobody is blamed: each line may have a good explanation; files behind a barrier
to the reader are not counted; an ordinary week says so.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers import notices
from handlers.need_to_know.as_of import AUDITORS, OPENINGS
from handlers.request import Ask
from handlers.router import desk, notice, opens, timer
from handlers.views import Button, Card, Data, Done, Item, Opens, Page, Text
from handlers.words import _
from storage import audit, barriers, kept_from, people, timers
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

WEEKLY, SUBJECT = "openings.weekly", "openings"
WEEK = timedelta(days=7)
MANY = 20  # different files in a week
MONDAY, AT = (
    0,
    (9, 30),
)  # on the clock of the firm; the week is over at midnight, long before, so that all is in the log


@desk("openings.in-force")
def begin(tx: Tx, ask: Ask) -> Data:
    """At every start: the next look is on a Monday."""
    if not timers.of(tx, SUBJECT):
        timers.start(tx, WEEKLY, SUBJECT, _monday(tx, ask.policy.zone))
    return Data(data={})


def _monday(tx: Tx, zone: ZoneInfo) -> datetime:
    local = tx.now.astimezone(zone)
    ahead = (MONDAY - local.weekday() - 1) % 7 + 1
    day = (local + timedelta(days=ahead)).replace(hour=AT[0], minute=AT[1], second=0, microsecond=0)
    return day.astimezone(UTC)


@timer(WEEKLY)
def look(tx: Tx, ask: Ask) -> Done:
    """One card to each DPO for each week that is over, when anything stands out. A late look is of the same week, and
    after a longer silence no week is left out."""
    zone = ask.policy.zone
    following = _monday(tx, zone)
    timers.start(tx, WEEKLY, SUBJECT, following)
    due = (ask.request.due_at or tx.now).astimezone(zone)
    while due.astimezone(UTC) < following:
        day = due.date().isoformat()
        for officer in people.holders(tx, "dpo"):
            if list(_lines(tx, ask, officer, _midnight(day, zone) or tx.now)):
                notices.tell(tx, officer, key=f"openings:{day}", kind="openings.weekly", subject=day)
        due += WEEK
    return Done()


def _midnight(day: str, zone: ZoneInfo) -> datetime | None:
    """When this day (`2026-11-30`) begins."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)
    except ValueError:
        return None


def _lines(tx: Tx, ask: Ask, reader: Person, end: datetime) -> Iterator[str]:
    """`Luca Reed opened 24 different files`: what stands out in the seven days before `end`."""
    behind, kept = barriers.clients_behind(tx, reader.id), kept_from.by_person(tx, reader.id)
    opened: dict[str, set[str]] = defaultdict(set)
    late: dict[str, int] = defaultdict(int)
    urgent: dict[str, int] = defaultdict(int)
    everybody = {person.id: person for person in people.everybody(tx)}
    for entry in audit.since(tx, OPENINGS, end - WEEK):
        words, at = entry.words, datetime.fromisoformat(entry.words["at"])
        who = everybody.get(words.get("rights_of") or words.get("who", ""))
        if who is None or words["client"] in behind or words.get("matter") in kept or at > end:
            continue
        opened[who.id].add(words["client"])
        late[who.id] += not ask.policy.calendar(who.calendar).is_open(at)
        urgent[who.id] += "by" in words
    for id in sorted(opened, key=lambda id: everybody[id].name):
        name, files = everybody[id].name, len(opened[id])
        if files >= MANY:
            yield _("{name} opened {n} different files.").format(name=name, n=files)
        if late[id]:
            yield _("{name} opened files outside working hours ({n}).").format(name=name, n=late[id])
        if urgent[id]:
            yield _("{name} opened files by emergency access ({n}).").format(name=name, n=urgent[id])


@notice("openings.weekly")
def card(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the DPO; who and why stand behind the click."""
    words = _("Some openings of client files are worth a look. There may be a good reason for each.")
    read = Button(label=_("Look at them"), act=Opens(name="openings.week", subject=sent.subject), primary=True)
    return Card(title=_("The week's openings"), items=(Text(text=words),), buttons=(read,))


@opens("openings.week", roles=AUDITORS, writes=True)
def week(tx: Tx, ask: Ask) -> Page:
    """The seven days before this one (`2026-11-30`), else before now."""
    end = min(tx.now, _midnight(ask.subject, ask.policy.zone) or tx.now)
    audit.record(tx, "openings.looked-up", who=ask.person.id, until=end.isoformat())
    found = list(_lines(tx, ask, ask.person, end))
    items: list[Item] = [Text(text=line) for line in found] or [Text(text=_("An ordinary week: nothing stands out."))]
    more = Text(text=_("“What did somebody open?” under “access” shows each opening with its purpose."), quiet=True)
    return Page(title=_("The week's openings"), items=(*items, more))
