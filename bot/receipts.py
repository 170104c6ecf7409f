"""What became of a parcel: sent, put off, given up; each notice in it has its own line of evidence.

Invariants: that somebody was told is on record in the transaction that ends the notice; nothing is given up in
silence.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot import parcels, telemetry
from bot.doorway import Doorway
from bot.parcels import Parcel
from handlers import escalations, notices
from handlers.policy import Policy
from storage import audit, chat, locks, mails, outbox, people
from storage.outbox import Notice, State
from storage.store import Tx


class Receipts:
    """Writes down what the courier did."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway

    async def sent(self, parcel: Parcel, place: str) -> list[str]:
        """It arrived, as far as the platform says. Gives the ids of its cards, in order."""
        ids = await self._doorway.do(lambda tx: _note(tx, parcel, place))
        for notice in parcel.notices:
            telemetry.NOTICES.labels(notice.kind, State.COMPLETED).inc()
        return ids

    async def ended(self, notices: Iterable[Notice], state: State, problem: str = "") -> None:
        """Completed (an edit), or cancelled: its cause is gone."""
        found = list(notices)

        def end(tx: Tx) -> None:
            for notice in found:
                outbox.end(tx, notice, state, problem)

        await self._doorway.do(end)
        for notice in found:
            telemetry.NOTICES.labels(notice.kind, state).inc()

    async def told_to_wait(self, notices: Iterable[Notice], wait: timedelta) -> None:
        """For everything in its lane: the platform would refuse the next one too."""
        found = list(notices)

        def hold(tx: Tx) -> None:
            for notice in found:
                outbox.retry(tx, notice, wait, "asked to wait")
            outbox.hold(tx, found[0].recipient_id, wait)

        await self._doorway.do(hold)
        for notice in found:
            telemetry.NOTICES.labels(notice.kind, State.RETRYABLE).inc()

    async def failed(self, notices: Iterable[Notice], problem: str, *, most: int | None = None) -> None:
        """Each is tried again, later each time; with `most`, given up after so many attempts. What travels together is
        tried again together, as the one among them that was tried most."""
        found = list(notices)
        given_up = [n for n in found if most is not None and n.attempts >= most]
        for notice in given_up:
            await self.discarded(notice, problem)
        again = [n for n in found if n not in given_up]
        if not again:
            return
        wait = telemetry.backoff(max(n.attempts for n in again))

        def put_off(tx: Tx) -> None:
            for notice in again:
                outbox.retry(tx, notice, wait, problem)

        await self._doorway.do(put_off)
        for notice in again:
            telemetry.NOTICES.labels(notice.kind, State.RETRYABLE).inc()

    async def discarded(self, notice: Notice, problem: str, *, silent: str = "") -> None:
        """It will not arrive in chat: on record; by e-mail then, or it is missed. `silent`: the account of which the
        platform says that nothing reaches it."""

        policy = self._doorway.policy

        def give_up(tx: Tx) -> None:
            outbox.end(tx, notice, State.DISCARDED, problem)
            if silent:
                chat.fell_silent(tx, silent)
            audit.record(tx, "notice.discarded", who=None, to=notice.recipient_id, kind=notice.kind, why=problem)
            if not (policy.mail and mails.hasten(tx, notice.id)):
                missed(tx, policy, notice)

        await self._doorway.do(give_up)
        telemetry.NOTICES.labels(notice.kind, State.DISCARDED).inc()


def _note(tx: Tx, parcel: Parcel, place: str) -> list[str]:
    for subject in sorted({part.notice.subject for part in parcel.parts}):
        locks.subject(tx, subject)  # in one order everywhere: two messages may share their subjects
    chat.spoke_again(tx, parcel.account)
    for notice in parcel.notices:
        outbox.end(tx, notice, State.COMPLETED)
        audit.record(tx, "notice.sent", who=None, to=notice.recipient_id, kind=notice.kind, subject=notice.subject)
    return [_post(tx, parcel, place, number) for number in range(len(parcel.parts))]


def _post(tx: Tx, parcel: Parcel, place: str, number: int) -> str:
    """The card stands there; an older one about the same matter points to it from now on."""
    notice = parcel.parts[number].notice
    what: dict[str, Any] = {"subject": notice.subject, "person_id": notice.recipient_id}
    where: dict[str, Any] = {"account": parcel.account, "place": place, "part": number}
    id = chat.posted(tx, kind=notice.kind, **what, **where, urgent=notice.urgent)
    for old in chat.supersede(tx, id, **what, kinds=parcels.of_matter(notice)):
        outbox.refresh(tx, message_id=old.id, recipient_id=old.person_id, kind=old.kind, subject=old.subject)
    return id


def missed(tx: Tx, policy: Policy, notice: Notice) -> None:
    """No road has brought it: the administrators are told once a day per person, whoever stands in for that person is
    told instead, and a ladder that told only this person goes on at once. Edits are not missed."""
    if notice.message_id or notice.kind == "notice.failed":
        return
    for admin in people.holders(tx, "admin"):
        key = f"failed:{notice.recipient_id}:{tx.now.date()}:{admin.id}"
        outbox.put(tx, key=key, recipient_id=admin.id, kind="notice.failed", subject=notice.recipient_id)
    if not escalations.missed(tx, policy, notice):
        notices.hand_up(tx, notice)
