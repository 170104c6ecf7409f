"""Client files as people meet them: the type-ahead among one's own, the list of them, and a file's timeline.

Invariants: nobody is offered or shown a file he may not open; an opening is audited once; codenames are shown beside
names, so that later notices are understood.
"""

from itertools import islice

from handlers import access as files
from handlers.chats import as_typed
from handlers.interactions.choices import DIRECTIONS, KINDS, UNLISTED
from handlers.need_to_know import reviewing, undertaking
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import command, opens, search, submits
from handlers.views import (
    Button,
    Buttons,
    Divider,
    Facts,
    Form,
    Heading,
    Item,
    Opens,
    Option,
    Options,
    Page,
    Reply,
    SearchField,
    Text,
)
from handlers.words import _, when
from storage import access, interactions, people, undertakings
from storage.clients import Client
from storage.interactions import TABLE, Interaction
from storage.people import Person
from storage.store import Tx

FOUND_AT_MOST = 20
PAGE = 8


def option(tx: Tx, person: Person, client: Client) -> Option | None:
    """`Name · Quiet Heron · 4711`; None for somebody who may not open the file."""
    name = files.names(tx, person, [client]).get(client.id)
    return Option(value=client.id, label=f"{name} · {client.codename} · {client.ref}") if name else None


@search("clients")
def find_clients(tx: Tx, ask: Ask) -> Options:
    """One's own open files by name, codename or number, at most twenty, and "My client is not listed"."""
    return Options(options=(*names_for(tx, ask.person, ask.request.text), UNLISTED))


@search("my-clients")
def find_files(tx: Tx, ask: Ask) -> Options:
    """The same, for opening a file."""
    return Options(options=names_for(tx, ask.person, ask.request.text))


def names_for(tx: Tx, person: Person, typed: str) -> tuple[Option, ...]:
    """The one question that opens many names: only one's own files. The first twenty that fit, from A to Z; who does
    not see the right one among twenty types another letter."""
    words = typed.replace("·", " ").casefold().split()
    fitting = (
        Option(value=file.id, label=f"{name} · {file.codename} · {file.ref}")
        for file, name in files.my_names(tx, person)
        if file.status == "open" and _has(f"{name} {file.codename} {file.ref}".casefold(), words)
    )
    return tuple(sorted(islice(fitting, FOUND_AT_MOST), key=lambda option: option.label.casefold()))


def _has(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


@command("client", help=_("Open a client file: its log, newest first"))
def ask_client(tx: Tx, ask: Ask) -> Reply:
    """Which one; kindly said when there is none yet."""
    if not access.clients_of(tx, ask.person.id):
        return Page(
            title=_("Client files"),
            items=(Text(text=_("No client file is open to you yet. The owner of a file can add you to its team.")),),
        )
    field = SearchField(name="client", label=_("Client"), search="my-clients")
    return Form(name="client", title=_("Open a client file"), submit=_("Open"), fields=(field,))


@submits("client")
def open_chosen(tx: Tx, ask: Ask) -> Page | Form:
    """The chosen file's timeline."""
    return timeline(tx, ask, ask.typed("client"), "", 1)


@opens("client.file", writes=True)
def open_file(tx: Tx, ask: Ask) -> Page | Form:
    """`CL-…`, `CL-…|in`, `CL-…||2`: the file, the direction shown, the page."""
    client_id, direction, page = (*ask.subject.split("|"), "", "")[:3]
    return timeline(tx, ask, client_id, direction, int(page) if page.isdigit() else 1)


def timeline(tx: Tx, ask: Ask, client_id: str, direction: str, page: int) -> Page | Form:
    """Newest first, a page at a time; recorded as one opening. Before the first of all, the undertaking; while the
    access rests, the way to a day of it."""
    found_way = files.way(tx, ask.person, client_id)
    if found_way and not found_way.reads:
        return reviewing.day_form(found_way.client)
    text = undertakings.due(tx, ask.person.id) if found_way else None
    if text:
        return undertaking.form(text, client_id)
    client, opened = files.through(tx, found_way, client_id, "timeline")
    start = (max(page, 1) - 1) * PAGE
    found = interactions.of_client(tx, client.id, limit=PAGE + 1, offset=start, direction=direction)
    owner = people.by_id(tx, client.owner_id)
    head = Facts(
        facts=(
            (_("Client"), files.name_of(client, opened)),
            (_("Codename"), client.codename),
            (_("Number"), client.ref),
            (_("Owner"), owner.name if owner else ""),
        )
    )
    items: list[Item] = [*undertaking.reminder(tx, ask), head, _filters(client), Divider()]
    if not found:
        words = _("Nothing is logged here yet. Use {typed} after the next call, meeting or letter.")
        items.append(Text(text=words.format(typed=as_typed("log-client", ask.request.account))))
    for entry in found[:PAGE]:
        items += entry_items(tx, ask, entry, opened)
    turn = _pages(client, direction, max(page, 1), len(found) > PAGE)
    return Page(title=_("Client file"), items=(*items, *turn))


def entry_items(tx: Tx, ask: Ask, entry: Interaction, opened: files.Opened) -> list[Item]:
    """One entry: when, what, by whom, the note, and what can be corrected."""
    zone = zone_of(tx, ask.person, ask.policy)
    author = people.names(tx, {entry.entered_by}).get(entry.entered_by, "")
    other = entry.other_channel
    channel = opened.unseal(TABLE, "other_channel", entry.row, other) if other else entry.channel
    marks = [entry.id, author, channel]
    marks += [] if entry.approved else [_("not an approved channel")]
    marks += [_("late entry")] if entry.late_entry else []
    marks += [_("corrected, version {n}").format(n=entry.version)] if entry.version > 1 else []
    title = f"{when(entry.happened_at, zone, tx.now)} · {_(KINDS[entry.kind])} · {_(DIRECTIONS[entry.direction])}"
    correct = Button(label=_("Correct"), act=Opens(name="interaction.amend", subject=entry.id))
    wrong = Button(label=_("Wrong client"), act=Opens(name="interaction.wrong-client", subject=entry.id))
    complaint = Button(label=_("This is a complaint"), act=Opens(name="complaint", subject=entry.id))
    return [
        Heading(text=title),
        Text(text=opened.unseal(TABLE, "summary", entry.row, entry.summary)),
        Text(text=" · ".join(marks), quiet=True),
        Buttons(buttons=(correct, wrong, complaint)),
        Divider(),
    ]


def _filters(client: Client) -> Buttons:
    def show(label: str, direction: str) -> Button:
        return Button(label=label, act=Opens(name="client.file", subject=f"{client.id}|{direction}"))

    log = Button(label=_("Log an entry"), act=Opens(name="log-client", subject=f"client:{client.id}"), primary=True)
    who = Button(label=_("Who can see this file?"), act=Opens(name="access.who", subject=client.id))
    shown = show(_("All"), ""), show(_("From the client"), "in"), show(_("To the client"), "out")
    return Buttons(buttons=(log, *shown, who))


def _pages(client: Client, direction: str, page: int, more: bool) -> list[Item]:
    def turn(label: str, to: int) -> Button:
        return Button(label=label, act=Opens(name="client.file", subject=f"{client.id}|{direction}|{to}"))

    buttons = [turn(_("Newer"), page - 1)] if page > 1 else []
    buttons += [turn(_("Older"), page + 1)] if more else []
    return [Buttons(buttons=tuple(buttons))] if buttons else []
