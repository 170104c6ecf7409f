"""Who may come in, and where they are: admission of chat accounts, the directory's word about them, my line, my
zone."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers import notices, standins
from handlers.policy import Policy
from handlers.request import Account, Ask, Refused
from handlers.router import command, desk, notice, search
from handlers.views import Card, Data, Facts, Item, Option, Options, Page, Text
from handlers.words import _, listing
from storage import audit, chat, people, reach, settings
from storage.outbox import Notice
from storage.people import Person
from storage.reach import Road
from storage.store import Tx


class Unknown(Exception):
    """An account nobody linked to the people file yet; the platform may look it up and ask again."""


def admit(tx: Tx, account: Account) -> Person:
    """The active person behind an account. Refused: bots, strangers from other workspaces, deactivated accounts, guests
    whom the people file does not list as contractor or third party with an end date, and people past their last day."""
    if not account.human or not account.ours:
        raise Refused(_("Sopwith answers people of this firm only."), why="stranger")
    known = chat.account(tx, str(account))
    if known is None:
        raise Unknown
    person = people.by_id(tx, known.person_id)
    if person is None or not known.active or not person.active(tx.now):
        raise Refused(
            _("Your access has ended. If that is a mistake, please ask your supervisor or the administrator."),
            why="not active",
        )
    if known.guest and not (person.kind in {"contractor", "third_party"} and person.ends_on):
        raise Refused(
            _(
                "You are a guest here, and the people file does not list you with an end date. "
                "Please ask the administrator."
            ),
            why="guest",
        )
    return person


def zone_of(tx: Tx, person: Person, policy: Policy) -> ZoneInfo:
    """The person's own zone: calendar, else what the chat says, else the firm's."""
    if person.calendar in policy.calendars:
        return policy.calendars[person.calendar].zone
    for account in chat.accounts_of(tx, person.id):
        if account.zone:
            try:
                return ZoneInfo(account.zone)
            except (ValueError, OSError, KeyError):
                continue
    return policy.zone


@desk("accounts.seen")
def link_accounts(tx: Tx, ask: Ask) -> Data:
    """The chat directory's word about accounts: those that match the people file, by the id it names or by e-mail, are
    linked; all others are forgotten at once. One that was linked and is gone, or no longer a person of ours, is
    stopped. Rows: account, email, zone, guest, active, human, ours (yes or no)."""
    linked = 0
    for row in ask.request.rows:
        known = chat.account(tx, row["account"])
        found = _as_seen(tx, row, known)
        if found and chat.link(tx, found):
            linked += 1
            _record(tx, ask, known, found)
    return Data(data={"linked": linked})


def _as_seen(tx: Tx, row: Mapping[str, str], known: chat.Account | None) -> chat.Account | None:
    person = _owner(tx, row["account"], row.get("email", ""))
    if person is None or row.get("human") == "no" or row.get("ours") == "no":
        gone = "no" in {row.get("human"), row.get("ours"), row.get("active")}
        return replace(known, active=False) if known and gone else None
    return chat.Account(
        account=row["account"],
        person_id=person.id,
        guest=row.get("guest") == "yes",
        active=row.get("active") != "no",
        zone=row.get("zone", ""),
    )


def _owner(tx: Tx, account: str, email: str) -> Person | None:
    """Whom the people file names for the account; by e-mail only somebody for whom it names no other."""
    platform, _colon, id = account.partition(":")
    named = people.by_account_id(tx, platform, id.rsplit("/", 1)[-1])
    found = people.by_email(tx, email) if email and not named else None
    other = {"slack": found.slack_id, "teams": found.teams_id}.get(platform) if found else ""
    return named or (None if other else found)


def _record(tx: Tx, ask: Ask, known: chat.Account | None, found: chat.Account) -> None:
    """Who speaks for whom is on record; a new zone is not worth an entry."""
    ids = {"account": found.account, "person": found.person_id}
    if not found.active:
        audit.record(tx, "account.stopped", who=ask.request.operator, **ids)
        if not chat.accounts_of(tx, found.person_id):
            _tell_that_nobody_comes_in(tx, found.person_id)
    elif known is None or not known.active or known.person_id != found.person_id:
        audit.record(tx, "account.linked", who=ask.request.operator, **ids)


def _tell_that_nobody_comes_in(tx: Tx, person_id: str) -> None:
    """The last account has ended: the rights with it; what is open stays where it is until somebody says who left."""
    person = people.by_id(tx, person_id)
    if person and person.active(tx.now):
        for admin in people.holders(tx, "admin"):
            key = f"{person_id}:account-gone:{tx.now.isoformat()}"
            notices.tell(tx, admin, key=key, kind="account.gone", subject=person_id)


@desk("workspace.pin")
def pin_workspace(tx: Tx, ask: Ask) -> Data:
    """Remember the workspace of the first start and refuse another ever after (`values`: platform, id); then the ids
    that the people file names are accounts, without waiting for the directory. With `wait` they are accounts when
    they are first heard of: nobody can be written to before."""
    key = f"{ask.typed('platform')}.workspace"
    pinned = settings.get(tx, key)
    if pinned is None:
        settings.put(tx, key, ask.typed("id"))
        if not ask.typed("wait"):
            _link_named(tx, ask, ask.typed("id"))
    return Data(data={"pinned": pinned or ask.typed("id")}, ok=pinned in {None, ask.typed("id")})


def _link_named(tx: Tx, ask: Ask, workspace: str) -> None:
    platform = ask.typed("platform")
    for person in people.everybody(tx):
        id = {"slack": person.slack_id, "teams": person.teams_id}.get(platform)
        name, outsider = f"{platform}:{workspace}/{id}", person.kind != "employee"
        if id and person.active(tx.now) and chat.account(tx, name) is None:
            found = chat.Account(account=name, person_id=person.id, guest=outsider, active=True, zone="")
            chat.link(tx, found)
            _record(tx, ask, None, found)


@search("people")
def find_people(tx: Tx, ask: Ask) -> Options:
    """Active people whose name or address contains what was typed."""
    found = people.matching(tx, ask.request.text)
    return Options(options=tuple(Option(value=p.id, label=p.name) for p in found))


@command("people", help=_("Who is who: your supervisor, your deputy, the Data Protection Officer"))
def show_people(tx: Tx, ask: Ask) -> Page:
    """My line of supervision and whom to turn to; administrators also see whom no chat account reaches."""
    me = ask.person
    line = [
        (_("You"), me.name),
        (_("Your supervisor"), _name(standins.supervisor(tx, me))),
        (_("Your deputy"), _name(standins.deputy(tx, me))),
        (_("Data Protection Officer"), _names(people.holders(tx, "dpo"))),
        (_("Senior management"), _names(people.holders(tx, "senior_management"))),
        (_("Records"), _names(people.holders(tx, "records"))),
    ]
    items: list[Item] = [Facts(facts=tuple(line))]
    if "admin" in me.roles:
        items += beyond_reach(tx) or [Text(text=_("Everybody can be reached in chat."))]
    return Page(title=_("Who is who"), items=tuple(items))


def beyond_reach(tx: Tx) -> list[Item]:
    """For administrators: whom nothing reaches, so that whoever stands in is told instead, and whom only letters do."""
    found = without_chat(tx)
    nobody = [person.name for person, roads in found if not roads]
    by_mail = [person.name for person, roads in found if roads]
    lines = [_("Nothing reaches: {names}").format(names=listing(nobody))] if nobody else []
    lines += [_("By e-mail only: {names}").format(names=listing(by_mail))] if by_mail else []
    return [Text(text=line) for line in lines]


def without_chat(tx: Tx) -> list[tuple[Person, frozenset[Road]]]:
    """Active people whom no chat account reaches, by name, with the roads there are."""
    found = reach.without_chat(tx)
    return [(p, found[p.id]) for p in people.everybody(tx) if p.id in found and p.active(tx.now)]


def _name(person: Person | None) -> str:
    return person.name if person else _("nobody yet")


def _names(found: list[Person]) -> str:
    return listing([p.name for p in found]) or _("nobody yet")


@notice("notice.failed")
def somebody_missed(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For administrators: no notice reaches this person."""
    missed = people.by_id(tx, sent.subject)
    if missed is None:
        return None
    words = _(
        "A notice to {name} could not be delivered. Please check the chat account and the people file, "
        "and ask a colleague to look after the duties until then."
    )
    return Card(title=_("Somebody cannot be reached"), items=(Text(text=words.format(name=missed.name)),))


def admitted(tx: Tx, person: Person) -> bool:
    """As chat admits: somebody without an account may yet have one; a person with accounts needs one that is let in."""
    accounts = chat.accounts_of(tx, person.id)
    return person.active(tx.now) and (not accounts or any(_lets_in(tx, found.account) for found in accounts))


def _lets_in(tx: Tx, name: str) -> bool:
    platform, _colon, id = name.partition(":")
    try:
        admit(tx, Account(platform=platform, id=id))
    except (Refused, Unknown):
        return False
    return True
