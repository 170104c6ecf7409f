"""What an owner sees of a review and says to it, and what somebody does whose access rests."""

from datetime import timedelta

from handlers import access as files
from handlers import notices
from handlers.need_to_know import choices, grants, reviews
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, notice, opens, submits
from handlers.rules.due_at import add
from handlers.rules.spans import span
from handlers.views import Button, Buttons, Card, Does, Facts, Form, Invalid, Item, Opens, Page, Reply, Say, Text
from handlers.words import _, when
from storage import access, access_reviews, audit, clients, people
from storage.access_reviews import Review
from storage.clients import Client
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

A_WHILE, A_DAY = span("3 months"), timedelta(hours=24)
VERDICTS = {"keep": _("keeps access"), "reduce": _("keeps it for three months"), "remove": _("loses access")}
WHY = {
    "client": _("A client waits for something"),
    "deadline": _("A deadline"),
    "owner": _("The owner cannot be reached"),
    "other": _("Another reason"),
}


@notice("review.asked")
def asked(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever is asked who still needs the file."""
    review = access_reviews.by_id(tx, sent.subject)
    client = clients.by_id(tx, review.client_id) if review else None
    if review is None or client is None:
        return None
    if review.state != "open":
        done = Card(title=_("Settled: the review of a client file"), items=(Text(text=review.id),))
        return done if sent.message_id else None
    if not reviews.may_review(tx, person, client, review):
        return None
    zone = zone_of(tx, person, ask.policy)
    named = [(_("File"), client.codename)] if files.knows(tx, person, client.id) else []
    count = len(reviews.open_questions(tx, client, review))
    facts = ((_("Reference"), review.id), *named, (_("People to look at"), str(count)))
    words = _("Who still needs this file? Answer by {when}. Without an answer their access rests; nobody is blamed.")
    look = Button(label=_("Look at them"), act=Opens(name="review.look", subject=review.id), primary=True)
    items = (Facts(facts=facts), Text(text=words.format(when=when(review.due_at, zone, tx.now))))
    return Card(title=_("Please review who may open a client file"), items=items, buttons=(look,))


def _mine(tx: Tx, ask: Ask) -> tuple[Review, Client, str]:
    id, _bar, person_id = ask.subject.partition("|")
    review = access_reviews.by_id(tx, id)
    client = clients.by_id(tx, review.client_id) if review else None
    if review is None or client is None or not reviews.may_review(tx, ask.person, client, review):
        words = _("This review is not yours. Please ask the owner of the file.")
        raise Refused(words, why="not a reviewer", subject=ask.subject)
    if review.state != "open":
        raise Refused(_("This review is settled already. Nothing to do."), why="settled already", subject=review.id)
    return review, client, person_id


@opens("review.look")
def look(tx: Tx, ask: Ask) -> Page:
    """Each with three answers; all at once when nothing has changed."""
    review, client, _person = _mine(tx, ask)
    waiting = reviews.open_questions(tx, client, review)
    names = people.names(tx, {r.person_id for r in waiting} | {r.given_by for r in waiting if r.given_by})
    every = Button(label=_("Everybody keeps access"), act=Does(name="review.keep-all", subject=review.id), primary=True)
    known = files.knows(tx, ask.person, client.id)
    items: list[Item] = [Text(text=client.codename if known else review.id, strong=True), Buttons(buttons=(every,))]
    for record in waiting:
        at = f"{review.id}|{record.person_id}"
        answers = (
            Button(label=_("Keep"), act=Does(name="review.keep", subject=at)),
            Button(label=_("Three more months"), act=Does(name="review.reduce", subject=at)),
            Button(label=_("Remove"), act=Does(name="review.remove", subject=at)),
        )
        items += [Text(text=grants.line(tx, ask, record, names)), Buttons(buttons=answers)]
    return Page(title=_("Who still needs this file?"), items=tuple(items))


@action("review.keep-all")
def keep_all(tx: Tx, ask: Ask) -> Reply:
    """Nothing has changed."""
    review, client, _person = _mine(tx, ask)
    for record in reviews.open_questions(tx, client, review):
        if record.person_id != ask.person.id:
            _record(tx, ask, review, client, record.person_id, "keep")
    return _so_far(tx, ask, review, client)


@action("review.keep")
def keep(tx: Tx, ask: Ask) -> Reply:
    """Still needed."""
    return _answer(tx, ask, "keep")


@action("review.reduce")
def reduce(tx: Tx, ask: Ask) -> Reply:
    """Needed for a while."""
    return _answer(tx, ask, "reduce")


@action("review.remove")
def remove(tx: Tx, ask: Ask) -> Reply:
    """Not needed any more."""
    return _answer(tx, ask, "remove")


def _answer(tx: Tx, ask: Ask, verdict: str) -> Reply:
    review, client, person_id = _mine(tx, ask)
    if person_id == ask.person.id:
        raise Refused(_("Somebody else has to answer for you."), why="own access", subject=review.id)
    if person_id not in {record.person_id for record in reviews.open_questions(tx, client, review)}:
        raise Refused(_("This is answered already. Nothing to do."), why="settled already", subject=review.id)
    _record(tx, ask, review, client, person_id, verdict)
    return _so_far(tx, ask, review, client)


def _record(tx: Tx, ask: Ask, review: Review, client: Client, person_id: str, verdict: str) -> None:
    record = access.on_record(tx, client.id)[person_id]
    access_reviews.answer(tx, review.id, person_id, verdict, ask.person.id)
    audit.record(tx, "review.answered", who=ask.person.id, review=review.id, person=person_id, verdict=verdict)
    access_reviews.resume(tx, client.id, person_id, verdict)
    person = people.by_id(tx, person_id)
    if verdict == "remove" and access.end(tx, client.id, person_id, "team", "grant"):
        grants.ended(tx, record, who=ask.person.id)
    if verdict == "reduce" and person:
        until = add(A_WHILE, tx.now, ask.policy.calendar(None), ask.policy.zone)
        if record.ends_at is None or record.ends_at > until:
            access.end(tx, client.id, person_id, "team")
            terms = grants.Terms(purpose=record.purpose or "work", until=until, reason="")
            grants.give(tx, ask, client, person, terms)


def _so_far(tx: Tx, ask: Ask, review: Review, client: Client) -> Reply:
    left = reviews.open_questions(tx, client, review)
    if not left:
        reviews.finish(tx, ask, client, review)
        return Say(
            title=_("Reviewed"), text=_("Thank you. Everybody is looked at; you are asked again in some months.")
        )
    notices.refresh(tx, review.id)
    return Say(title=_("Noted"), text=_("Thank you. {n} more to look at.").format(n=len(left)))


@notice("access.rests")
def rests(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For somebody whose access rests since nobody has reviewed it."""
    review = access_reviews.by_id(tx, sent.subject)
    if review is None or not access_reviews.suspended(tx, review.client_id, person.id):
        return Card(title=_("Settled: your access"), items=()) if sent.message_id and review else None
    words = _(
        "Nobody has said yet that you still need this file, so it is closed to you for now. You did nothing wrong. "
        "You can still log entries and replies. If you need it today, take 24 hours; else ask its owner."
    )
    day = Button(label=_("Take 24 hours"), act=Opens(name="access.day", subject=review.client_id), primary=True)
    named = [(_("File"), clients.codename(tx, review.client_id))] if files.knows(tx, person, review.client_id) else []
    return Card(
        title=_("Your access to a client file rests"),
        items=(Facts(facts=((_("Reference"), review.id), *named)), Text(text=words)),
        buttons=(day,),
    )


@opens("access.day")
def ask_day(tx: Tx, ask: Ask) -> Form:
    """One question."""
    found = files.way(tx, ask.person, ask.subject)
    if found is None or found.reads:
        raise files.closed(ask.subject)
    return day_form(found.client)


def day_form(client: Client) -> Form:
    """For the file that somebody tried to open."""
    words = _("Nobody has reviewed your access to {codename}, so it rests. The owner is told that you took a day.")
    return Form(
        name="access.day",
        title=_("Take 24 hours"),
        submit=_("Take 24 hours"),
        subject=client.id,
        intro=(Text(text=words.format(codename=client.codename)),),
        fields=(choices.choice("why", _("What do you need it for?"), WHY),),
    )


@submits("access.day")
def take_day(tx: Tx, ask: Ask) -> Reply:
    """Open for a day; then it rests again, unless somebody has said otherwise."""
    found = files.way(tx, ask.person, ask.subject)
    if found is None or found.reads:
        raise files.closed(ask.subject)
    if ask.typed("why") not in WHY:
        return Invalid(errors={"why": _("Please choose one.")})
    review_id = access_reviews.resume(tx, found.client.id, ask.person.id, ask.typed("why"))
    until = tx.now + A_DAY
    access_reviews.suspend(tx, found.client.id, ask.person.id, review_id, until)
    ids = {"client": found.client.id, "review": review_id, "code": ask.typed("why")}
    audit.record(tx, "access.day-taken", who=ask.person.id, **ids)
    owner = people.by_id(tx, found.client.owner_id)
    if owner:
        key = f"{review_id}:day:{tx.now.isoformat()}"
        notices.tell(tx, owner, key=key, kind="review.asked", subject=review_id)
    look_at = Button(label=_("Open the file"), act=Opens(name="client.file", subject=found.client.id), primary=True)
    words = _("The file is open to you until {when}.").format(
        when=when(until, zone_of(tx, ask.person, ask.policy), tx.now)
    )
    return Say(title=_("Open for a day"), text=words, items=(Buttons(buttons=(look_at,)),))
