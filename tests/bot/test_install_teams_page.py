"""docs/install-teams.md is followed word for word by a newcomer, against the sandbox's Teams."""

import csv
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox.reading import text_of
from bot.sandbox.seed import User
from bot.sandbox.server import start
from bot.sandbox.submitting import Submitted
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace
from bot.teams.manifest import EXPLAIN
from tests.bot.test_service import free_port
from tests.support.install_page import ROOT, RUN, TEAMS_PAGE, Newcomer, boxes, on_teams

QUESTIONS = 8  # of `sopwith init`; Enter answers each
STAFF = next(box.text for box in boxes() if box.about == "people.csv")
PAGE = TEAMS_PAGE.read_text(encoding="utf-8")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    workspace = Workspace()
    names = [row["name"] for row in csv.DictReader(STAFF.splitlines())]
    users = [User(id=name.split()[0].upper(), name=name, roles="") for name in names]
    built = World(users, touched=workspace.touch, clock=lambda: datetime.now(UTC))
    for row, member in zip(csv.DictReader(STAFF.splitlines()), built.tenant.members.values(), strict=True):
        member.email, member.role = row["email"], "guest" if row["kind"] == "contractor" else "user"
    running = await start(workspace, extra_routes=built.routes())
    built.tenant.base_url = workspace.base_url
    yield built
    await running.stop()


@pytest.fixture
async def newcomer(tmp_path: Path, world: World) -> AsyncIterator[Newcomer]:
    ports = {"SOPWITH_PORT": str(free_port()), "SOPWITH_ADMIN_PORT": str(free_port())}
    there = {"TEAMS_OPENID_URL": world.issuer.openid_url, "TEAMS_LOGIN_URL": world.issuer.login_url}
    built = Newcomer(tmp_path, ports | there)
    yield built
    await built.leave()


async def test_the_page_leads_from_nothing_to_the_first_entry(newcomer: Newcomer, world: World) -> None:
    script, tenant = on_teams(), world.tenant
    assert script.rstrip().endswith(RUN)
    answers = (tenant.app_id, tenant.tenant_id, tenant.secret, "2099-12-31")
    await newcomer.begin(script, *[""] * QUESTIONS, *answers)
    await newcomer.until_started()
    said = newcomer.said.read_text()
    assert "WRONG" not in said
    assert tenant.secret not in said
    assert "Microsoft takes the" in said
    package = newcomer.home / "firm/sopwith-teams.zip"
    assert package.read_bytes()[:2] == b"PK"
    assert (newcomer.home / "firm/sopwith.env").stat().st_mode & 0o077 == 0

    await world.install(f"http://127.0.0.1:{newcomer.env['SOPWITH_PORT']}")
    amelia = world.person(next(m.aad for m in tenant.members.values() if m.name == "Amelia Ward"))
    assert "Hello, I am Sopwith." in text_of(amelia.chat[-1])
    await _first_entry(amelia)
    assert tenant.faults_seen == []
    await world.close()
    assert await newcomer.press_ctrl_c() == 0


async def _first_entry(amelia: Person) -> None:
    await amelia.say("log-client")
    await amelia.press("Open the form")
    client, _unlisted = await amelia.search("Client", "")
    await amelia.choose("Client", client)
    for field, choice in (("Channel", "Company email"), ("Direction", "From the client"), ("Kind", "E-mail")):
        await amelia.choose(field, choice)
    await amelia.write("Summary", "Asked whether the lease can be renewed.")
    await amelia.choose("Does the client expect a reply?", "Yes")
    assert isinstance(await amelia.submit(), Submitted)
    assert "The reply is due" in text_of(amelia.modal)


def test_each_part_of_the_package_is_explained_in_the_same_words_as_at_the_command_line() -> None:
    rows = re.findall(r"^\| ((?:bots|compose|no permission)[^|]*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    assert dict(rows) == EXPLAIN


@pytest.mark.parametrize(
    "words",
    [
        "Let us talk in private",
        "Sopwith does not know you yet",
        "Microsoft does not take the app",
        "TEAMS_TENANT_ID is another tenant",
        "Open the form",
        "Log client interaction",
        "another tenant",
    ],
)
def test_what_the_page_says_one_may_see_is_what_the_program_says(words: str) -> None:
    assert words in PAGE
    assert any(words in path.read_text() for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py"))
