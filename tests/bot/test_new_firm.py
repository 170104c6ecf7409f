"""What `init` writes is a policy that the check accepts, whatever the firm is called, and keys that nobody sees."""

import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.config import BadConfig
from bot.new_firm import READINGS, Answers, Occupied, policy_text, write
from handlers.rules.due_at import Reading

TODAY = date(2026, 11, 23)


def test_the_defaults_give_a_policy_with_every_section_explained() -> None:
    text = policy_text(Answers(), TODAY)
    policy = config.policy(text)
    assert policy.firm == "Our firm"
    assert [str(block) for block in policy.calendars["main"].blocks_on(TODAY)] == ["09:00-17:30"]
    assert policy.slas["first_response"].reading is Reading.BUSINESS_DAY
    assert "chosen on 2026-11-23" in text


def test_answers_are_taken_as_they_were_given() -> None:
    answers = Answers(
        firm='O\'Neil "& Söhne" \\ Co',
        zone="Europe/Berlin",
        hours="08:00-16:00",
        holidays="DE-BY",
        channels=("Post", "Fax"),
        unencrypted=("Fax",),
        reading="elapsed",
        emergency="Ring 1234",
    )
    policy = config.policy(policy_text(answers, TODAY))
    assert (policy.firm, policy.zone.key, policy.emergency) == (answers.firm, "Europe/Berlin", "Ring 1234")
    assert policy.channels == {"Post": True, "Fax": False}
    assert policy.calendars["main"].blocks_on(date(2026, 1, 6)) == ()  # Epiphany, a Tuesday: a holiday in Bavaria


@given(st.text(min_size=1, max_size=60).filter(lambda name: any(c.isprintable() and c.strip() for c in name)))
def test_no_firms_name_breaks_out_of_its_quotes(name: str) -> None:
    assert config.policy(policy_text(Answers(firm=name), TODAY)).channels


def test_the_readings_shown_are_the_readings_there_are() -> None:
    assert [reading for reading, *_ in READINGS] == [reading.value for reading in Reading]


def test_the_files_are_new_and_the_keys_their_owners_alone(tmp_path: Path) -> None:
    written = write(tmp_path / "firm", Answers(), TODAY)
    keys = (written.master_key, written.audit_key)
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert len({path.read_text() for path in keys}) == 2
    files = {"SOPWITH_MASTER_KEY_FILE": str(keys[0]), "SOPWITH_AUDIT_KEY_FILE": str(keys[1])}
    assert len(config.secrets(files).master_key) == 32
    assert written.public_key.startswith("sopwith/")
    with pytest.raises(Occupied):
        write(tmp_path / "firm", Answers(), TODAY)


@pytest.mark.parametrize("name", ["sopwith.toml", "master.key", "audit.key"])
def test_one_file_in_the_way_stops_all_of_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(Occupied) as there:
        write(tmp_path, Answers(), TODAY)
    assert [path.name for path in there.value.paths] == [name]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_answers_that_give_no_sound_policy_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BadConfig):
        write(tmp_path, Answers(channels=("Another channel",)), TODAY)
    assert list(tmp_path.iterdir()) == []
