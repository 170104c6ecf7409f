"""The settings that come from the environment: secrets, addresses and ports, each also as NAME_FILE, a path to read.

Invariants: no message and no repr ever contains a value; every fault is reported, not the first alone; what is set to
nothing counts as not set.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

T = TypeVar("T")
KEY_BYTES = 32
_URL = re.compile(r"(?P<kind>[a-z0-9+]+)://(?:[^:/@]*(?::[^@]*)?@)?(?P<rest>.*)", re.DOTALL)
_MAKE_KEY = "`sopwith init` makes one."


class BadConfig(Exception):
    """The settings cannot be used: `faults` has every reason, each with its path or variable; no secret among them."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Faults(list[str]):
    """What is wrong so far."""

    def take(self, read: Callable[[], T], otherwise: T) -> T:
        """The value, or `otherwise` after noting the fault."""
        try:
            return read()
        except ValueError as fault:
            self.append(str(fault))
            return otherwise


class Environment:
    """Looks variables up, NAME or NAME_FILE; a ValueError names the variable and says what is wrong, without values."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str = "") -> str:
        """The variable without white space around it, or what stands in the file that NAME_FILE names."""
        direct = self._environ.get(name, "").strip()
        path = self._environ.get(f"{name}_FILE", "").strip()
        if direct and path:
            raise ValueError(f"{name}: is set twice. Set either {name} or {name}_FILE.")
        return (_in_file(name, path) if path else direct) or default

    def key(self, name: str, *, optional: bool = False) -> bytes:
        """32 bytes in base64 (RFC 4648, section 4)."""
        text = self.text(name)
        if not text and optional:
            return b""
        if not text:
            raise ValueError(f"{name}: is missing. Set it, or {name}_FILE. {_MAKE_KEY}")
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError:
            raise ValueError(f"{name}: is not base64. It is {KEY_BYTES} random bytes in base64. {_MAKE_KEY}") from None
        if len(key) != KEY_BYTES:
            raise ValueError(f"{name}: is {len(key)} bytes long, not {KEY_BYTES}. {_MAKE_KEY}")
        if not any(key):
            raise ValueError(f"{name}: is all zeros, so it is no secret. {_MAKE_KEY}")
        return key

    def phrase(self, name: str) -> str:
        """A text of printable ASCII; a password may hold spaces."""
        text = self.text(name)
        if text and not (text.isascii() and text.isprintable()):
            raise ValueError(f"{name}: holds characters that cannot be sent to the server. Copy it again.")
        return text

    def token(self, name: str) -> str:
        """A text that travels in a header: one word."""
        text = self.text(name)
        if text and not (text.isascii() and text.isprintable() and " " not in text):
            raise ValueError(f"{name}: holds spaces or characters that no token has. Copy it again.")
        return text

    def port(self, name: str, default: int) -> int:
        """0 (any free one) to 65535."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and int(text) <= 65535):
            raise ValueError(f"{name}: is not a port number.")
        return int(text)

    def day(self, name: str) -> date | None:
        """A date, like 2027-05-31."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise ValueError(f"{name}: is not a date like 2027-05-31.") from None

    def web_address(self, name: str, default: str = "") -> str:
        """https, or http on loopback, without user name and password: tokens travel to it."""
        text = self.text(name, default)
        if text and not is_safe_address(text):
            raise ValueError(f"{name}: must be an https address (http is taken on loopback only), without a password.")
        return text

    def database(self, name: str, default: str = "") -> str:
        """A SQLite file or PostgreSQL through psycopg; a server elsewhere must be reached with verified TLS."""
        text = self.text(name, default)
        if text and (fault := _database_fault(text, self._environ)):
            raise ValueError(f"{name}: {fault}")
        return text


def _in_file(name: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{name}_FILE: {path} is not a text file.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a path"
        raise ValueError(f"{name}_FILE: {path} cannot be read: {why}.") from None
    if not text:
        raise ValueError(f"{name}_FILE: {path} is empty.")
    return text


def is_safe_address(url: str) -> bool:
    """https, or http to this very machine, without user name and password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """This very machine, by name or by address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _database_fault(url: str, environ: Mapping[str, str]) -> str:
    found = _URL.fullmatch(url)
    kind = found["kind"] if found else ""
    if found is None or kind not in ("sqlite", "postgresql+psycopg"):
        return "must begin with sqlite:/// or postgresql+psycopg://."
    if kind == "sqlite":
        file = found["rest"].partition("?")[0].removeprefix("/")
        fits = found["rest"].startswith("/") and file not in ("", ":memory:") and not file.startswith("file:")
        return "" if fits else "must name a file, like sqlite:///sopwith.db."
    return _server_fault(found["rest"], environ)


def _server_fault(rest: str, environ: Mapping[str, str]) -> str:
    """libpq takes a host from the address, from its query, or from PG* variables; each of several may be remote."""
    try:
        place, _, query = rest.partition("?")
        asked = parse_qs(query)
        hosts = _hosts(place.partition("/")[0], asked, environ)
    except ValueError:
        return "is not a database address."
    near = all(host.startswith(("/", "@")) or is_loopback(host) for host in hosts)  # "/" and "@" begin a socket's name
    if near or asked.get("sslmode") in (["verify-full"], ["verify-ca"]):
        return ""
    return "the server is on another machine, so the address must end in ?sslmode=verify-full (TLS, verified)."


def _hosts(place: str, asked: Mapping[str, list[str]], environ: Mapping[str, str]) -> Iterable[str]:
    named = [urlsplit(f"//{one}").hostname or "" for one in place.split(",")]
    named += [one for key in ("host", "hostaddr") for value in asked.get(key, ()) for one in _each(value)]
    if not any(named):
        named = [one for key in ("PGHOST", "PGHOSTADDR") for one in environ.get(key, "").split(",")]
    if asked.get("service") or environ.get("PGSERVICE"):
        named.append("named by a service file")
    return [host for host in named if host]


def _each(value: str) -> list[str]:
    """`a:5432,b` is two hosts; a folder of sockets may hold colons."""
    whole = [one.startswith("/") or is_loopback(one) for one in value.split(",")]
    return [one if plain else one.rpartition(":")[0] or one for one, plain in zip(value.split(","), whole, strict=True)]
