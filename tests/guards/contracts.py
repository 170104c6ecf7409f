"""For every import contract of pyproject.toml at least one line of code that breaks it."""

from tests.guards.table import Contract

ARROWS = "Arrows go down: the edge, what the SOP says, the record"
PURE = "Rules are pure: the standard library and each other"
KEYS = "Only access, the breach intake and complaints' compartments reach the keys"
CUSTODY = "Only custody renews the keys"
SHEETS = "Only the escrow rooms touch sheets"
OPENING = "The bot reaches keys only where the record is opened, and for custody"
SLACK = "One door for Slack's SDKs"
MICROSOFT = "One door for Microsoft's SDKs"
HEARTBEAT = "One heartbeat"
CIPHERS = "The database and the ciphers stay in storage"
ADAPTER = "Slack's adapter knows nothing of the sandbox"
SANDBOX = "The sandbox plays Slack's and Microsoft's side without the adapters"
APART = "Slack and Teams never see each other"
TEAMS_ADAPTER = "Teams' adapter knows nothing of the sandbox"
HANDLERS = "Handlers know no platform and no framework"


def _rows(name: str, *breaches: tuple[str, str]) -> list[Contract]:
    return [Contract(name=name, file=file, line=line) for file, line in breaches]


CONTRACTS = (
    *_rows(
        ARROWS,
        ("handlers/home.py", "import bot.doorway"),
        ("storage/clients.py", "import handlers.request"),
        ("storage/clients.py", "import bot.telemetry"),
    ),
    *_rows(
        PURE,
        ("handlers/rules/hours.py", "import storage.ids"),
        ("handlers/rules/due_at.py", "import pydantic"),
        ("handlers/rules/spans.py", "import cryptography"),
    ),
    *_rows(
        KEYS,
        ("handlers/home.py", "from storage import keys"),
        ("handlers/interactions/log.py", "from storage.vault import DataKey"),
        ("handlers/breaches/respond.py", "from storage import keys"),
        ("handlers/access.py", "import storage.vault"),
        ("handlers/custody.py", "from storage import keychain"),
    ),
    *_rows(
        CUSTODY,
        ("handlers/access.py", "from storage import generations"),
        ("bot/doorway.py", "import storage.generations"),
    ),
    *_rows(
        SHEETS,
        ("handlers/custody.py", "from storage import escrow"),
        ("bot/doctor_custody.py", "import storage.escrow_sheet"),
    ),
    *_rows(OPENING, ("bot/doorway.py", "from storage import keys"), ("bot/courier.py", "import storage.vault")),
    *_rows(SLACK, ("bot/doorway.py", "import slack_sdk"), ("handlers/home.py", "from slack_bolt import App")),
    *_rows(MICROSOFT, ("bot/courier.py", "import botbuilder.core"), ("bot/slack/web.py", "import botframework")),
    *_rows(HEARTBEAT, ("bot/courier.py", "import apscheduler"), ("storage/timers.py", "import apscheduler.job")),
    *_rows(
        CIPHERS,
        ("bot/doorway.py", "import sqlalchemy"),
        ("handlers/access.py", "import cryptography.hazmat"),
        ("handlers/home.py", "from sqlalchemy import text"),
    ),
    *_rows(ADAPTER, ("bot/slack/web.py", "import bot.sandbox.workspace")),
    *_rows(
        SANDBOX,
        ("bot/sandbox/page.py", "import bot.slack.wire"),
        ("bot/sandbox/teams/hands.py", "import bot.teams.cards"),
    ),
    *_rows(APART, ("bot/teams/cards.py", "import bot.slack.text"), ("bot/slack/sender.py", "import bot.teams.cards")),
    *_rows(TEAMS_ADAPTER, ("bot/teams/web.py", "import bot.sandbox.teams.tenant")),
    *_rows(HANDLERS, ("handlers/home.py", "import aiohttp"), ("handlers/people.py", "import structlog")),
)
