"""A real SMTP server on loopback with TLS, that keeps what it is handed and fails as it is told."""

import asyncio
import email
import ssl
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.notify import Notify

SENDER = "sopwith@harbour.example"
OK = "250 OK"


@dataclass
class PostOffice:
    """`answers` are for the next recipients or letters, in turn, and then all is well. `keeps` False: what it was
    handed when the line was cut is lost."""

    ca_file: Path
    port: int = 0
    scheme: str = "smtps"
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    tried: int = 0
    lines: list[asyncio.Transport] = field(default_factory=list)

    @property
    def notify(self) -> Notify:
        return Notify(smtp=f"{self.scheme}://127.0.0.1:{self.port}", sender=SENDER, ca_file=self.ca_file)

    @property
    def section(self) -> str:
        """Of the policy file."""
        found = self.notify
        return f'\n[notify]\nsmtp = "{found.smtp}"\nsender = "{found.sender}"\nca_file = "{found.ca_file}"\n'

    def to(self, who: str) -> list[EmailMessage]:
        """Letters whose recipient's address begins so."""
        return [letter for letter in self.letters if str(letter["To"]).startswith(who)]

    async def handle_EHLO(self, server: SMTP, session: Session, _e: Envelope, hostname: str, said: list[str]) -> Any:
        session.host_name = hostname  # type: ignore[assignment]
        self.tried += 1
        self.lines.append(cast(asyncio.Transport, server.transport))
        return said

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: Any) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.data.pop(0) if self.data else OK
        if answer == "lost":
            cast(asyncio.Transport, server.transport).abort()
            return OK
        if answer == "slow":
            await asyncio.sleep(30)
        if answer in {OK, "cut"}:
            raw = cast(bytes, envelope.content)
            self.raw.append(raw)
            self.letters.append(cast(EmailMessage, email.message_from_bytes(raw, policy=default)))
            self.envelopes.append((str(envelope.mail_from), tuple(envelope.rcpt_tos)))
        if answer == "cut":
            cast(asyncio.Transport, server.transport).abort()
            return OK
        return answer

    def authenticated(self, _s: SMTP, _session: Session, _e: Envelope, _mechanism: str, given: Any) -> AuthResult:
        said = cast(LoginPassword, given)
        self.logins.append((said.login.decode(), said.password.decode()))
        return AuthResult(success=said.password == b"correct horse", handled=False)


def words(letter: EmailMessage) -> str:
    """What a person reads."""
    return str(letter.get_content())


@asynccontextmanager
async def open_post_office(
    folder: Path,
    scheme: str = "smtps",
    *,
    name: str = "127.0.0.1",
    login: bool = False,
    tls: bool = True,
    port: int = 0,
) -> AsyncIterator[PostOffice]:
    """`name`: for whom its certificate is; `tls` False: it knows none at all."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    office = PostOffice(ca_file=folder / "ca.pem", scheme=scheme)
    from_the_start = scheme == "smtps" and tls

    def connection() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not see that TLS was there from the start
            return made()

    def made() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            tls_context=context if tls and not from_the_start else None,
            authenticator=office.authenticated,
            auth_required=login,
            auth_require_tls=not from_the_start and tls,
            timeout=20,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", port, ssl=context if from_the_start else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        for line in office.lines:  # whoever hung up first, no socket is left to the next test
            line.abort()
        await asyncio.sleep(0)


def other_authority(office: PostOffice, folder: Path) -> Notify:
    """The same server for somebody who trusts another authority."""
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    return replace(office.notify, ca_file=folder / "other.pem")


@contextmanager
def post_office_next_door(folder: Path) -> Iterator[PostOffice]:
    """The same in a thread of its own, for tests without a loop."""
    opened: Future[PostOffice] = Future()
    closing = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with open_post_office(folder) as office:
            opened.set_result(office)
            await closing.wait()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield opened.result(10)
    finally:
        loop.call_soon_threadsafe(closing.set)
        thread.join()
        loop.close()
