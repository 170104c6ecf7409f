"""What `[notify]` of the policy file says: the mail server of the second road, and who listens for the heartbeat.

Plain values; no secret is among them. Without `smtp` there is no mail, without `heartbeat_url` no heartbeat.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

PORTS = {"smtps": 465, "smtp": 587}  # RFC 8314: TLS from the start, or STARTTLS on the port for submission
AFTER = timedelta(minutes=5)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_SERVER_NAMES = ("mail.", "smtp.")


@dataclass(frozen=True, kw_only=True)
class Notify:
    """`sender` is the address mails come from; `ca_file`, when given, is the only authority the server is believed
    on; `fallback_after` is how long chat has before the mail goes."""

    smtp: str = ""
    sender: str = ""
    ca_file: Path | None = None
    fallback_after: timedelta = AFTER
    heartbeat_url: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.smtp).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.smtp)
        return parts.port or PORTS[parts.scheme]

    @property
    def tls_from_the_start(self) -> bool:
        """`smtps`; with `smtp` the server must offer STARTTLS."""
        return urlsplit(self.smtp).scheme == "smtps"


def usual_sender(smtp: str) -> str:
    """`sopwith@example.com` for mail.example.com; empty where the server's name tells no domain."""
    host = urlsplit(smtp).hostname or ""
    domain = next((host.removeprefix(name) for name in _SERVER_NAMES if host.startswith(name)), host)
    return f"sopwith@{domain}" if "." in domain and not domain.replace(".", "").isdigit() else ""
