"""The service as an operator meets it: a process of its own, its ports, its signals, its refusals to start."""

import asyncio
import base64
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.server import Running, start
from bot.sandbox.workspace import Workspace
from storage import migrate
from tests.support.house import POLICY


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Office:
    """A folder with a policy and keys, a Slack on loopback, and the service as a child process."""

    def __init__(self, folder: Path, workspace: Workspace, slack: Running) -> None:
        self.folder, self.workspace, self.slack = folder, workspace, slack
        self.port, self.admin_port = free_port(), free_port()
        (folder / "sopwith.toml").write_text(POLICY)
        self.env = {
            "PATH": os.environ["PATH"],
            "SOPWITH_CONFIG": str(folder / "sopwith.toml"),
            "SOPWITH_DATABASE_URL": f"sqlite:///{folder / 'sopwith.db'}",
            "SOPWITH_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
            "SOPWITH_AUDIT_KEY": base64.b64encode(os.urandom(32)).decode(),
            "SOPWITH_PORT": str(self.port),
            "SOPWITH_ADMIN_PORT": str(self.admin_port),
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": workspace.api_url,
            "PYTHONPATH": str(Path.cwd()),
        }
        self.process: subprocess.Popen[bytes] | None = None

    async def command(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """In a thread, because the Slack that the command may ask lives in this process."""
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", *words],
            env={**self.env, **env},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    async def run(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=self.env, cwd=self.folder, stderr=log)
        log.close()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if (await self.get(self.port, "/healthz"))[0] == 200:
                return
            await asyncio.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text())

    async def get(self, port: int, path: str) -> tuple[int, str]:
        try:
            async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientConnectionError:
            return 0, ""

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(timeout=20)

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    workspace = Workspace()
    workspace.add_user("UAMELIA", "Amelia Ward", "amelia@harbour.example")
    slack = await start(workspace)
    built = Office(tmp_path, workspace, slack)
    (tmp_path / "people.csv").write_text("email,name,roles\namelia@harbour.example,Amelia Ward,staff;dpo\n")
    (tmp_path / "clients.csv").write_text("ref,name,owner\n4711,Brightwater Estates,amelia@harbour.example\n")
    yield built
    if built.process and built.process.poll() is None:
        built.process.kill()
        built.process.wait()
    await slack.stop()


async def test_a_firm_is_set_up_served_and_stopped(office: Office) -> None:
    for words in (("db", "upgrade"), ("people", "import", "people.csv"), ("clients", "import", "clients.csv")):
        done = await office.command(*words)
        assert done.returncode == 0, done.stderr
    await office.run()
    assert await office.get(office.port, "/readyz") == (200, '{"status": "ready"}')
    assert (await office.get(office.admin_port, "/watchz"))[0] == 200
    assert "sopwith_requests_total" in (await office.get(office.admin_port, "/metrics"))[1]
    assert (await office.get(office.port, "/metrics"))[0] == 404

    hands = Hands(office.workspace, f"http://127.0.0.1:{office.port}/slack/events")
    amelia = Person(hands, "UAMELIA")
    await amelia.type("/sopwith help")
    assert "/log-client" in str(amelia.modal)
    again = await office.command("people", "import", "people.csv", "--dry-run")
    assert again.returncode == 0, again.stderr  # through the socket of the running service
    assert stat.S_IMODE((office.folder / "sopwith.db.sock").stat().st_mode) == 0o600
    verified = await office.command("audit", "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["ok"] is True

    assert await asyncio.to_thread(office.stop) == 0
    await hands.close()
    assert {"started", "stopping", "stopped"} <= {line["event"] for line in office.log_lines()}
    assert not (office.folder / "sopwith.db.sock").exists()


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_what_is_in_hand_is_finished_on_sigterm(office: Office, transport: str) -> None:
    await office.command("people", "import", "people.csv")
    if transport == "socket":
        office.env |= {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": office.workspace.app_token}
    await office.run()
    if transport == "socket":
        await office.workspace.sockets.until_connected()
    hands = Hands(office.workspace, f"http://127.0.0.1:{office.port}/slack/events" if transport == "http" else "")
    amelia = Person(hands, "UAMELIA")
    await amelia.type("/report-breach")
    await amelia.write("What happened?", "A laptop is gone.")
    sent = asyncio.create_task(amelia.submit())
    await asyncio.sleep(0.005)
    stopped = asyncio.create_task(asyncio.to_thread(office.stop))
    said = await sent
    assert await stopped == 0
    await hands.close()
    if said.answer.status == 200:  # acknowledged, so it is on disk
        found = await office.command("audit", "verify", "--json")
        assert json.loads(found.stdout)["ok"] is True
        assert b"breach.reported" in b"".join(f.read_bytes() for f in office.folder.glob("sopwith.db*"))


async def test_a_wrong_key_or_another_workspace_refuses_the_start(office: Office) -> None:
    await office.run()
    assert await asyncio.to_thread(office.stop) == 0
    wrong = await office.command("run", SOPWITH_MASTER_KEY=base64.b64encode(os.urandom(32)).decode())
    assert wrong.returncode == 2
    assert "key" in wrong.stderr.lower()
    assert "Traceback" not in wrong.stderr
    other = await office.command("run", SLACK_TEAM_ID="TOTHER")
    assert other.returncode == 2
    assert "workspace" in other.stderr
    refused = await office.command("run", SLACK_BOT_TOKEN="xoxb-wrong")
    assert refused.returncode == 2
    assert "SLACK_BOT_TOKEN" in refused.stderr
    assert "Traceback" not in refused.stderr
    not_the_apps = await office.command("run", SLACK_APP_TOKEN=office.workspace.bot_token)
    assert (not_the_apps.returncode, "SLACK_APP_TOKEN" in not_the_apps.stderr) == (2, True), not_the_apps.stderr
    assert "Traceback" not in not_the_apps.stderr
    assert "Traceback" not in other.stderr


async def test_it_is_not_ready_while_nothing_can_be_saved(office: Office) -> None:
    await office.run()
    other = sqlite3.connect(office.folder / "sopwith.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert (await office.get(office.port, "/readyz"))[0] == 503
    assert (await office.get(office.port, "/healthz"))[0] == 200
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.execute("COMMIT")
    assert (await office.get(office.port, "/readyz"))[0] == 503
    other.execute("UPDATE alembic_version SET version_num = ?", (migrate.head(),))
    other.close()
    assert (await office.get(office.port, "/readyz"))[0] == 200


async def test_a_server_that_does_not_answer_refuses_the_start_without_naming_its_password(office: Office) -> None:
    url = f"postgresql+psycopg://sopwith:SECRET@127.0.0.1:{free_port()}/sopwith"
    refused = await office.command("run", SOPWITH_DATABASE_URL=url)
    assert (refused.returncode, refused.stderr.count("The database cannot be used")) == (2, 1), refused.stderr
    assert "SECRET" not in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_a_second_service_on_the_same_database_is_refused(office: Office) -> None:
    await office.run()
    second = await office.command("run", SOPWITH_PORT="0", SOPWITH_ADMIN_PORT=str(free_port()))
    assert second.returncode == 2
    assert "Traceback" not in second.stderr


async def test_the_start_goes_on_when_slack_does_not_answer(office: Office) -> None:
    await office.slack.stop()
    await office.run()
    assert (await office.get(office.port, "/readyz"))[0] == 200
    assert await asyncio.to_thread(office.stop) == 0
