"""What is made of a sound policy file, and what of a file that is none."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import config
from bot.config import BadConfig
from bot.policy_file import read
from handlers.policy import Pings, Rollout
from handlers.rules.blocks import block
from handlers.rules.due_at import Reading
from handlers.rules.spans import span
from tests.support.policy_texts import CONTRACT, GOOD, WEEK, calendar, ladder


def test_broken_toml_is_reported_with_its_line() -> None:
    with pytest.raises(BadConfig, match="line 3"):
        config.policy('[firm]\nname = "x"\nzone = Europe\n')


def test_a_file_that_is_not_there_not_text_or_has_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "sopwith.toml"
    with pytest.raises(BadConfig, match="there is no such policy file"):
        config.policy(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadConfig, match="not UTF-8"):
        config.policy(file)
    file.write_text(GOOD, encoding="utf-8-sig")
    assert config.policy(file).firm == "Harbour & Lane"


def test_the_example_of_the_manual_is_read_as_it_is_meant() -> None:
    policy = config.policy(CONTRACT)
    london = policy.calendars["london"]
    assert policy.zone.key == "Europe/London"
    assert [str(b) for b in london.blocks_on(date(2026, 11, 23))] == ["09:00-17:30"]  # a Monday
    assert [str(b) for b in london.blocks_on(date(2026, 12, 31))] == ["09:00-12:30"]  # a half day
    assert london.blocks_on(date(2026, 12, 24)) == ()  # closed
    assert london.blocks_on(date(2026, 12, 28)) == ()  # Boxing Day, observed on Monday
    assert policy.slas["first_response"].target == span("24 business hours")
    assert [rung.to for rung in policy.ladders["overdue"].rungs] == [
        "supervisor",
        "department_head",
        "senior_management",
    ]
    assert policy.dpo_within == span("1h")
    assert policy.regimes == ("eu.gdpr", "uk.gdpr")
    assert policy.emergency.startswith("Ring +44")


def test_what_is_left_out_gets_the_documented_default() -> None:
    file = read(GOOD)
    policy = file.policy
    assert policy.slas["first_response"].reading is Reading.BUSINESS_DAY
    assert policy.slas["first_response"].remind_at == (75,)
    assert policy.slas["first_response"].calendar is policy.calendars["london"]
    assert policy.calendars["london"].zone == policy.zone
    assert policy.channels == {"Company email": True, "Fax": False}
    told = {name: [(r.to, str(r.acknowledge_within)) for r in one.rungs] for name, one in policy.ladders.items()}
    day = "1 business day"
    assert told["breach"] == [("dpo", "15m"), ("senior_management", "15m")]
    assert told["overdue"] == [("supervisor", day), ("department_head", day), ("senior_management", "None")]
    hours = [(one, "4 business hours") for one in ("supervisor", "department_head", "dpo")]
    assert told["complaint"] == [*hours, ("senior_management", "None")]
    assert {name: str(one.repeat) for name, one in policy.ladders.items()} == {
        "breach": "15m",
        "overdue": day,
        "complaint": day,
    }
    assert policy.pings == Pings(per_day=6, working_hours=True, quiet=None)
    assert policy.rollout == Rollout(people=frozenset(), escalate_from=None)
    assert str(policy.dpo_within) == "1h"
    assert (file.checkpoint_file, file.checkpoint_every) == (Path("checkpoints.txt"), timedelta(minutes=1))


def test_pings_and_the_rollout_are_read_as_they_stand() -> None:
    text = '[pings]\nper_day = 3\nworking_hours = false\nquiet = "20:00-07:00"\n'
    text += '[rollout]\npeople = ["Amelia@harbour.example"]\nescalate_from = "2026-12-07"\n'
    policy = config.policy(GOOD + text)
    assert policy.pings == Pings(per_day=3, working_hours=False, quiet=block("20:00-07:00"))
    assert policy.rollout == Rollout(people=frozenset({"amelia@harbour.example"}), escalate_from=date(2026, 12, 7))


def test_the_rota_is_read_in_its_order_and_turns_may_overlap() -> None:
    turn = '[[breach.on_call]]\nphone = "+44 (0)20 7946-0000"\n'
    text = turn + 'person = "Ann@x.example"\nfrom = 2026-12-01\nto = "2026-12-07"\n'
    text += turn + 'name = "Night desk"\nfrom = 2026-12-07\n' + turn + 'name = "Counsel"\n'
    ann, desk, counsel = config.policy(GOOD + text).on_call
    assert (ann.person, ann.first, ann.last) == ("ann@x.example", date(2026, 12, 1), date(2026, 12, 7))
    assert (desk.name, desk.first, desk.last) == ("Night desk", date(2026, 12, 7), None)
    assert (counsel.name, counsel.phone, counsel.first, counsel.last) == ("Counsel", "+44 (0)20 7946-0000", None, None)
    assert config.policy(GOOD).on_call == ()


def test_own_rungs_keep_the_default_repeat() -> None:
    breach = config.policy(ladder('{to="counsel"}')).ladders["breach"]
    assert ([rung.to for rung in breach.rungs], str(breach.repeat)) == (["counsel"], "15m")


def test_the_hash_follows_the_content_not_the_spelling() -> None:
    hash = config.policy(GOOD).hash
    assert len(hash) == 64
    assert config.policy("# a remark\n" + GOOD.replace(" = ", "=")).hash == hash
    assert config.policy(GOOD.replace("24 business", "48 business")).hash != hash


def test_the_canonical_text_is_json_with_sorted_keys() -> None:
    assert config.canonical('b = 1\na = ["é", 2026-12-24]') == '{"a":["é","2026-12-24"],"b":1}'


def test_a_holiday_observed_across_the_new_year_is_closed_on_the_day_it_is_observed() -> None:
    text = calendar(f'open = {WEEK.replace("tue", "fri")}\nholidays = "US"')
    london = config.policy(text).calendars["london"]
    assert london.blocks_on(date(2021, 12, 31)) == ()  # New Year's Day 2022 is a Saturday, observed on that Friday
    assert london.blocks_on(date(2021, 12, 17)) != ()


def test_the_second_road_has_its_usual_ports_sender_and_patience() -> None:
    notify = read(CONTRACT).notify
    assert (notify.host, notify.port, notify.tls_from_the_start) == ("mail.example.com", 465, True)
    assert (notify.sender, notify.fallback_after) == ("sopwith@example.com", timedelta(minutes=5))
    assert read(CONTRACT).policy.mail
    assert not read(GOOD).policy.mail
    other = read(
        GOOD + '[notify]\nsmtp = "smtp://127.0.0.1:2525"\nsender = "bot@firm.example"\nca_file = "ca.pem"'
    ).notify
    assert (other.host, other.port, other.tls_from_the_start) == ("127.0.0.1", 2525, False)
    assert (other.sender, other.ca_file) == ("bot@firm.example", Path("ca.pem"))
    assert read(GOOD + '[notify]\nsmtp = "smtp://relay.example.com"').notify.port == 587
    assert read(GOOD + '[notify]\nheartbeat_url = "http://127.0.0.1:9/ping"').notify.heartbeat_url.endswith("/ping")
