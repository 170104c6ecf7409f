"""The composition root: the one place where everything meets, in start order, and leaves in the opposite one.

Invariants: nothing is taken in before the record is open and the keys fit; on SIGTERM no new work is taken, what is in
hand is finished, and the exit status is 0.
"""

import asyncio
import signal
from datetime import timedelta

from aiohttp import web

from bot import checkpoints, desk_socket, heartbeat, mail, os_user, telemetry
from bot.clock import BEAT, Clock
from bot.config import BadConfig, Settings
from bot.courier import Courier
from bot.doorway import Doorway
from bot.heartbeat import Heartbeat
from bot.mail import Mailer
from bot.opening import Now, open_store, utc_now
from bot.platforms import platforms
from bot.rounds import Rounds
from bot.second_road import SecondRoad
from bot.senders import Sender
from bot.web import admin, port_of, public, serve
from handlers import custody
from handlers.request import Kind, Request
from handlers.views import Data
from storage import mails, migrate, outbox, timers, watch
from storage.store import Tx, Unavailable, sqlite_path

LATE = timedelta(seconds=30)
TOO_OLD = timedelta(minutes=2)


class Service:
    """`await start()`, `await stop()`; or `await run()` until a signal comes. `now` is the house's clock."""

    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self.settings = settings
        self.store = open_store(settings, now, who=os_user.speaker("service"))
        self.doorway = Doorway(self.store, settings.policy, self._poke)
        self._now = now
        self.platforms = platforms(settings.secrets, self.doorway)
        senders: dict[str, Sender] = {one.sender.platform: one.sender for one in self.platforms}
        self.second_road = self._make_second_road(senders)
        self.courier = Courier(self.doorway, senders, *([self.second_road.plan] if self.second_road else []))
        self._checkpoints = self._make_checkpoints()
        self.clock = Clock(self.doorway, self._checkpoints, settings.checkpoint_every)
        self.rounds = self._make_rounds()
        self._runners: list[web.AppRunner] = []
        self._desk: desk_socket.Desk | None = None
        self.port = settings.port

    def _make_second_road(self, senders: dict[str, Sender]) -> SecondRoad | None:
        notify, hidden = self.settings.notify, self.settings.secrets
        if not notify.smtp:
            return None
        try:
            mailer = Mailer(notify, hidden.smtp_user, hidden.smtp_password)
        except OSError as error:
            raise BadConfig(
                [f"notify.ca_file: {notify.ca_file} cannot be used: {error.strerror or 'no PEM'}."]
            ) from None
        return SecondRoad(self.doorway, mailer, notify.fallback_after, senders)

    def _make_rounds(self) -> Rounds:
        """Whoever tells people has a heart of his own: the clock may stand still."""
        rounds = Rounds(self.clock.pulse)
        rounds.add("deliver", self.courier.deliver, BEAT)
        if self.second_road:
            rounds.add("mail", self.second_road.deliver, BEAT)
        if url := self.settings.notify.heartbeat_url:
            rounds.add("heartbeat", Heartbeat(url, self.late).beat, heartbeat.EVERY)
        return rounds

    async def deliver(self) -> None:
        """Tell all that is due now, on both roads."""
        await self.courier.deliver()
        if self.second_road:
            await self.second_road.deliver()

    def _make_checkpoints(self) -> checkpoints.Checkpoints:
        return checkpoints.Checkpoints(
            self.doorway,
            seed=self.settings.secrets.audit_key,
            path=self.settings.checkpoint_file,
        )

    def _poke(self) -> None:
        self.courier.poke()

    async def start(self) -> None:
        """Open the doors, innermost first."""
        asyncio.get_running_loop().set_exception_handler(telemetry.unhandled)
        if not self.store.shared:  # else another process may have them in hand, and leases tell
            await self.doorway.do(outbox.release)
            await self.doorway.do(mails.release)
        await self._checkpoints.begin()
        await self.doorway.do(custody.begin)
        await self._put_policy_in_force()
        await self._say_when_the_secret_ends()
        for platform in self.platforms:
            await platform.start()
        self.clock.start()
        self.rounds.start()
        routes = {path: route for platform in self.platforms for path, route in platform.routes.items()}
        self._runners.append(await serve(public(routes, self.unready), self.settings.host, self.settings.port))
        self.port = port_of(self._runners[0])
        self._runners.append(await serve(admin(self.late), "127.0.0.1", self.settings.admin_port))
        database = sqlite_path(self.settings.database_url)
        if database:
            self._desk = await desk_socket.serve_socket(desk_socket.socket_path(database), self.doorway)
        for platform in self.platforms:
            await platform.open()
        telemetry.log.info("started", port=self.port)

    async def _put_policy_in_force(self) -> None:
        """Nothing is served under a policy that is not on record."""
        who, body = os_user.speaker("service"), {"body": self.settings.policy_body}
        kept = await self.doorway.handle(Request(kind=Kind.DESK, name="policy.in-force", operator=who, values=body))
        if not isinstance(kept, Data) or not kept.ok:
            raise Unavailable("the policy could not be put on record")

        for name in ("undertaking.in-force", "reviews.in-force", "openings.in-force", "breach.in-force"):
            begun = await self.doorway.handle(Request(kind=Kind.DESK, name=name, operator=who))
            if not isinstance(begun, Data) or not begun.ok:
                raise Unavailable(f"{name} could not be put on record")

    async def _say_when_the_secret_ends(self) -> None:
        """Of a platform that is not used any more there is nothing to warn of."""
        hidden = self.settings.secrets
        ends = hidden.teams_secret_expires if hidden.teams_app_id else None
        values = {"expires": ends.isoformat() if ends else ""}
        who = os_user.speaker("service")
        await self.doorway.handle(Request(kind=Kind.DESK, name="secret.known", operator=who, values=values))

    async def stop(self) -> None:
        """Close the doors, outermost first; finish what is in hand."""
        for platform in self.platforms:
            await platform.shut()
        for runner in self._runners:
            await runner.cleanup()
        if self._desk:
            await self._desk.close()
        await self.clock.stop()
        await self.rounds.stop()
        for platform in self.platforms:
            await platform.stop()
        await self.courier.finish()
        if self.second_road:
            await self.second_road.close()
        for platform in self.platforms:
            await platform.close()
        self.store.close()
        telemetry.log.info("stopped")

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, asked.set)
        try:
            await self.start()
            await asked.wait()
            telemetry.log.info("stopping")
        finally:
            await self.stop()

    async def unready(self) -> list[str]:
        """Why requests cannot be answered; empty when they can: the database takes a transaction and is at this
        version's tables. The key was tried at the start; without it there is no service."""
        try:
            revision = await self.doorway.do(watch.revision)
        except Unavailable:
            return ["the database does not answer"]
        return [] if revision == migrate.head() else ["the database is not at this version's tables"]

    async def late(self) -> list[str]:
        """What an alarm should go off for; empty when all is well."""
        reasons = [reason for platform in self.platforms for reason in platform.late()]
        if self.clock.pulse.late("fire", LATE + BEAT):
            reasons.append("the clock is late")
        if self.clock.pulse.late("deliver", LATE + BEAT):
            reasons.append("the courier is late")
        if self.second_road and self.clock.pulse.late("mail", LATE + 2 * timedelta(seconds=mail.PATIENCE)):
            reasons.append("mail is late")
        if self.store.shared and self.clock.pulse.late("sequence", LATE + BEAT):
            reasons.append("the audit log is late")
        if self.clock.pulse.late("checkpoint", self.settings.checkpoint_every * 3 + LATE):
            reasons.append("checkpoints are late")
        if self._checkpoints.problem:
            reasons.append(self._checkpoints.problem)
        try:
            return reasons + await self.doorway.ask(self._overlooked)
        except Unavailable:
            return [*reasons, "the database does not answer"]

    def _overlooked(self, tx: Tx) -> list[str]:
        oldest = timers.oldest_due(tx)
        age = tx.now - oldest if oldest else timedelta(0)
        telemetry.OLDEST.set(age.total_seconds())
        telemetry.WAITING.set(watch.waiting_notices(tx))
        reasons = ["a due timer is older than two minutes"] if age > TOO_OLD else []
        reasons += [f"{case}: open without a next moment" for case in watch.forgotten(tx)]
        return reasons + [f"the guard {name} of the audit log is missing" for name in watch.missing_guards(tx)]
