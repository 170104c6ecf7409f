"""Reading the client's file for a complaint: while it is open, for a time, by those who work on it (SOP 5.5, 6.1).

Invariants: it gives no standing access and changes nothing; each look is an audited opening with the case's reference,
and whom the case is kept from finds that opening nowhere.
"""

from handlers import access as files
from handlers.clients import entry_items
from handlers.complaints.checks import still_open
from handlers.complaints.rights import theirs
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import opens
from handlers.rules.due_at import add
from handlers.rules.spans import span
from handlers.views import Button, Buttons, Divider, Facts, Item, Opens, Page, Text
from handlers.words import _, when
from storage import escalations as ladders
from storage import interactions
from storage.store import Tx

READ_FOR = span("10 business days")
PAGE = 8


@opens("complaint.file", writes=True)
def read_file(tx: Tx, ask: Ask) -> Page:
    """`CO-…`, `CO-…|2`: the case, the page. Refused when the time is over, with the way to ask for access."""
    id, _bar, page = ask.subject.partition("|")
    complaint, running = still_open(theirs(tx, ask, id)), ladders.of(tx, id)
    if complaint.client_id is None or running is None:
        raise Refused(_("There is no client file with this case."), why="no file", subject=id)
    begun = running.acknowledged_at or running.started_at
    until = add(READ_FOR, begun, ask.policy.calendar(ask.person.calendar), ask.policy.zone)
    if tx.now >= until:
        words = _("The time for reading the file with this case is over. If you still need it, ask for access.")
        raise Refused(words, why="time is over", subject=id)
    client, opened = files.for_a_case(tx, ask.person, complaint.client_id, complaint.id)
    start = (max(int(page) if page.isdigit() else 1, 1) - 1) * PAGE
    found = interactions.of_client(tx, client.id, limit=PAGE + 1, offset=start, direction="")
    facts = (
        (_("Client"), files.name_of(client, opened)),
        (_("Codename"), client.codename),
        (_("Open to you with this case until"), when(until, zone_of(tx, ask.person, ask.policy), tx.now)),
    )
    items: list[Item] = [Facts(facts=facts), Divider()]
    for entry in found[:PAGE]:
        items += [item for item in entry_items(tx, ask, entry, opened) if not isinstance(item, Buttons)]
    if not found:
        items.append(Text(text=_("Nothing is logged here yet.")))
    if len(found) > PAGE:
        older = Opens(name="complaint.file", subject=f"{id}|{start // PAGE + 2}")
        items.append(Buttons(buttons=(Button(label=_("Older"), act=older),)))
    return Page(title=_("Client file"), items=tuple(items))
