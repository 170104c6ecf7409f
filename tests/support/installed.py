"""A firm as its operator has it: a folder with a policy and key files, a database, and `sopwith` at a prompt.

Invariants: every command is a process of its own, with no variable but those given; whoever asks for a running service
has it stopped again.
"""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot import config
from bot.config import Settings
from bot.opening import open_store
from handlers import access
from storage import clients, keys
from storage.clients import Client
from storage.store import Tx
from tests.support.policy_texts import GOOD

ROOT = Path(__file__).parents[2]
PEOPLE = """email,name,roles,supervisor,kind,ends_on
meg@x.example,Margaret Lane,senior_management,,,
jon@x.example,Jonas Hale,supervisor,meg@x.example,,
ann@x.example,Ann Ward,staff;admin,jon@x.example,,
dora@x.example,Dora Poe,dpo;records,meg@x.example,,
tom@x.example,Tomas Berg,staff,jon@x.example,contractor,2099-12-31
"""


def key_text() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


class Installed:
    """`env` is what the operator has set; the keys are in `master.key` and `audit.key`."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "sopwith.toml").write_text(GOOD + '[audit]\nevery = "1s"\n')
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
            "SOPWITH_DATABASE_URL": url or f"sqlite:///{folder / 'firm.db'}",
            "SOPWITH_MASTER_KEY_FILE": str(self.new_key("master.key")),
            "SOPWITH_AUDIT_KEY_FILE": str(self.new_key("audit.key")),
            "SOPWITH_PORT": "0",
            "SOPWITH_ADMIN_PORT": "0",
        }

    def new_key(self, name: str) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(key_text() + "\n")
        return path

    def begin(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """A command, begun."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.env | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """A command, and how it ended."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.env | more,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def done(self, *words: str, stdin: str = "", **more: str) -> str:
        """What a command said that ended well."""
        ended = self.run(*words, stdin=stdin, **more)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        """The service, from its open doors until it was asked to stop, unless it was killed meanwhile."""
        with (self.folder / "log").open("a+") as log:
            log.seek(0, os.SEEK_END)
            running = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=self.folder, env=self.env, stderr=log, text=True
            )
            try:
                self._until_open(running)
                yield running
            finally:
                if running.poll() is None:
                    running.send_signal(signal.SIGTERM)
                running.wait(30)
        assert running.returncode in (0, -signal.SIGKILL), (self.folder / "log").read_text()[-2000:]

    def _until_open(self, running: subprocess.Popen[str]) -> None:
        log = (self.folder / "log").open()
        log.seek(0)
        told = ""
        while running.poll() is None:
            told += log.read()
            pids = [line for line in told.splitlines() if line.startswith("{")]
            if sum(json.loads(line).get("event") == "started" for line in pids) > self._starts:
                self._starts += 1
                log.close()
                return
        raise AssertionError(told[-2000:])

    _starts = 0

    def settings(self, **more: str) -> Settings:
        return config.load(self.env | more, self.folder / "sopwith.toml")

    def staff(self, names: Mapping[str, str]) -> None:
        """The people file, and these clients (ref -> name), all Ann's."""
        self.done("people", "import", "-", stdin=PEOPLE)
        self.take_clients(names)

    def take_clients(self, names: Mapping[str, str]) -> None:
        rows = "".join(f"{ref},{name},ann@x.example\n" for ref, name in names.items())
        self.done("clients", "import", "-", stdin=f"ref,name,owner\n{rows}")

    def bare_files(self, count: int) -> None:
        """So many compartments with nothing in them, while no service runs."""

        def make(tx: Tx) -> None:
            for _ in range(count):
                keys.make(tx, "client")

        store = open_store(self.settings())
        store.write(make).result()
        store.close()

    def names(self, **more: str) -> dict[str, str]:
        """Every client's name by its ref, opened with the keys that are set, while no service runs."""

        def look(tx: Tx) -> dict[str, str]:
            found: list[Client] = [c for c in (clients.by_id(tx, id) for id in _ids(tx)) if c]
            opened = access.current_names(tx, found)
            return {client.ref: opened[client.id] for client in found}

        store = open_store(self.settings(**more))
        try:
            return store.read(look).result()
        finally:
            store.close()


def _ids(tx: Tx) -> list[str]:
    from storage.schema import clients as table

    return list(tx.conn.execute(table.select().with_only_columns(table.c.id)).scalars())
