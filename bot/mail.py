"""One mail to one person over SMTP, in a thread, with the faults of bot/senders.py; the courier's second road.

Invariants: TLS with a checked certificate before anything is said, or nothing is said at all; nothing is retried here;
of the server's answers only codes are kept. Once the text is on its way a cut line means that nobody knows (`InDoubt`).
"""

import asyncio
import re
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from bot.notify import Notify
from bot.senders import Rejected, Trouble, Unreachable

STEP = 10.0  # seconds for each thing the server is asked
PATIENCE = 30.0  # seconds for one mail
GRACE = 1.0
AT_ONCE = 8
_NO_SUCH_PERSON = frozenset({550, 551, 553})
_DETAIL = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
_OUR_AFFAIR = "5.7."  # policy and login: somebody can set it right, so it is tried again


class InDoubt(Trouble):
    """The line was cut while the text was on its way: it may have arrived."""


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Whom the server's certificate must come from. OSError (ssl.SSLError is one) when the file cannot be used."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Mailer:
    """The firm's mail server. `user` is empty where the server asks nobody who he is."""

    def __init__(self, notify: Notify, user: str = "", password: str = "", *, patience: float = PATIENCE) -> None:
        self.sender = notify.sender
        self._notify, self._user, self._password = notify, user, password
        self._tls = trusted(notify.ca_file)
        self._patience = patience
        self._threads = ThreadPoolExecutor(AT_ONCE, "mail")

    async def send(self, to: str, letter: bytes) -> None:
        """Hand `letter` over to the server. Raises Unreachable, Rejected, Trouble or InDoubt."""
        await self._in_a_thread(_Call(self._notify, self._tls, self._user, self._password, to, letter))

    async def try_out(self) -> None:
        """Connect and log in, and send nothing: `Trouble` says what is wrong, in one of our words."""
        await self._in_a_thread(_Call(self._notify, self._tls, self._user, self._password, "", b""))

    async def _in_a_thread(self, call: "_Call") -> None:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, call.make)
        done, _waiting = await asyncio.wait({work}, timeout=self._patience)
        if not done and not work.cancel():
            call.cut()
            await asyncio.wait({work}, timeout=GRACE)
        if work.cancelled() or not work.done():
            work.add_done_callback(_heard)
            raise InDoubt("too slow") if call.in_doubt else Trouble("too slow")
        work.result()

    def close(self) -> None:
        """No further mails."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _heard(work: "asyncio.Future[None]") -> None:
    """What came too late to matter is no task's fault that nobody waited for."""
    if not work.cancelled():
        work.exception()


class _Call:
    """One connection, one mail. `cut` may be called from another thread."""

    def __init__(self, notify: Notify, tls: ssl.SSLContext, user: str, password: str, to: str, letter: bytes) -> None:
        self._notify, self._tls, self._user, self._password = notify, tls, user, password
        self._to, self._letter = to, letter
        self._smtp = smtplib.SMTP(timeout=STEP, local_hostname=notify.sender.rpartition("@")[2])
        self._over = False
        self.in_doubt = False

    def make(self) -> None:
        """The whole conversation."""
        try:
            self._greet()
            if self._to:
                self._hand_over()
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        except ssl.SSLCertVerificationError:
            raise Trouble("certificate") from None
        except smtplib.SMTPAuthenticationError:
            raise Trouble("login") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise (InDoubt if self.in_doubt else Trouble)(type(error).__name__) from None
        finally:
            self._smtp.close()

    def cut(self) -> None:
        """End it, wherever it is."""
        self._over = True
        if line := self._smtp.sock:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _greet(self) -> None:
        line = socket.create_connection((self._notify.host, self._notify.port), STEP)
        self._smtp.sock = line
        if self._notify.tls_from_the_start:
            self._make_safe(line)
        self._expect(220, self._smtp.getreply())
        if not self._notify.tls_from_the_start:
            self._smtp.ehlo()
            if not self._smtp.has_extn("starttls"):
                raise Trouble("no TLS")
            self._expect(220, self._smtp.docmd("STARTTLS"))
            self._make_safe(line)
        self._smtp.ehlo()
        if self._user:
            self._smtp.login(self._user, self._password)

    def _make_safe(self, line: socket.socket) -> None:
        """From here on under TLS; what was said or promised before counts for nothing (RFC 3207, 4.2)."""
        self._smtp.sock = self._tls.wrap_socket(line, server_hostname=self._notify.host)
        self._smtp.file = None
        self._smtp.ehlo_resp, self._smtp.helo_resp, self._smtp.does_esmtp = None, None, False
        self._smtp.esmtp_features = {}

    def _hand_over(self) -> None:
        self._expect(250, self._smtp.mail(self._notify.sender))
        code, said = self._smtp.rcpt(self._to)
        if code in _NO_SUCH_PERSON and not _detail(said).startswith(_OUR_AFFAIR):
            raise Unreachable(str(code))
        if code not in (250, 251):
            raise Trouble(str(code))
        if self._over:
            raise Trouble("too slow")
        self.in_doubt = True
        code, said = self._smtp.data(self._letter)
        self.in_doubt = False
        if code >= 500 and not _detail(said).startswith(_OUR_AFFAIR):
            raise Rejected(str(code))
        self._expect(250, (code, said))

    @staticmethod
    def _expect(code: int, reply: tuple[int, bytes]) -> None:
        if reply[0] != code:
            raise Trouble(str(reply[0]))


def _detail(said: bytes) -> str:
    """The enhanced status code (RFC 3463), where the server gives one."""
    found = _DETAIL.match(said)
    return found[1].decode() if found else ""
