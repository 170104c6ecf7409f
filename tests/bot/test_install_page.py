"""docs/install-slack.md is followed word for word by a newcomer, against the sandbox's Slack over Socket Mode."""

import csv
import re
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.reading import text_of
from bot.sandbox.server import start
from bot.sandbox.submitting import Submitted
from bot.sandbox.workspace import Workspace
from bot.slack.manifest import APP_TOKEN, EXPLAIN
from handlers.people_rows import COLUMNS
from tests.bot.test_service import free_port
from tests.support.install_page import PAGE, ROOT, RUN, Newcomer, boxes, first_terminal, second_terminal

QUESTIONS = 8  # of `sopwith init`; Enter answers each
STAFF = next(box.text for box in boxes() if box.about == "people.csv")


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    built = Workspace()
    for row in csv.DictReader(STAFF.splitlines()):
        id = "U" + row["name"].split()[0].upper()
        built.add_user(id, row["name"], row["email"], is_restricted=row["kind"] == "contractor")
    built.add_user("USTRANGER", "Nina Cole", "nina@harbour.example")
    slack = await start(built)
    yield built
    await slack.stop()


@pytest.fixture
async def newcomer(tmp_path: Path, workspace: Workspace) -> AsyncIterator[Newcomer]:
    ports = {"SOPWITH_PORT": str(free_port()), "SOPWITH_ADMIN_PORT": str(free_port())}
    built = Newcomer(tmp_path, ports | {"SLACK_API_URL": workspace.api_url})
    yield built
    await built.leave()


async def test_the_page_leads_from_nothing_to_the_first_entry(newcomer: Newcomer, workspace: Workspace) -> None:
    script = first_terminal()
    assert script.rstrip().endswith(RUN)
    await newcomer.begin(script, *[""] * QUESTIONS, workspace.bot_token, workspace.app_token)
    await newcomer.until_connected(workspace)
    said = newcomer.said.read_text()
    assert "WRONG" not in said
    assert "connection lost" not in said
    assert workspace.bot_token not in said
    assert workspace.app_token not in said

    firm = newcomer.home / "firm"
    assert not (firm / "clients.csv").exists()
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in firm.iterdir() if path.name != "sopwith.toml"} == {0}
    suggested = list(csv.DictReader((firm / "suggested.csv").read_text().splitlines()))
    assert {row["email"] for row in suggested} >= {row["email"] for row in csv.DictReader(STAFF.splitlines())}
    assert set(suggested[0]) == {*COLUMNS, "zone"}

    async with Hands(workspace) as hands:
        await _first_entry(Person(hands, "UAMELIA"))
        stranger = Person(hands, "USTRANGER")
        await stranger.type("/log-client")
        assert "Sopwith does not know you yet" in text_of(stranger.modal)
        guest = Person(hands, "UTOMAS")
        await guest.type("/log-client")
        assert guest.modal
        assert "Client" in text_of(guest.modal)

    status, beside = await newcomer.do(second_terminal())
    assert status == 0, beside
    assert "WRONG" not in beside
    assert "The audit log is whole" in beside
    assert await newcomer.press_ctrl_c() == 0
    assert '"stopped"' in newcomer.said.read_text()


async def _first_entry(amelia: Person) -> None:
    await amelia.type("/log-client")
    client, _unlisted = await amelia.search("Client", "Brightwater")
    await amelia.choose("Client", client)
    for field, choice in (("Channel", "Company email"), ("Direction", "From the client"), ("Kind", "E-mail")):
        await amelia.choose(field, choice)
    await amelia.write("Summary", "Asked whether the lease can be renewed.")
    await amelia.choose("Does the client expect a reply?", "Yes")
    assert isinstance(await amelia.submit(), Submitted)
    assert "The reply is due" in text_of(amelia.modal)


def test_each_permission_is_explained_in_the_same_words_as_at_the_command_line() -> None:
    rows = re.findall(r"^\| `([a-z:.]+)` \| (To .*?) \|$", PAGE.read_text(), re.MULTILINE)
    assert dict(rows) == EXPLAIN | APP_TOKEN


def test_the_service_is_set_up_where_the_page_put_it() -> None:
    (unit,) = (box.text for box in boxes() if box.kind == "ini")
    assert "EnvironmentFile=/home/sopwith/firm/sopwith.env\n" in unit
    assert "ExecStart=/home/sopwith/sopwith/bin/sopwith run\n" in unit
    assert "WorkingDirectory=/home/sopwith/firm\n" in unit


@pytest.mark.parametrize(
    "words",
    [
        "Sopwith does not know you yet",
        "You are a guest here",
        "Your access has ended",
        "Slack does not take SLACK_BOT_TOKEN",
        "Slack does not take SLACK_APP_TOKEN",
        "for another workspace than this database",
        "SOPWITH_MASTER_KEY is not the key of this database",
        "Another process is writing to this database",
        "The installed app lacks",
        "connection lost",
    ],
)
def test_what_the_page_says_one_may_see_is_what_the_program_says(words: str) -> None:
    assert words in PAGE.read_text()
    assert any(words in path.read_text() for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py"))
