"""`/sopwith access`: what is open to me and why, what I asked for, and where everything about access begins."""

from collections import Counter

from handlers.need_to_know import emergency, grants
from handlers.need_to_know.asking import ENDINGS
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import command, opens
from handlers.views import Button, Buttons, Does, Facts, Heading, Item, Opens, Page, Text
from handlers.words import _, when
from storage import access, access_requests, barriers, chat, clients, deadlines, emergencies, interactions, people
from storage.store import Tx

SHOWN = 10
STATES = {"open": _("waiting for an answer"), **ENDINGS}


@command("access", help=_("Who may open which client file, and why; ask for access"))
def show(tx: Tx, ask: Ask) -> Page:
    """One's own access, by codename; the role's own pages below."""
    request = Button(label=_("Ask for access"), act=Opens(name="access.ask"), primary=True)
    urgent = Button(label=_("Emergency access"), act=Opens(name="emergency"))
    mine = Button(label=_("What is kept about me"), act=Opens(name="access.mine"))
    text = Button(label=_("The undertaking"), act=Opens(name="undertaking"))
    return Page(
        title=_("Access to client files"),
        items=(
            Buttons(buttons=(request, urgent, mine, text)),
            *_open_to_me(tx, ask),
            *_running(tx, ask),
            *_asked(tx, ask),
            *_for_the_role(ask),
        ),
    )


def _open_to_me(tx: Tx, ask: Ask) -> list[Item]:
    behind = barriers.clients_behind(tx, ask.person.id)
    held = [record for record in access.of_person(tx, ask.person.id) if record.client_id not in behind]
    if not held:
        return [Text(text=_("No client file is open to you. Ask for one by its number."))]
    count = Counter(record.basis for record in held)
    said = [_("{n} as {basis}").format(n=count[b], basis=_(words)) for b, words in grants.BASES.items() if count[b]]
    items: list[Item] = [Heading(text=_("Open to you")), Text(text=", ".join(said))]
    for record in [record for record in held if record.basis == "grant"][:SHOWN]:
        names = people.names(tx, {record.given_by} if record.given_by else set())
        words = grants.line(tx, ask, record, names).removeprefix(" · ")
        items.append(Text(text=f"{clients.codename(tx, record.client_id)} · {words}", quiet=True))
    return items


def _running(tx: Tx, ask: Ask) -> list[Item]:
    items: list[Item] = []
    for held in emergencies.running(tx, ask.person.id):
        until = when(held.ends_at, zone_of(tx, ask.person, ask.policy), tx.now)
        look = Button(label=_("Open the file"), act=Opens(name="client.file", subject=held.client_id))
        over = Button(label=_("I am done"), act=Does(name="emergency.end", subject=held.id))
        words = _("{codename} until {when}: {code}")
        code = _(emergency.CODES[held.code])
        items.append(Text(text=words.format(codename=clients.codename(tx, held.client_id), when=until, code=code)))
        items.append(Buttons(buttons=(look, over)))
    return [Heading(text=_("Emergency access")), *items] if items else []


def _asked(tx: Tx, ask: Ask) -> list[Item]:
    found = access_requests.of_person(tx, ask.person.id, SHOWN)
    zone = zone_of(tx, ask.person, ask.policy)
    lines = [Text(text=f"{r.id} · {when(r.asked_at, zone, tx.now)} · {_(STATES[r.state])}", quiet=True) for r in found]
    return [Heading(text=_("You asked for")), *lines] if lines else []


def _for_the_role(ask: Ask) -> list[Item]:
    buttons: list[Button] = []
    if ask.person.roles & {"dpo", "auditor"}:
        buttons.append(Button(label=_("Who could see a file?"), act=Opens(name="access.as-of")))
        buttons.append(Button(label=_("What did somebody open?"), act=Opens(name="access.openings")))
        buttons.append(Button(label=_("The week's openings"), act=Opens(name="openings.week")))
    if ask.person.roles & {"dpo", "auditor", "admin"}:
        buttons.append(Button(label=_("Undertakings"), act=Opens(name="undertaking.list")))
    if "guardian" in ask.person.roles:
        buttons.append(Button(label=_("Information barriers"), act=Opens(name="barriers")))
    return [Heading(text=_("For your role")), Buttons(buttons=tuple(buttons))] if buttons else []


@opens("access.mine")
def kept_about_me(tx: Tx, ask: Ask) -> Page:
    """What Sopwith keeps about the one who asks (GDPR Art. 15), in numbers where it would be long."""
    me, zone = ask.person, zone_of(tx, ask.person, ask.policy)
    supervisor = people.names(tx, {me.supervisor_id}).get(me.supervisor_id, "") if me.supervisor_id else ""
    accounts = [account.account.partition(":")[0] for account in chat.accounts_of(tx, me.id)]
    facts = (
        (_("Name"), me.name),
        (_("E-mail"), me.email),
        (_("Roles"), ", ".join(sorted(me.roles))),
        (_("Supervisor"), supervisor),
        (_("Chat accounts"), ", ".join(accounts)),
        (_("Zone"), zone.key),
        (_("Entries you logged"), str(interactions.count_of(tx, me.id))),
        (_("Replies you owe"), str(deadlines.count_of_person(tx, me.id))),
        (_("Requests for access"), str(len(access_requests.of_person(tx, me.id, 1000)))),
        (_("Absences to come"), str(len(people.absences_of(tx, me.id)))),
    )
    words = _(
        "The audit log also says when you opened, logged or decided something, by ids and without content. It cannot "
        "be changed. To have something put right, please speak to the administrator or the Data Protection Officer."
    )
    return Page(title=_("What is kept about me"), items=(Facts(facts=facts), Text(text=words, quiet=True)))
