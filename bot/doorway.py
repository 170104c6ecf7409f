"""The one doorway in: seen before? who may? which handler? one transaction, committed before anyone is told.

Invariants: a delivery or form has one effect however often it comes; a refusal writes nothing but its own record; a bug
or a database fault writes nothing at all and is logged by reference, without message or content.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot import telemetry
from handlers import people
from handlers.chats import as_typed
from handlers.people import Unknown
from handlers.policy import Policy
from handlers.request import Ask, Kind, Refused, Request
from handlers.router import Entry, Who, find
from handlers.screening import as_if_not_there
from handlers.views import Data, Done, Form, Invalid, Reply, Say
from handlers.words import _
from storage import audit, inbox, timers
from storage.people import Person
from storage.store import Store, Tx, Unavailable, Unsure

__all__ = ["Doorway", "Unknown"]
T = TypeVar("T")


class _TakeBack(Exception):
    """Nothing is to be kept of this transaction; `reply` is said all the same."""

    def __init__(self, reply: Invalid) -> None:
        super().__init__()
        self.reply = reply


class Doorway:
    """Everything that comes in comes through `handle`. `poke` is called after a commit that put a notice."""

    def __init__(self, store: Store, policy: Policy, poke: Callable[[], None] = lambda: None) -> None:
        self.store = store
        self.policy = policy
        self.poke = poke

    async def handle(self, request: Request) -> Reply:
        """The answer to a request; raises only `Unknown`, for an account that nobody linked yet."""
        entry = find(request.kind, request.name)
        with telemetry.measured(request.kind, request.name if entry else "unknown") as outcome:
            if entry is None:
                outcome.word = "unknown"
                return Say(text=_("This button or command is not known any more. Please open Home and try from there."))
            try:
                reply = await self._answer(entry, request)
            except Refused as refused:
                outcome.word = "refused"
                await self._record_refusal(entry, request, refused.why, refused.subject)
                return Say(text=refused.text)
            except Unknown:
                outcome.word = "unknown account"
                raise
            except Exception as error:  # noqa: BLE001  the last door: nothing may leave but a reference
                outcome.word = "failed"
                return self._trouble(entry, error)
            if isinstance(reply, Invalid):
                outcome.word = "invalid"
                if reply.why:
                    await self._record_refusal(entry, request, reply.why, request.subject)
            return reply

    async def ask(self, work: Callable[[Tx], T]) -> T:
        """A question of the bot's own (courier, clock, watch)."""
        return await asyncio.wrap_future(self.store.read(work))

    async def do(self, work: Callable[[Tx], T], *, repeatable: bool = False) -> T:
        """A transaction of the bot's own; `repeatable` work finds out for itself whether it was done already."""
        return await asyncio.wrap_future(self.store.write(work, repeatable=repeatable))

    async def fire(self, timer: timers.Timer) -> None:
        """Do what falls due; the timer is taken in the same transaction. What fails is tried again, later each time."""
        entry = find(Kind.TIMER, timer.kind)
        with telemetry.measured(Kind.TIMER, timer.kind) as outcome:
            try:
                if entry is None:
                    raise LookupError(timer.kind)
                await self.do(lambda tx: self._fire(tx, entry, timer), repeatable=True)
            except Exception as error:  # noqa: BLE001  one timer's fault must not stop the others
                outcome.word = "failed"
                telemetry.fault("timer", timer.kind, error)
                await self.do(lambda tx: timers.postpone(tx, timer.id, telemetry.backoff(timer.attempts)))
        self.poke()

    def _fire(self, tx: Tx, entry: Entry, timer: timers.Timer) -> None:
        if timers.take(tx, timer.id):
            request = Request(kind=Kind.TIMER, name=timer.kind, subject=timer.subject, due_at=timer.due_at)
            entry.handler(tx, Ask(request=request, policy=self.policy))

    async def _answer(self, entry: Entry, request: Request) -> Reply:
        if not entry.writes:
            return _with_form_id(await self.ask(lambda tx: self._asked(tx, entry, request)), request)
        try:
            reply, outgoing = await self.do(
                lambda tx: (self._once(tx, entry, request), tx.outgoing), repeatable=bool(_keys(request))
            )
        except _TakeBack as taken:
            return taken.reply
        if outgoing:
            self.poke()
        return _with_form_id(reply, request)

    def _asked(self, tx: Tx, entry: Entry, request: Request) -> Reply:
        """A form that was sent in meanwhile is not painted anew."""
        painted = request.kind in {Kind.OPEN, Kind.COMMAND} and request.form_id
        used_up = painted and inbox.outcome(tx, [_form(request)]) is not None
        return Done() if used_up else self._call(tx, entry, request)

    def _once(self, tx: Tx, entry: Entry, request: Request) -> Reply:
        keys = _keys(request)
        seen = inbox.outcome(tx, keys) if keys else None
        if seen is not None:
            return _said_before(request, seen)
        reply = self._call(tx, entry, request)
        if isinstance(reply, Invalid):
            raise _TakeBack(reply)
        inbox.consume(tx, keys, reply.reference if isinstance(reply, Say) else "")
        return reply

    def _call(self, tx: Tx, entry: Entry, request: Request) -> Reply:
        actor = self._actor(tx, entry, request)
        if actor and request.subject:
            request = replace(request, subject=as_if_not_there(tx, actor, request.subject))
        reply: Reply = entry.handler(tx, Ask(request=request, policy=self.policy, actor=actor))  # type: ignore[assignment]
        return reply

    def _actor(self, tx: Tx, entry: Entry, request: Request) -> Person | None:
        if entry.who is Who.OPERATOR:
            if not request.operator:
                raise Refused(_("This can only be done at the command line."), why="not an operator")
            return None
        if entry.who is Who.CLOCK:
            raise Refused(_("This is for the clock alone."), why="not the clock")
        if request.account is None:
            raise Refused(_("Nobody is asking."), why="no account")
        if entry.who is Who.HUMAN:
            return _any_human(tx, request)
        person = people.admit(tx, request.account)
        if entry.roles and not entry.roles & person.roles:
            words = _("This is for another role. “{people}” shows whom to ask.")
            raise Refused(words.format(people=as_typed("people", request.account)), why="not in this role")
        return person

    async def _record_refusal(self, entry: Entry, request: Request, why: str, subject: str) -> None:
        """The record of a refusal never names anybody at an entry that is open to all (a breach report)."""
        named = entry.who is not Who.HUMAN
        who = (request.operator or str(request.account or "")) if named else ""
        words = {
            "entry": f"{entry.kind}:{entry.name}",
            "why": why,
            **({"subject": subject} if subject and named else {}),
        }

        def record(tx: Tx) -> None:
            audit.record(tx, "refused", who=who or None, **words)

        try:
            await self.do(record)
        except Unavailable as error:
            telemetry.fault("audit", "refused", error)

    def _trouble(self, entry: Entry, error: Exception) -> Reply:
        reference = secrets.token_hex(4)
        telemetry.fault(entry.kind, entry.name, error, reference=reference)
        if isinstance(error, Unsure):
            words = _("The line to the database broke, and nobody knows whether this was saved. Please look first.")
        elif isinstance(error, Unavailable):
            words = _(
                "Sopwith cannot save anything at the moment, and nothing was saved. Please try again in a minute."
            )
        else:
            words = _("Something went wrong on our side, and nothing was saved. Please try again.")
        words = f"{words} " + _("If it stays like this, tell the administrator the reference {r}.").format(r=reference)
        if entry.urgent and self.policy.emergency:
            words = f"{self.policy.emergency}. {words}"
        if entry.who is Who.OPERATOR:
            return Data(data={"problem": words}, ok=False)
        return Invalid(errors={"": words}) if entry.kind is Kind.SUBMIT else Say(text=words)


def _any_human(tx: Tx, request: Request) -> Person | None:
    account = request.account
    if account is None or not account.human or not account.ours:
        raise Refused(_("Sopwith answers people of this firm only."), why="stranger")
    try:
        return people.admit(tx, account)
    except (Unknown, Refused):
        return None


def _keys(request: Request) -> list[str]:
    """By what a second coming of this request is known; only a submit uses its form up."""
    form = [_form(request)] if request.kind is Kind.SUBMIT and request.form_id else []
    return [*([f"delivery:{request.key}"] if request.key else []), *form]


def _form(request: Request) -> str:
    return f"form:{request.form_id}"


def _with_form_id(reply: Reply, request: Request) -> Reply:
    """A form that is painted anew stays the same form: it may have been submitted meanwhile, by an answer that was
    lost."""
    if isinstance(reply, Form) and not reply.form_id:
        same = request.form_id if request.kind is Kind.OPEN else ""
        return replace(reply, form_id=same or secrets.token_urlsafe(16))
    return reply


def _said_before(request: Request, outcome: str) -> Reply:
    if request.kind is not Kind.SUBMIT:
        return Done()
    facts: dict[str, Any] = {"reference": outcome}
    if outcome:
        words = _("This was saved already, as {reference}. Nothing was done twice.").format(**facts)
    else:
        words = _("This was saved already. Nothing was done twice.")
    return Say(title=_("Saved already"), text=words)
