"""The environment is checked whole: every fault with its variable, and never a secret among the words."""

import base64
from pathlib import Path

import pytest

from bot import config
from bot.config import BadConfig
from tests.support.policy_texts import GOOD, sla

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
    ({"SOPWITH_SMTP_USER": "bot"}, "SOPWITH_SMTP_PASSWORD", "is missing"),
    ({"SOPWITH_SMTP_PASSWORD": "hunter2"}, "SOPWITH_SMTP_USER", "is missing"),
    ({"SOPWITH_SMTP_USER": "bot", "SOPWITH_SMTP_PASSWORD": "pass\nword"}, "SOPWITH_SMTP_PASSWORD", "Copy it again"),
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
    (f"{PG}u:p@db.example.com/sopwith?sslmode=verify-ca", True),
    (f"{PG}u:p@db.example.com/sopwith?sslmode=require", False),
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
