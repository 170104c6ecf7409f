"""The directory is kept up with: through Slack's bad days, and when somebody new is in the people file."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.config import Secrets
from bot.courier import Courier
from bot.senders import Trouble
from bot.slack import platform
from bot.slack.directory import Directory, WrongWorkspace
from bot.slack.platform import Slack
from handlers.request import Kind, Request
from storage import chat, outbox, people
from storage.store import Tx
from tests.bot.test_courier_promises import Chat
from tests.support.house import House


class Book(Directory):
    """A directory that tells the house about everybody in `members`, or fails first."""

    faults: list[Exception]
    members: list[str]
    team = "T1"
    read = 0

    async def connect(self) -> str:
        self.team_id = self.team
        return self.team

    async def sync(self) -> int:
        self.read += 1
        if self.faults:
            raise self.faults.pop(0)
        rows = tuple({"account": f"slack:T1/{word}", "email": f"{word}@harbour.example"} for word in self.members)
        await self._doorway.handle(Request(kind=Kind.DESK, name="accounts.seen", operator="slack", rows=rows))
        return len(rows)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(platform, "AGAIN", 0.01)
    monkeypatch.setattr(platform, "GLANCE", 0.01)
    built = House(tmp_path)
    yield built
    built.close()


def slack(house: House) -> tuple[Slack, Book]:
    secrets = Secrets(master_key=b"", audit_key=b"", slack_bot_token="xoxb-none", slack_signing_secret="none")
    found = Slack(secrets, house.doorway)
    book = Book(found._client, house.doorway)
    book.faults, book.members = [], []
    found.directory = book
    return found, book


async def kept_up(found: Slack, until: Callable[[], bool]) -> bool:
    """Whether it comes to that within some seconds."""
    task = asyncio.create_task(found._keep_up(connected=False))
    for _attempt in range(500):
        if until() or task.done():
            break
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return until()


def newcomer(house: House) -> str:
    found: str = house.write(
        lambda tx: people.add(tx, email="nina@harbour.example", name="Nina New", roles=["dpo"], kind="employee")
    )
    return found


def test_an_outage_while_the_directory_is_read_is_over_when_slack_is_back(house: House) -> None:
    found, book = slack(house)
    book.faults = [Trouble("cut"), ValueError("not what was expected")]
    assert asyncio.run(kept_up(found, lambda: book.read >= 3))


def test_somebody_new_in_the_people_file_is_looked_up_without_waiting_for_tomorrow(house: House) -> None:
    found, book = slack(house)
    book.members = ["nina"]
    ids: list[str] = []

    def linked() -> bool:
        if book.read == 1 and not ids:
            ids.append(newcomer(house))
        return bool(ids) and bool(house.read(lambda tx: chat.accounts_of(tx, ids[0])))

    assert asyncio.run(kept_up(found, linked))


def test_a_notice_to_somebody_new_waits_until_the_account_is_known(house: House) -> None:
    nina, out = newcomer(house), Chat()

    def tell(tx: Tx) -> None:
        outbox.put(tx, key="k", recipient_id=nina, kind="policy.changed", subject="hash")

    house.write(tell)
    asyncio.run(Courier(house.doorway, {"slack": out}).deliver())
    assert out.sent == []
    account = chat.Account(account="slack:T1/nina", person_id=nina, guest=False, active=True, zone="")
    house.write(lambda tx: chat.link(tx, account))
    house.later(minutes=1)
    asyncio.run(Courier(house.doorway, {"slack": out}).deliver())
    assert [to for to, _card, _headline in out.sent] == ["slack:T1/nina"]


def test_the_people_of_another_workspace_are_let_in_at_no_time(house: House) -> None:
    found, book = slack(house)
    assert asyncio.run(found._connect())
    book.team = "T2"
    with pytest.raises(WrongWorkspace):
        asyncio.run(found._connect())
    assert book.team_id is None
