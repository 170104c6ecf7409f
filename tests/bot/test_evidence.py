"""The evidence of a breach as an operator makes it and an outsider checks it: at the prompt and in a browser."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.checkpoints import origin
from bot.doorway import Doorway
from bot.opening import open_store, utc_now
from bot.packs.case_files import CASE, CHECKPOINT, CONTENTS, CONTENTS_SEAL, INNER, PAGE, PROOFS, contents
from bot.packs.case_proof import FILES
from bot.packs.verifying import verdict
from handlers.request import Account, Kind, Request
from handlers.views import Done, Form, Say, Value
from storage import breach_law, breaches, chat, people
from storage.checkpoint import sign
from storage.pack_seal import seal
from storage.store import Tx
from tests.support.browser import PHONE, chromium, opened, require_chromium
from tests.support.installed import Installed
from tests.support.proof import resealed

STORY = "The payroll list went to a stranger."
REASON = "Found only when </script> she wrote back: « déjà vu »."


class Desk:
    """Dora's chat, at the firm's own doorway."""

    def __init__(self, firm: Installed) -> None:
        self.firm, settings = firm, firm.settings()
        self.store = open_store(settings)
        self.doorway, self.count = Doorway(self.store, settings.policy), 0
        self.store.write(self._link).result()

    def _link(self, tx: Tx) -> None:
        for word in ("dora", "tom"):
            person = people.by_email(tx, f"{word}@x.example")
            assert person
            found = chat.Account(
                account=f"slack:T1/{word}", person_id=person.id, guest=False, active=True, zone="Europe/London"
            )
            chat.link(tx, found)

    def ask(self, who: str, kind: Kind, name: str, **more: Any) -> Any:
        self.count += 1
        account = Account(platform="slack", id=f"T1/{who}")
        request = Request(kind=kind, name=name, account=account, key=f"evidence-{self.count}", **more)
        return asyncio.run(self.doorway.handle(request))

    def send(self, who: str, name: str, subject: str, values: Mapping[str, Value]) -> None:
        form = self.ask(who, Kind.OPEN, name, subject=subject)
        assert isinstance(form, Form), form
        filled = {**form.values, **values}
        said = self.ask(who, Kind.SUBMIT, form.name, form_id=form.form_id, subject=form.subject, values=filled)
        assert isinstance(said, Say), said


def a_case(firm: Installed) -> str:
    """Reported by Tom, in Dora's hands, told late with reasons. Gives the reference."""
    desk = Desk(firm)
    noticed = utc_now() - timedelta(days=4)
    desk.send("tom", "report-breach", "", {"what": STORY, "noticed": noticed, "clients": "Brightwater"})
    (case,) = desk.store.read(breaches.everything).result()
    assert isinstance(desk.ask("dora", Kind.ACTION, "breach.on-it", subject=case.id), Done)
    desk.send("dora", "breach.facts", f"{case.id}|data", {"regimes": ("eu.gdpr",)})
    sent = {"sent": utc_now(), "channel": "portal", "reference": "IC-77", "late": REASON}
    desk.send("dora", "breach.sent", f"{case.id}|eu.gdpr.33.1", sent)
    desk.ask("dora", Kind.ACTION, "breach.done", subject=f"{case.id}|contain")
    desk.store.close()
    return case.id


def staffed(folder: Path, url: str = "") -> Installed:
    built = Installed(folder, url)
    built.staff({"A1": "Brightwater Ltd"})
    return built


@pytest.fixture
def firm(tmp_path: Path) -> Installed:
    return staffed(tmp_path / "firm")


@pytest.fixture
def case(firm: Installed) -> str:
    return a_case(firm)


def made(firm: Installed, case: str, *more: str, to: str = "pack") -> Path:
    firm.done("evidence", case, "--as", "dora@x.example", "--out", to, *more)
    return firm.folder / to


def test_the_full_edition_holds_the_case_and_verifies(tmp_path: Path, database_url: str) -> None:
    firm = staffed(tmp_path / "firm", database_url)
    folder = made(firm, a_case(firm), "--full")
    told = json.loads((folder / CASE).read_text())
    assert told["report"] == {"what": STORY, "clients": "Brightwater"}
    assert told["register"]["reported_by"] == "Tomas Berg"
    assert [n["words"] for n in told["notices"]] == [f"Reference: IC-77\nReasons for the delay: {REASON}"]
    assert "eu.gdpr.33.1" in {clock["clock"] for clock in told["clocks"]}
    assert told["not_recorded"]
    what = [json.loads(proof["entry"])["what"] for proof in json.loads((folder / PROOFS).read_text())]
    assert what[0] == "breach.reported"
    assert what[-1] == "breach.exported"
    found = json.loads(firm.done("verify", "pack", "--json"))
    assert (found["ok"], found["kind"]) == (True, "breach")


def test_the_redacted_edition_has_no_typed_word_and_no_name(firm: Installed, case: str) -> None:
    folder = made(firm, case)
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    for word in (STORY, "Brightwater", "IC-77", "wrote back", "Tomas Berg", "Dora Poe", "@x.example"):
        assert word.encode() not in everything
    assert json.loads(firm.done("verify", "pack", "--json"))["ok"]


def test_any_byte_changed_is_found(firm: Installed, case: str) -> None:
    folder = made(firm, case, "--full")
    for name in sorted(FILES):
        content = (folder / name).read_bytes()
        for at in sorted({0, 1, len(content) // 3, len(content) // 2, len(content) - 1}):
            (folder / name).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert not verdict(folder, "", None).ok, (name, at)
        (folder / name).write_bytes(content)
    assert verdict(folder, "", None).ok


def test_a_case_changed_by_whoever_has_the_key_is_found(firm: Installed, case: str) -> None:
    folder = made(firm, case, "--full")
    (folder / CASE).write_text((folder / CASE).read_text().replace("payroll", "holiday"))
    resealed(folder, firm.settings().secrets.audit_key)
    assert "not those that were sealed" in verdict(folder, "", None).problem


def test_an_entry_put_in_by_whoever_has_the_key_is_found(firm: Installed, case: str) -> None:
    folder, seed = made(firm, case, "--full"), firm.settings().secrets.audit_key
    text = (folder / PROOFS).read_text().replace("breach.notice-sent", "breach.notice-gone")
    (folder / PROOFS).write_text(text)
    files = {name: (folder / name).read_text() for name in INNER}
    (folder / CONTENTS).write_text(contents(files))
    (folder / CONTENTS_SEAL).write_text(seal(seed, origin(seed), contents(files).encode()))
    resealed(folder, seed)
    found = verdict(folder, "", None)
    assert "is not what was written there" in found.problem
    assert found.first_bad


def test_an_auditors_checkpoint_of_the_same_size_is_compared(firm: Installed, case: str) -> None:
    folder, seed = made(firm, case), firm.settings().secrets.audit_key
    kept = (folder / CHECKPOINT).read_text()
    assert verdict(folder, kept, None).compared == 1
    size = int(kept.splitlines()[1])
    other = sign(seed, origin(seed), size, bytes(32))
    assert "differ" in verdict(folder, other, None).problem
    assert verdict(folder, sign(seed, origin(seed), size + 1, bytes(32)), None).later == 1


def test_whoever_chat_would_refuse_gets_nothing_and_always_the_same_words(firm: Installed, case: str) -> None:
    said = set()
    for reference, who in ((case, "ann@x.example"), (case, "nobody@x.example"), ("BR-0000000000", "dora@x.example")):
        done = firm.run("evidence", reference, "--as", who, "--out", "pack")
        assert done.returncode == 1
        said.add(done.stderr)
        assert not (firm.folder / "pack").exists()
    assert len(said) == 1


def test_clocks_at_the_desk(firm: Installed, case: str) -> None:
    told = json.loads(firm.done("clocks", "--json"))
    assert told["cases"] == [case]
    waiting = {one["clock"]: one for one in told["clocks"]}
    assert "eu.gdpr.33.1" not in waiting  # told already
    assert waiting["eu.gdpr.34"]["due_at"] is None
    shown = firm.done("clocks")
    assert case in shown
    assert "without undue delay" in shown


def test_a_case_from_before_there_were_clocks_has_them_after_the_next_start(firm: Installed, case: str) -> None:
    store = open_store(firm.settings())
    store.write(lambda tx: breach_law.put_clocks(tx, case, [])).result()
    store.close()
    assert json.loads(firm.done("clocks", "--json"))["clocks"] == []
    with firm.serving():
        assert json.loads(firm.done("clocks", "--json"))["clocks"]


# --- in a browser


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Any]:
    require_chromium()
    async with chromium() as started:
        yield started


async def test_the_page_checks_itself_and_shows_the_case(browser: Any, tmp_path: Path) -> None:
    _firm, folder = await asyncio.to_thread(_with_a_pack, tmp_path)
    async with opened(browser, f"file://{folder / PAGE}", forgiven="asked for file://") as page:
        await page.get_by_text("Nothing here was changed").wait_for()
        for words in (STORY, "wrote back: « déjà vu »", "Tomas Berg", "breach.notice-sent"):
            await page.get_by_text(words).first.wait_for()
        if shots := os.environ.get("SOPWITH_TEST_SHOTS"):
            await page.screenshot(path=Path(shots) / "evidence.png", full_page=True)
            await page.set_viewport_size(PHONE)
            await page.screenshot(path=Path(shots) / "evidence-phone.png", full_page=True)
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("find", "put", "words"),
    [
        ("payroll", "pay-roll", "case.json is not the file that was written"),
        ("breach.reported", "breach.reportet", "proofs.json is not the file that was written"),
        ('checkpoint.txt": "', 'checkpoint.txt": "x', "checkpoint.txt is not the file that was written"),
    ],
)
async def test_the_page_shows_nothing_of_a_changed_case(
    browser: Any, tmp_path: Path, find: str, put: str, words: str
) -> None:
    _firm, folder = await asyncio.to_thread(_with_a_pack, tmp_path)
    text = (folder / PAGE).read_text()
    assert find in text
    (folder / PAGE).write_text(text.replace(find, put, 1))
    async with opened(browser, f"file://{folder / PAGE}", forgiven="asked for file://") as page:
        await page.get_by_text("Do not rely on this").wait_for()
        await page.get_by_text(words).first.wait_for()
        assert await page.locator("#case").inner_text() == ""


def _with_a_pack(tmp_path: Path) -> tuple[Installed, Path]:
    firm = staffed(tmp_path / "firm")
    return firm, made(firm, a_case(firm), "--full")
