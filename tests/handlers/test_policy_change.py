"""The settings are the SOP: a start under a changed policy file is on record, and its officers are told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy_file import read
from handlers.policy_change import SHOWN, changed
from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.views import Card, Data, Facts
from storage import audit, people
from storage.store import Tx
from tests.support.house import POLICY, House

A, B = (
    POLICY,
    POLICY.replace("remind_at = [50, 75]", "remind_at = [90]").replace("+44 20 7946 0000", "+44 20 7946 0999"),
)
WHO = "service:root (login alice)"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def start(house: House, text: str) -> list[str]:
    """The part of a start that puts the policy in force."""
    file = read(text)
    house.doorway.policy = file.policy
    request = Request(kind=Kind.DESK, name="policy.in-force", operator=WHO, values={"body": file.body})
    answer = asyncio.run(house.doorway.handle(request))
    assert isinstance(answer, Data)
    assert answer.ok
    assert isinstance(answer.data, dict)
    return list(answer.data["changed"])


def card(house: House, who: str) -> dict[str, str]:
    """What the newest notice to this person shows, label by label."""
    sent, entry = house.told(who, "policy.changed")[-1], find(Kind.NOTICE, "policy.changed")
    assert entry

    def painted(tx: Tx) -> object:
        person = people.by_id(tx, sent.recipient_id)
        assert person
        request = Request(kind=Kind.NOTICE, name=sent.kind, subject=sent.subject)
        return entry.handler(tx, sent, person, Ask(request=request, policy=house.policy, actor=person))

    found = house.read(painted)
    assert isinstance(found, Card)
    return dict(pair for item in found.items if isinstance(item, Facts) for pair in item.facts)


def test_the_first_start_is_on_record_and_news_to_nobody(house: House) -> None:
    assert start(house, A) == []
    assert house.happened()[-1] == "policy.in-force"
    assert house.told("priya") == house.told("margaret") == []


def test_a_changed_file_is_told_to_the_dpo_and_to_senior_management_with_its_paths(house: House) -> None:
    start(house, A)
    assert start(house, B) == ["breach.emergency", "sla.first_response.remind_at"]
    for officer in ("priya", "margaret"):
        told = card(house, officer)
        assert told["Changed"] == "breach.emergency, sla.first_response.remind_at"
        assert told["Started"] == "Fri 16:00 (London)"
        assert told["Started by"] == "root (login alice)"
        assert "0999" not in str(told)  # paths, never values
    assert house.told("jonas") == house.told("rosa") == []


def test_the_audit_entry_has_both_hashes_the_paths_and_who_started_it(house: House) -> None:
    start(house, A)
    start(house, B)
    first, second = [e.words for e in house.read(audit.entries) if e.words["what"] == "policy.in-force"]
    assert (second["before"], second["hash"]) == (first["hash"], read(B).policy.hash)
    assert second["paths"] == "breach.emergency,sla.first_response.remind_at"
    assert first["who"] == second["who"] == WHO


def test_somebody_with_both_roles_is_told_once(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["priya"], roles=["dpo", "senior_management"]))
    start(house, A)
    start(house, B)
    assert len(house.told("priya", "policy.changed")) == 1


def test_there_and_back_again_is_told_each_time(house: House) -> None:
    for text in (A, B, A, B):
        start(house, text)
    start(house, B)  # unchanged: no news
    assert len(house.told("priya", "policy.changed")) == len(house.told("margaret", "policy.changed")) == 3


def test_comments_and_order_are_no_change(house: House) -> None:
    start(house, A)
    assert start(house, "# looked over on Monday\n" + A) == []
    assert house.told("priya") == []


def test_a_long_list_of_paths_is_cut_on_the_card_and_whole_on_record(house: House) -> None:
    names = [f"Line {n:02}" for n in range(SHOWN + 5)]
    many = A.replace('"Company phone" = true', ", ".join(f'"{name}" = true' for name in names))
    start(house, A)
    assert len(start(house, many)) == SHOWN + 6
    assert card(house, "priya")["Changed"].endswith("and 6 more, in the audit log")
    assert house.read(audit.newest)[0].words["paths"].count(",") == SHOWN + 5


def test_a_path_that_came_or_went_is_named_at_its_deepest_common_key() -> None:
    assert changed({"a": {"b": 1}}, {"a": {"b": 1, "c": {"d": 2}}}) == ["a.c"]
    assert changed({"a": {"b": 1}}, {}) == ["a"]
