"""The undertaking to confidentiality: read and acknowledged before the first file opens, and once more on leaving (SOP
6.2).

Invariants: what is kept is the hash of the exact text, the sentence, who, when and where; no file opens to read while
it is due; a breach can be reported and an interaction logged without it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from handlers import notices
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import desk, notice, opens, submits, timer
from handlers.views import (
    Button,
    Buttons,
    Card,
    Data,
    Done,
    Form,
    Invalid,
    Item,
    ManyField,
    Opens,
    Option,
    Page,
    Reply,
    Say,
    Text,
)
from handlers.words import _, when
from storage import audit, people, timers, undertakings
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx
from storage.undertakings import Wording

TEXT = _(
    "What I learn of clients through my work I keep confidential. I open a client file only when my work needs it, and "
    "pass on nothing of it but to those who need it for theirs and may know it. I use the firm's approved channels. "
    "When I see or suspect a breach, I report it at once. This holds after my work here has ended, without an end."
)
SENTENCE = _("I have read this, and I will keep to it.")
STILL = _("I remember it, and I will keep to it after I have left.")
DAILY, EVERYBODY = "undertaking.daily", "undertaking"
AT = 9, 30  # on the clock of the firm
LAST_CALL, SPREAD = 2, 18  # days before the time is over; days over which the first words are spread


@desk("undertaking.in-force")
def come_into_force(tx: Tx, ask: Ask) -> Data:
    """The policy's text, or ours, at every start."""
    changed = undertakings.put_in_force(tx, ask.policy.undertaking or TEXT)
    text = undertakings.in_force(tx)
    if changed and text:
        audit.record(tx, "undertaking.in-force", who=ask.request.operator, hash=text.hash)
    if not timers.of(tx, EVERYBODY):
        timers.start(tx, DAILY, EVERYBODY, _tomorrow(tx, ask.policy.zone))
    return Data(data={"changed": changed})


def _tomorrow(tx: Tx, zone: ZoneInfo) -> datetime:
    local = (tx.now.astimezone(zone) + timedelta(days=1)).replace(hour=AT[0], minute=AT[1], second=0, microsecond=0)
    return local.astimezone(UTC)


@timer(DAILY)
def remind(tx: Tx, ask: Ask) -> Done:
    """Whoever still owes it hears of it twice: once on a day of one's own, once before the time is over."""
    timers.start(tx, DAILY, EVERYBODY, _tomorrow(tx, ask.policy.zone))
    for person in people.everybody(tx):
        text = undertakings.owed(tx, person.id) if person.active(tx.now) else None
        call = _call(person, days_left(tx, person, text)) if text else ""
        if text and call:  # once for each call, also when the day itself was missed
            notices.tell(tx, person, key=f"{text.hash[:16]}:{call}", kind="undertaking.owed", subject=person.id)
    return Done()


def days_left(tx: Tx, person: Person, text: Wording) -> int:
    """Whole days until the time is over; negative when it was over yesterday."""
    return (undertakings.time_for(tx, person.id, text) - tx.now).days


def _call(person: Person, left: int) -> str:
    if left <= LAST_CALL:
        return "last"
    return "first" if left <= first_call(person) else ""


def first_call(person: Person) -> int:
    """How many days before the end this person is told first: spread over the firm, so that not everybody is asked on
    one day."""
    return LAST_CALL + 1 + int.from_bytes(sha256(person.id.encode()).digest()[:4]) % SPREAD


@notice("undertaking.owed")
def owed(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever has not acknowledged it yet."""
    text = undertakings.owed(tx, person.id)
    if text is None:
        return Card(title=_("Settled: the undertaking"), items=()) if sent.message_id else None
    until = when(undertakings.time_for(tx, person.id, text), zone_of(tx, person, ask.policy), tx.now)
    words = _("One minute of reading. From {when} on client files open when you have acknowledged it.")
    read = Button(label=_("Read it"), act=Opens(name="undertaking"), primary=True)
    title = _("Please read the confidentiality undertaking")
    return Card(title=title, items=(Text(text=words.format(when=until)),), buttons=(read,))


@opens("undertaking")
def show(tx: Tx, ask: Ask) -> Reply:
    """The text that is in force, and one box; for somebody who has done so, when that was."""
    text = undertakings.in_force(tx)
    if text is None:
        return Page(title=_("Undertaking"), items=(Text(text=_("No text is in force yet. Please ask again later.")),))
    given = undertakings.given(tx, ask.person.id, text.hash)
    if given:
        at = when(given.at, zone_of(tx, ask.person, ask.policy), tx.now)
        said = Text(
            text=_("You acknowledged this {when}. It holds after you have left, too.").format(when=at), quiet=True
        )
        return Page(title=_("Undertaking"), items=(Text(text=text.body), said))
    return form(text, ask.subject)


def form(text: Wording, subject: str = "") -> Form:
    """To be acknowledged; `subject`: the file that opens afterwards."""
    box = ManyField(
        name="yes", label=_("Undertaking"), options=(Option(value=text.hash[:16], label=SENTENCE),), optional=False
    )
    return Form(
        name="undertaking",
        title=_("Undertaking"),
        submit=_("Acknowledge"),
        subject=subject,
        intro=(Text(text=text.body),),
        fields=(box,),
    )


@submits("undertaking")
def acknowledge(tx: Tx, ask: Ask) -> Reply:
    """On record with the hash of the very text that was shown."""
    text = undertakings.in_force(tx)
    if not ask.chosen("yes"):
        return Invalid(errors={"yes": _("Please tick this when you have read it.")})
    if text is None or ask.chosen("yes") != (text.hash[:16],):
        return Invalid(errors={"yes": _("The text has changed meanwhile. Please open it again and read the new one.")})
    if undertakings.given(tx, ask.person.id, text.hash) is None:
        where = str(ask.request.account or "")
        id = undertakings.add(tx, person_id=ask.person.id, text_hash=text.hash, sentence=SENTENCE, account=where)
        audit.record(tx, "undertaking.given", who=ask.person.id, undertaking=id, text=text.hash)
        notices.settle(tx, ask.person.id)
    look = Button(label=_("Open the file"), act=Opens(name="client.file", subject=ask.subject), primary=True)
    items: tuple[Item, ...] = (Buttons(buttons=(look,)),) if ask.subject else ()
    return Say(title=_("Thank you"), text=_("Your undertaking is on record."), items=items)


def reminder(tx: Tx, ask: Ask) -> list[Item]:
    """Above a file, while there is time left."""
    text = undertakings.owed(tx, ask.person.id)
    if text is None:
        return []
    until = when(undertakings.time_for(tx, ask.person.id, text), zone_of(tx, ask.person, ask.policy), tx.now)
    words = _("Please read the confidentiality undertaking before {when}.").format(when=until)
    read = Button(label=_("Read it"), act=Opens(name="undertaking"))
    return [Text(text=words, quiet=True), Buttons(buttons=(read,))]


@opens("undertaking.list", roles="dpo auditor admin")
def show_who(tx: Tx, ask: Ask) -> Page:
    """Who has not acknowledged the text in force."""
    text = undertakings.in_force(tx)
    here = [p for p in people.everybody(tx) if p.active(tx.now)]
    missing = [p for p in here if undertakings.owed(tx, p.id)]
    head = _("{n} of {all} have acknowledged the text in force.").format(n=len(here) - len(missing), all=len(here))
    hint = _(
        "Who has no chat account signs on paper: “sopwith people acknowledge” records it for a sponsor, with the "
        "document's hash."
    )
    lines = [Text(text=p.name) for p in missing]
    mark = [Text(text=_("Text {hash}").format(hash=text.hash[:16]), quiet=True)] if text else []
    return Page(title=_("Undertakings"), items=(Text(text=head), *lines, Text(text=hint, quiet=True), *mark))


@desk("undertaking.sponsored")
def sponsored(tx: Tx, ask: Ask) -> Data:
    """For somebody without chat: `email`, `sponsor` (an e-mail address), `document` (the SHA-256 of what was signed),
    `leaving` (yes or empty)."""
    person, sponsor = people.by_email(tx, ask.typed("email")), people.by_email(tx, ask.typed("sponsor"))
    text = undertakings.in_force(tx)
    if person is None or sponsor is None or not sponsor.active(tx.now) or sponsor.id == person.id:
        who = ask.typed("email") if person is None else ask.typed("sponsor")
        words = _("{who} is not in the people file, no longer works here, or is the same person.").format(who=who)
        return Data(data={"problem": words}, ok=False)
    if text is None:
        return Data(data={"problem": _("No text is in force yet. Start the service once.")}, ok=False)
    leaving = ask.typed("leaving") == "yes"
    more = {"sponsor_id": sponsor.id, "document_hash": ask.typed("document")}
    sentence = STILL if leaving else SENTENCE
    id = undertakings.add(tx, person_id=person.id, text_hash=text.hash, sentence=sentence, leaving=leaving, **more)
    audit.record(
        tx,
        "undertaking.given",
        who=ask.request.operator,
        undertaking=id,
        person=person.id,
        sponsor=sponsor.id,
        text=text.hash,
        document=ask.typed("document"),
    )
    return Data(data={"undertaking": id})
