"""The second road: what chat has not brought home in time goes by e-mail, one mail a person.

Invariants: nothing is mailed whose cause is gone, and nothing urgent that somebody has taken; that somebody was told is
on record in the transaction that ends the mail; a mail that will not arrive is told to the administrators, unless chat
has delivered.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import parcels, telemetry
from bot.doorway import Doorway
from bot.mail import AT_ONCE, InDoubt, Mailer
from bot.mail_text import Letter, Told, painted
from bot.parcels import Part
from bot.receipts import missed
from bot.senders import Rejected, Sender, Trouble, Unreachable
from handlers import pings
from handlers.policy import Policy
from handlers.request import Kind
from handlers.router import entries
from handlers.views import Card
from handlers.why_me import why_me
from handlers.words import _
from storage import audit, chat, escalations, mails, people, reach
from storage.mails import Mail
from storage.outbox import Notice, State
from storage.store import Tx, Unavailable, of_the_database

GIVE_UP = 200  # attempts; with the backoff's cap of five minutes that is most of a day
BUG_GIVES_UP = 5


class SecondRoad:
    """`after`: how long chat has, on the platforms of `senders`."""

    def __init__(self, doorway: Doorway, mailer: Mailer, after: timedelta, senders: Mapping[str, Sender]) -> None:
        self._doorway, self._mailer, self._after, self._senders = doorway, mailer, after, senders
        self._running = asyncio.Lock()

    def plan(self, tx: Tx) -> None:
        """What chat begins with now gets its moment for a mail."""
        mails.plan(tx, self._after, self._senders.keys())

    async def deliver(self) -> None:
        """Mail all that is due."""
        async with self._running:
            try:
                while await self._round():
                    pass
            except Unavailable as error:
                telemetry.fault("mail", "claim", error)

    async def close(self) -> None:
        """No further mails."""
        async with self._running:
            self._mailer.close()

    async def _round(self) -> int:
        due = await self._doorway.do(self._claim)
        ended = await asyncio.gather(*(self._guarded(mail) for mail in due), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return len(due)

    def _claim(self, tx: Tx) -> list[Mail]:
        pings.hold(tx, self._doorway.policy)  # a courier that hangs has judged nothing
        self.plan(tx)
        return mails.claim(tx, AT_ONCE, [entry.name for entry in entries(Kind.NOTICE) if entry.letter])

    async def _guarded(self, mail: Mail) -> None:
        """A mail that cannot be written must not stop the others."""
        try:
            await self._one(mail)
        except Unavailable as error:
            telemetry.fault("mail", "record", error)
        except Exception as error:  # noqa: BLE001
            telemetry.fault("mail", mail.notices[0].kind, error)
            await self._failed(mail, "cannot be painted", most=BUG_GIVES_UP)

    async def _one(self, mail: Mail) -> None:
        parts = await self._doorway.ask(lambda tx: self._living(tx, mail))
        kept = {part.notice.id for part in parts}
        gone = [notice for notice in mail.notices if notice.id not in kept]
        if gone:
            await self._doorway.do(lambda tx: mails.ended(tx, mail, gone, "cause gone"))
        if parts:
            await self._send(mail, parts)

    def _living(self, tx: Tx, mail: Mail) -> list[Part]:
        """What is still to be said."""
        policy, waiting = self._doorway.policy, [notice for notice in mail.notices if not _taken(tx, notice)]
        cards = [(notice, _card(tx, policy, notice)) for notice in waiting]
        return [Part(notice=notice, card=card) for notice, card in cards if card]

    async def _send(self, mail: Mail, parts: list[Part]) -> None:
        said = [part.notice for part in parts]
        try:
            to, letter = await self._doorway.ask(lambda tx: self._written(tx, mail, parts))
            await self._mailer.send(to, letter)
        except Unreachable as error:
            telemetry.fault("mail", "refused", error)
            await self._given_up(mail, said, reach.REFUSED)
        except Rejected as error:
            telemetry.fault("mail", "not taken", error)
            await self._given_up(mail, said, "not taken")
        except InDoubt as error:
            telemetry.fault("mail", "in doubt", error)
            await self._failed(mail, "nobody knows", in_doubt=True)
        except Trouble as error:
            telemetry.fault("mail", "send", error)
            await self._failed(mail, "did not arrive")
        else:
            await self._doorway.do(lambda tx: _note(tx, mail, said))
            for notice in said:
                telemetry.NOTICES.labels(notice.kind, "mailed").inc()

    def _written(self, tx: Tx, mail: Mail, parts: list[Part]) -> tuple[str, bytes]:
        """To whom, and the letter. `Unreachable` for somebody who has left."""
        person, policy = people.by_id(tx, mail.recipient_id), self._doorway.policy
        if person is None or not person.active(tx.now):
            raise Unreachable("left")
        newest = {parcels.topic(p.notice): p for p in sorted(parts, key=_age)}
        accounts = [a.account.split(":")[0] for a in chat.accounts_of(tx, person.id)]
        letter = Letter(
            to=person.email,
            sender=self._mailer.sender,
            headline=parcels.Parcel(notices=mail.notices, parts=tuple(newest.values())).headline,
            reference=mail.reference,
            told=tuple(Told(card=part.card, why=why_me(part.notice.kind)) for part in newest.values()),
            names=frozenset(one.name for one in people.everybody(tx)),
            platforms=tuple(name for name in self._senders if name in accounts),
            emergency=policy.emergency if any(p.notice.kind.startswith("breach.") for p in parts) else "",
            now=tx.now,
        )
        return person.email, painted(letter)

    async def _failed(self, mail: Mail, problem: str, *, in_doubt: bool = False, most: int = GIVE_UP) -> None:
        if mail.attempts >= most:
            await self._given_up(mail, mail.notices, problem)
            return
        wait = telemetry.backoff(mail.attempts)
        await self._doorway.do(lambda tx: mails.again(tx, mail, wait, problem, in_doubt=in_doubt))

    async def _given_up(self, mail: Mail, said: Iterable[Notice], problem: str) -> None:
        """On record; whom chat does not reach either, others are told of."""
        found = list(said)

        def note(tx: Tx) -> None:
            mails.ended(tx, mail, found, problem)
            for notice in found:
                audit.record(tx, "notice.unmailed", who=None, to=notice.recipient_id, kind=notice.kind, why=problem)
            for notice in mails.lost(tx, found):
                missed(tx, self._doorway.policy, notice)

        await self._doorway.do(note)


def _card(tx: Tx, policy: Policy, notice: Notice) -> Card | None:
    """What it says now; a bug of ours keeps nobody from learning that there is something."""
    try:
        return parcels.card_of(tx, policy, notice)
    except Exception as error:
        if of_the_database(error):
            raise
        telemetry.fault("mail", notice.kind, error)
        return Card(title=_("There is something for you that cannot be shown here."))


def _taken(tx: Tx, notice: Notice) -> bool:
    """Chat has brought it, and somebody has the matter in hand: an urgent notice needs no mail then."""
    running = escalations.of(tx, notice.subject)
    return notice.state == State.COMPLETED and running is not None and running.state != "climbing"


def _note(tx: Tx, mail: Mail, said: Iterable[Notice]) -> None:
    found = list(said)
    mails.sent(tx, mail, found)
    for notice in found:
        audit.record(tx, "notice.mailed", who=None, to=notice.recipient_id, kind=notice.kind, subject=notice.subject)


def _age(part: Part) -> datetime:
    return part.notice.created_at
