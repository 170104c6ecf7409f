"""The settings are checked whole: every fault with its path, all at once, and never a secret among the words."""

import base64
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import config
from bot.config import BadConfig
from bot.policy_file import read
from handlers.rules.due_at import Reading
from handlers.rules.spans import span

WEEK = '{ mon = ["09:00-17:00"], tue = ["09:00-17:00"] }'
GOOD = f"""
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
open = {WEEK}
[sla.first_response]
target = "24 business hours"
[channels]
approved = {{ "Company email" = true, "Fax" = false }}
"""
CONTRACT = """
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
zone = "Europe/London"
open = { mon = ["09:00-17:30"], tue = ["09:00-17:30"], wed = ["09:00-17:30"], thu = ["09:00-17:30"], fri = ["09:00-17:00"] }
holidays = "GB-ENG"
closed = ["2026-12-24"]
half_days = { "2026-12-31" = ["09:00-12:30"] }
[sla.first_response]
target = "24 business hours"
reading = "business_day"
calendar = "london"
remind_at = [75]
[channels]
approved = { "Company email" = true, "Company phone" = true, "Client portal" = true, "Meeting" = true, "Letter" = true }
[escalation.overdue]
rungs = [ {to = "supervisor", acknowledge_within = "1 business day"}, {to = "department_head", acknowledge_within = "1 business day"}, {to = "senior_management"} ]
repeat = "1 business day"
[breach]
dpo_within = "1h"
emergency = "Ring +44 20 7946 0000 (DPO on call)"
regimes = ["eu.gdpr", "uk.gdpr"]
[pings]
per_day = 6
[audit]
checkpoint_file = "checkpoints.txt"
every = "1m"
[notify]
smtp = "smtps://mail.example.com"
"""  # noqa: E501  the example of the manual, as it stands there


def with_(section: str, text: str) -> str:
    """The good file with one section written otherwise."""
    pieces = GOOD.split("\n[")
    kept = [piece for piece in pieces if not piece.startswith(f"{section}]")]
    return "\n[".join(kept) + f"\n[{section}]\n{text}\n"


def calendar(text: str) -> str:
    return with_("calendars.london", text)


def sla(text: str) -> str:
    return with_("sla.first_response", text)


def ladder(rungs: str) -> str:
    return f"{GOOD}\n[escalation.breach]\nrungs = [{rungs}]\n"


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(BadConfig) as bad:
        config.policy(text)
    return bad.value.faults


FAULTS = [  # text, path, a piece of what is said
    ("", "firm", "is missing"),
    (with_("firm", 'name = "x"'), "firm.zone", "is missing"),
    (with_("firm", 'name = "  "\nzone = "Europe/London"'), "firm.name", "empty"),
    (with_("firm", 'name = "x"\nzone = "Europe/Londn"'), "firm.zone", '"Europe/London"'),
    (with_("firm", 'name = "x"\nzone = "../../etc/passwd"'), "firm.zone", "not a known time zone"),
    (with_("firm", 'name = "x"\nzone = "Europe"'), "firm.zone", "not a known time zone"),
    (with_("firm", 'name = 3\nzone = "Europe/London"'), "firm.name", "text in quotes"),
    (GOOD + "\n[frim]\nname = 'x'", "frim", "unknown key. Did you mean firm?"),
    (calendar(f"open = {WEEK}\nholiday = 'GB'"), "calendars.london.holiday", "Did you mean holidays?"),
    (calendar("open = {}"), "calendars.london.open", "never be open"),
    (calendar("open = { mon = [] }"), "calendars.london.open", "never be open"),
    (calendar('open = { mon = ["09:00-17:00", "16:00-18:00"] }'), "calendars.london.open.mon", "overlaps"),
    (calendar('open = { sun = ["22:00-06:00"], mon = ["05:00-09:00"] }'), "calendars.london.open.sun", "overlaps"),
    (calendar('open = { mon = ["9-5"] }'), "calendars.london.open.mon.0", "not a block"),
    (calendar('open = { monday = ["09:00-17:00"] }'), "calendars.london.open.monday", "'mon'"),
    (calendar(f"open = {WEEK}\nholidays = 'GB-XYZ'"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nholidays = 'ZZ'"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nholidays = ''"), "calendars.london.holidays", "country"),
    (calendar(f"open = {WEEK}\nclosed = ['24 December']"), "calendars.london.closed.0", "not a date"),
    (calendar(f"open = {WEEK}\nclosed = [2026-12-24T10:00:00]"), "calendars.london.closed.0", "not a date"),
    (calendar(f'open = {WEEK}\nhalf_days = {{ "x" = [] }}'), "calendars.london.half_days.x", "not a date"),
    (calendar("always_open = 'yes'"), "calendars.london.always_open", "true or false"),
    (calendar(f"always_open = true\nopen = {WEEK}"), "calendars.london.open", "always_open"),
    (calendar(f"open = {WEEK}\nzone = 'Mars/Base'"), "calendars.london.zone", "not a known time zone"),
    (sla('target = "0 business hours"'), "sla.first_response.target", "longer than nothing"),
    (sla('target = "-3h"'), "sla.first_response.target", "not a duration"),
    (sla("target = 24"), "sla.first_response.target", "text in quotes"),
    (sla('reading = "elapsed"'), "sla.first_response.target", "is missing"),
    (sla('target = "1h"\nreading = "wall_clock"'), "sla.first_response.reading", "working_hours"),
    (sla('target = "1h"\ncalendar = "londn"'), "sla.first_response.calendar", "Did you mean london?"),
    (sla('target = "1h"\nremind_at = [0]'), "sla.first_response.remind_at", "1 to 99"),
    (sla('target = "1h"\nremind_at = [50, 100]'), "sla.first_response.remind_at", "1 to 99"),
    (sla('target = "1h"\nremind_at = [75, 50]'), "sla.first_response.remind_at", "rise"),
    (sla('target = "1h"\nremind_at = [50, 50]'), "sla.first_response.remind_at", "rise"),
    (sla('target = "1h"\nremind_at = 75'), "sla.first_response.remind_at", "list"),
    (GOOD.replace("first_response", "resolution"), "sla.first_response", "is missing"),
    (GOOD + "[calendars.paris]\nalways_open = true", "sla.first_response.calendar", "london, paris"),
    (with_("channels", "approved = {}"), "channels.approved", "at least one"),
    (with_("channels", ""), "channels.approved", "is missing"),
    (with_("channels", 'approved = { "Another channel" = true }'), "channels.approved.Another channel", "form"),
    (with_("channels", 'approved = { "Fax" = "no" }'), "channels.approved.Fax", "true or false"),
    (ladder(""), "escalation.breach.rungs", "at least one"),
    (ladder('{to="dpo",acknowledge_within="1h"},{to="dpo"}'), "escalation.breach.rungs.1.to", "twice"),
    (ladder('{to="dpo"},{to="counsel"}'), "escalation.breach.rungs.0.acknowledge_within", "Every rung but the last"),
    (ladder('{to="dpo",acknowledge_within="0m"}'), "escalation.breach.rungs.0.acknowledge_within", "nothing"),
    (ladder('{to="the boss"}'), "escalation.breach.rungs.0.to", "supervisor, department_head"),
    (GOOD + '[escalation.overdue]\nrepeat = "0s"', "escalation.overdue.repeat", "longer than nothing"),
    (GOOD + "[escalation.late]", "escalation.late", "unknown key"),
    (GOOD + '[breach]\ndpo_within = "soon"', "breach.dpo_within", "not a duration"),
    (GOOD + '[breach]\nregimes = ["eu.gdpr", "eu.gdpr"]', "breach.regimes", "twice"),
    (GOOD + "[pings]\nper_day = 0", "pings.per_day", "greater than or equal to 1"),
    (GOOD + "[pings]\nper_day = true", "pings.per_day", "whole number"),
    (GOOD + '[audit]\nevery = "1 business day"', "audit.every", "seconds, minutes or hours"),
    (GOOD + '[audit]\ncheckpoint_file = ""', "audit.checkpoint_file", "empty"),
    (GOOD + '[notify]\nsmtp = "mail.example.com"', "notify.smtp", "smtps://"),
    (GOOD + '[notify]\nsmtp = "smtps://u:hunter2@mail.example.com"', "notify.smtp", "password"),
]


@pytest.mark.parametrize(("text", "path", "said"), FAULTS, ids=[f"{n}-{path}" for n, (_, path, _) in enumerate(FAULTS)])
def test_each_fault_is_reported_with_its_path_in_the_file(text: str, path: str, said: str) -> None:
    found = [fault for fault in faults(text) if fault.startswith(f"{path}: ")]
    assert found, faults(text)
    assert said in found[0]


def test_one_wrong_value_is_reported_once_and_alone() -> None:
    assert len(faults(sla('target = "0h"'))) == 1


def test_all_faults_are_reported_at_once_and_none_hides_another() -> None:
    text = """
nonsense = 1
[firm]
name = "x"
zone = "Mars/Base"
[calendars.a]
zone = "Nowhere"
open = { mon = ["09:00-17:00", "16:00-18:00"], wed = ["9-5"] }
[calendars.b]
always_open = true
open = { mon = ["09:00-10:00"] }
[sla.first_response]
target = "0h"
calendar = "c"
[channels]
approved = {}
[escalation.breach]
rungs = [ {to = "dpo"}, {to = "dpo", acknowledge_within = "0m"}, {to = "nobody"} ]
"""
    assert {fault.partition(": ")[0] for fault in faults(text)} == {
        "nonsense",
        "firm.zone",
        "calendars.a.zone",
        "calendars.a.open.mon",
        "calendars.a.open.wed.0",
        "calendars.b.open",
        "sla.first_response.target",
        "sla.first_response.calendar",
        "channels.approved",
        "escalation.breach.rungs.0.acknowledge_within",
        "escalation.breach.rungs.1.to",
        "escalation.breach.rungs.1.acknowledge_within",
        "escalation.breach.rungs.2.to",
    }


@pytest.mark.parametrize("shape", ["firm = 1", "sla = []", "calendars = 'x'", "escalation = 3", "channels = true"])
def test_a_section_of_the_wrong_shape_is_a_fault_and_not_a_crash(shape: str) -> None:
    assert any(fault.startswith(shape.partition(" ")[0]) for fault in faults(shape))


def test_broken_toml_is_reported_with_its_line() -> None:
    assert "line 3" in faults('[firm]\nname = "x"\nzone = Europe\n')[0]


def test_a_file_that_is_not_there_not_text_or_has_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "sopwith.toml"
    with pytest.raises(BadConfig, match="there is no such policy file"):
        config.policy(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadConfig, match="not UTF-8"):
        config.policy(file)
    file.write_text(GOOD, encoding="utf-8-sig")
    assert config.policy(file).firm == "Harbour & Lane"


# --- what comes out ------------------------------------------------------------------------------------------------


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
    assert told["complaint"] == told["overdue"]
    assert {name: str(one.repeat) for name, one in policy.ladders.items()} == {
        "breach": "15m",
        "overdue": day,
        "complaint": day,
    }
    assert policy.pings_per_day == 6
    assert str(policy.dpo_within) == "1h"
    assert (file.checkpoint_file, file.checkpoint_every) == (Path("checkpoints.txt"), timedelta(minutes=1))


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


# --- the environment -----------------------------------------------------------------------------------------------

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()
KEYS = {"SOPWITH_MASTER_KEY": KEY, "SOPWITH_AUDIT_KEY": OTHER}


def secret_faults(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(BadConfig) as bad:
        config.secrets(environ)
    return bad.value.faults


SECRET_FAULTS = [  # what differs from the good environment, variable, a piece of what is said
    ({"SOPWITH_MASTER_KEY": ""}, "SOPWITH_MASTER_KEY", "is missing"),
    ({"SOPWITH_MASTER_KEY": "hunter2!"}, "SOPWITH_MASTER_KEY", "not base64"),
    ({"SOPWITH_MASTER_KEY": base64.b64encode(bytes(range(16))).decode()}, "SOPWITH_MASTER_KEY", "16 bytes"),
    ({"SOPWITH_MASTER_KEY": base64.b64encode(bytes(range(64))).decode()}, "SOPWITH_MASTER_KEY", "64 bytes"),
    ({"SOPWITH_MASTER_KEY": base64.b64encode(bytes(32)).decode()}, "SOPWITH_MASTER_KEY", "all zeros"),
    ({"SOPWITH_AUDIT_KEY": ""}, "SOPWITH_AUDIT_KEY", "is missing"),
    ({"SOPWITH_AUDIT_KEY": KEY}, "SOPWITH_AUDIT_KEY", "the same"),
    ({"SOPWITH_MASTER_KEY_OLD": "AAAA"}, "SOPWITH_MASTER_KEY_OLD", "3 bytes"),
    ({"SOPWITH_AUDIT_KEY": "", "SOPWITH_AUDIT_KEY_FILE": "/nowhere/key"}, "SOPWITH_AUDIT_KEY_FILE", "cannot be read"),
    ({"SOPWITH_AUDIT_KEY_FILE": "/nowhere/key"}, "SOPWITH_AUDIT_KEY", "twice"),
    ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET", "is missing"),
    ({"SLACK_SIGNING_SECRET": "abc"}, "SLACK_BOT_TOKEN", "is missing"),
    ({"SLACK_BOT_TOKEN": "xoxb 1", "SLACK_SIGNING_SECRET": "abc"}, "SLACK_BOT_TOKEN", "spaces"),
    ({"SLACK_API_URL": "http://slack.example.com/api/"}, "SLACK_API_URL", "https"),
    ({"SLACK_API_URL": "http://127.0.0.1.example.com/"}, "SLACK_API_URL", "https"),
    ({"SLACK_API_URL": "https://u:hunter2@slack.example.com/"}, "SLACK_API_URL", "password"),
    ({"SLACK_API_URL": "ftp://127.0.0.1/"}, "SLACK_API_URL", "https"),
    ({"TEAMS_APP_ID": "app"}, "TEAMS_APP_PASSWORD", "is missing"),
    ({"TEAMS_APP_ID": "app"}, "TEAMS_TENANT_ID", "is missing"),
    ({"TEAMS_OPENID_URL": "http://login.example.com"}, "TEAMS_OPENID_URL", "https"),
    ({"TEAMS_LOGIN_URL": "login.example.com"}, "TEAMS_LOGIN_URL", "https"),
]


@pytest.mark.parametrize(("differs", "variable", "said"), SECRET_FAULTS)
def test_each_fault_of_a_secret_is_reported_with_its_variable(
    differs: dict[str, str], variable: str, said: str
) -> None:
    found = [fault for fault in secret_faults(KEYS | differs) if fault.startswith(f"{variable}: ")]
    assert found
    assert said in found[0]


def test_no_secret_is_in_a_message_or_a_repr() -> None:
    environ = dict.fromkeys(("SOPWITH_MASTER_KEY", "SOPWITH_AUDIT_KEY", "SLACK_BOT_TOKEN", "SLACK_API_URL"), "hunter2")
    assert "hunter2" not in "".join(secret_faults(environ))
    good = config.secrets(KEYS | {"SLACK_BOT_TOKEN": "xoxb-hunter2", "SLACK_SIGNING_SECRET": "hunter2"})
    assert good.slack_bot_token == "xoxb-hunter2"
    assert "hunter2" not in repr(good)
    assert repr(bytes(range(32)))[2:10] not in repr(good)


def test_a_secret_may_be_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text(KEY + "\n")
    found = config.secrets({"SOPWITH_MASTER_KEY_FILE": str(tmp_path / "master.key"), "SOPWITH_AUDIT_KEY": OTHER})
    assert found.master_key == bytes(range(32))
    assert found.master_key_old is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://localhost:9/api/", "http://[::1]:9/api", "https://a.b/"]
)
def test_slacks_address_may_be_https_or_this_machine_and_ends_in_a_slash(url: str) -> None:
    assert config.secrets(KEYS | {"SLACK_API_URL": url}).slack_api_url == url.rstrip("/") + "/"


def test_without_an_address_slacks_own_is_taken() -> None:
    assert config.secrets(KEYS).slack_api_url == "https://slack.com/api/"


PG = "postgresql+psycopg://"
DATABASES = [  # address, may it be used?
    ("sqlite:///sopwith.db", True),
    ("sqlite:////var/lib/sopwith/sopwith.db", True),
    ("sqlite://", False),
    ("sqlite:///:memory:", False),
    ("sqlite:///file:x?uri=true", False),
    ("mysql://localhost/x", False),
    ("postgresql://localhost/x", False),
    ("sopwith.db", False),
    (f"{PG}/sopwith", True),  # a socket
    (f"{PG}u:p@localhost/sopwith", True),
    (f"{PG}u:p@127.0.0.1:5432/sopwith", True),
    (f"{PG}u:p@[::1]:5432/sopwith", True),
    (f"{PG}u:p@/sopwith?host=/run/postgresql", True),
    (f"{PG}u:p@db.example.com/sopwith", False),
    (f"{PG}u:p@db.example.com/sopwith?sslmode=require", False),
    (f"{PG}u:p@db.example.com/sopwith?sslmode=verify-full", True),
    (f"{PG}u:p@db.example.com/sopwith?sslmode=verify-full&sslmode=disable", False),
    (f"{PG}u:p@localhost/sopwith?host=db.example.com", False),
    (f"{PG}u:p@/sopwith?host=localhost:5432,db.example.com:5432", False),
    (f"{PG}u:p@localhost/sopwith?hostaddr=192.0.2.7", False),
    (f"{PG}u:p@/sopwith?service=main", False),
    (f"{PG}u:p?x#y/z@db.example.com/sopwith", False),
    (f"{PG}u:p?x#y/z@db.example.com/sopwith?sslmode=verify-full", True),
]


@pytest.mark.parametrize(("url", "fits"), DATABASES)
def test_only_a_file_or_a_server_that_is_near_or_verified_is_taken_as_database(url: str, fits: bool) -> None:
    environ = {"SOPWITH_DATABASE_URL": url}
    if fits:
        assert config.database_url(environ) == url
        return
    with pytest.raises(BadConfig) as bad:
        config.database_url(environ)
    assert bad.value.faults[0].startswith("SOPWITH_DATABASE_URL: ")
    assert "u:p" not in bad.value.faults[0]


def test_a_host_from_the_servers_own_variables_counts_too() -> None:
    with pytest.raises(BadConfig, match="verify-full"):
        config.database_url({"SOPWITH_DATABASE_URL": f"{PG}/x", "PGHOST": "db.example.com"})


def test_a_whole_start_is_loaded_and_its_defaults_are_local(tmp_path: Path) -> None:
    file = tmp_path / "firm.toml"
    file.write_text(GOOD)
    settings = config.load({**KEYS, "SOPWITH_CONFIG": str(file)})
    assert (settings.host, settings.port, settings.admin_port) == ("127.0.0.1", 8080, 8081)
    assert settings.database_url == settings.migration_url == "sqlite:///sopwith.db"
    assert settings.policy_body == config.canonical(GOOD)
    assert settings.policy.hash == config.policy(GOOD).hash
    assert KEY not in repr(settings)


def test_the_command_line_wins_over_the_variable_for_the_policy_file() -> None:
    assert config.policy_path({"SOPWITH_CONFIG": "a.toml"}, Path("b.toml")) == Path("b.toml")
    assert config.policy_path({"SOPWITH_CONFIG": "a.toml"}) == Path("a.toml")
    assert config.policy_path({}) == Path("sopwith.toml")


def test_faults_of_the_environment_and_of_the_policy_come_together(tmp_path: Path) -> None:
    file = tmp_path / "sopwith.toml"
    file.write_text(sla('target = "0h"'))
    ports = {"SOPWITH_PORT": "eighty", "SOPWITH_ADMIN_PORT": "70000", "SOPWITH_DATABASE_URL": "oracle://x"}
    with pytest.raises(BadConfig) as bad:
        config.load(ports, file)
    assert [fault.partition(": ")[0] for fault in bad.value.faults] == [
        "sla.first_response.target",
        "SOPWITH_MASTER_KEY",
        "SOPWITH_AUDIT_KEY",
        "SOPWITH_DATABASE_URL",
        "SOPWITH_PORT",
        "SOPWITH_ADMIN_PORT",
    ]


def test_the_admin_port_is_another_than_the_public_one(tmp_path: Path) -> None:
    file = tmp_path / "sopwith.toml"
    file.write_text(GOOD)
    with pytest.raises(BadConfig, match="SOPWITH_ADMIN_PORT"):
        config.load({**KEYS, "SOPWITH_PORT": "8081"}, file)


def test_an_unreadable_policy_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        config.policy(tmp_path)
