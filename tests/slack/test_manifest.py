"""The manifest: what Slack is asked for, and that the committed file is the one the registry makes."""

import re
from pathlib import Path
from typing import Any

from bot.slack.manifest import APP_TOKEN, EXPLAIN, build, explained, yaml

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


def parsed(lines: list[str]) -> Any:
    """Just enough YAML to read back what is written: block style, scalars as in JSON."""
    import json

    def block(at: int, depth: int) -> tuple[Any, int]:
        found: Any = [] if lines[at].lstrip().startswith("-") else {}
        while at < len(lines) and len(lines[at]) - len(lines[at].lstrip()) == depth:
            line = lines[at].strip()
            if isinstance(found, list):
                rest = line[2:]
                if re.match(r"[a-z_]+:", rest):
                    lines[at] = " " * (depth + 2) + rest
                    value, at = block(at, depth + 2)
                else:
                    value, at = json.loads(rest), at + 1
                found.append(value)
                continue
            key, _colon, rest = line.partition(":")
            value, at = (json.loads(rest), at + 1) if rest else block(at + 1, depth + 2)
            found[key] = value
        return found, at

    return block(0, 0)[0]


def test_the_file_reads_back_as_the_manifest() -> None:
    lines = [line for line in yaml(build()).splitlines() if not line.startswith("#")]
    assert parsed(lines) == build()


def test_the_committed_file_is_the_one_that_is_made() -> None:
    assert (ROOT / "manifest" / "slack.yaml").read_text(encoding="utf-8") == yaml(build())


def test_every_registered_command_is_in_it() -> None:
    found = {c["command"]: c for c in build()["features"]["slash_commands"]}
    assert list(found) == ["/log-client", "/report-breach", "/sopwith"]
    assert found["/sopwith"]["usage_hint"] == "[access | away | client | complaint | help | here | home | people]"
    assert found["/log-client"]["description"].startswith("Log an interaction with a client")


def test_it_asks_for_five_scopes_no_history_and_says_what_each_is_for() -> None:
    scopes = build()["oauth_config"]["scopes"]
    assert scopes == {"bot": ["commands", "chat:write", "im:write", "users:read", "users:read.email"]}
    assert not any("history" in s for s in scopes["bot"])
    assert list(EXPLAIN) == scopes["bot"]
    assert [line.partition(": ")[0] for line in explained().splitlines()] == [*scopes["bot"], "connections:write"]
    assert all(re.fullmatch(r"To .+\.", why) for why in (EXPLAIN | APP_TOKEN).values())


def test_the_shortcut_is_called_the_same_in_the_menu_and_on_a_message() -> None:
    shortcuts = build()["features"]["shortcuts"]
    assert [(s["name"], s["type"], s["callback_id"]) for s in shortcuts] == [
        ("Log client interaction", "global", "log-client"),
        ("Log client interaction", "message", "log-client"),
    ]
    assert all(len(s["name"]) <= 24 and len(s["description"]) <= 150 for s in shortcuts)


def test_every_address_is_the_one_the_service_serves() -> None:
    found = build(base_url="https://bot.harbour.example/")
    settings, url = found["settings"], "https://bot.harbour.example/slack/events"
    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["interactivity"] == {"is_enabled": True, "request_url": url, "message_menu_options_url": url}
    assert {c["url"] for c in found["features"]["slash_commands"]} == {url}
    assert settings["event_subscriptions"]["bot_events"] == ["app_home_opened", "team_join", "user_change"]


def test_in_socket_mode_no_address_is_needed() -> None:
    found = build(socket_mode=True)
    assert found["settings"]["socket_mode_enabled"] is True
    assert "https://" not in yaml(found)


def test_lengths_are_within_slacks_limits() -> None:
    found = build()
    assert len(found["display_information"]["name"]) <= 35
    assert len(found["display_information"]["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", found["display_information"]["background_color"])
    for command in found["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "x")) <= 1000


def test_the_messages_tab_is_read_only_because_nothing_there_is_read() -> None:
    assert build()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }
