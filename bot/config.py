"""Everything the house is told from outside: secrets and addresses from the environment, the SOP from the policy file.

Invariants: only this file and its parts (environment.py, policy_*.py) read the environment and the policy; all faults
of both are reported at once; no secret is in any message or repr. Paths are seen from the working directory.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.environment import BadConfig, Environment, Faults
from bot.notify import Notify
from bot.policy_file import PolicyFile, canonical, policy, read
from handlers.policy import Policy

__all__ = ["BadConfig", "Secrets", "Settings", "canonical", "database_url", "load", "policy", "policy_path", "secrets"]

SLACK_API = "https://slack.com/api/"
DATABASE = "sqlite:///sopwith.db"
POLICY = "sopwith.toml"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What nobody may read. Optional ones are empty (`master_key_old`: None) when not set. Slack is on when
    `slack_bot_token` is set, Teams when `teams_app_id` is."""

    master_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    master_key_old: bytes | None = field(default=None, repr=False)
    slack_bot_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_team_id: str = field(default="", repr=False)
    slack_api_url: str = field(default=SLACK_API, repr=False)
    teams_app_id: str = field(default="", repr=False)
    teams_app_password: str = field(default="", repr=False)
    teams_app_certificate: str = field(default="", repr=False)
    teams_secret_expires: date | None = None
    teams_tenant_id: str = field(default="", repr=False)
    teams_openid_url: str = field(default="", repr=False)
    teams_login_url: str = field(default="", repr=False)
    smtp_user: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that a start needs, checked. `policy_body` is the canonical JSON that is stored under `policy.hash`;
    `migration_url` is the owner role's address, else the database's own; `notify`: mail and heartbeat."""

    policy: Policy
    policy_body: str = field(repr=False)
    secrets: Secrets = field(repr=False)
    host: str
    port: int
    admin_port: int
    database_url: str = field(repr=False)
    migration_url: str = field(repr=False)
    checkpoint_file: Path
    checkpoint_every: timedelta
    notify: Notify = field(default_factory=Notify)


def policy_path(environ: Mapping[str, str], config_path: Path | None = None) -> Path:
    """Where the policy file is: `--config`, else SOPWITH_CONFIG, else ./sopwith.toml."""
    return config_path or Path(environ.get("SOPWITH_CONFIG", "").strip() or POLICY)


def secrets(environ: Mapping[str, str]) -> Secrets:
    """The secrets, each from NAME or from the file that NAME_FILE names; `BadConfig` with every fault."""
    faults = Faults()
    found = _secrets(Environment(environ), faults)
    if faults:
        raise BadConfig(faults)
    return found


def database_url(environ: Mapping[str, str], *, owner: bool = False) -> str:
    """Where the record is kept, for commands that need nothing else; `owner`: as the role that migrates."""
    try:
        return _database_url(Environment(environ), owner=owner)
    except ValueError as fault:
        raise BadConfig([str(fault)]) from None


def load(environ: Mapping[str, str] = os.environ, config_path: Path | None = None) -> Settings:
    """Everything, or `BadConfig` with every fault of the environment and of the policy file."""
    faults = Faults()
    env = Environment(environ)
    file: PolicyFile | None = None
    try:
        file = read(policy_path(environ, config_path))
    except BadConfig as error:
        faults += error.faults
    hidden = _secrets(env, faults)
    url = faults.take(lambda: _database_url(env), "")
    owner_url = faults.take(lambda: _database_url(env, owner=True), "") if url else ""
    port = faults.take(lambda: env.port("SOPWITH_PORT", 8080), 0)
    admin_port = faults.take(lambda: env.port("SOPWITH_ADMIN_PORT", 8081), 0)
    host = faults.take(lambda: env.token("SOPWITH_HOST"), "") or "127.0.0.1"
    if port and port == admin_port:
        faults.append("SOPWITH_ADMIN_PORT: is the same as SOPWITH_PORT. The two need ports of their own.")
    if file is None or faults:
        raise BadConfig(faults)
    return Settings(
        policy=file.policy,
        policy_body=file.body,
        secrets=hidden,
        host=host,
        port=port,
        admin_port=admin_port,
        database_url=url,
        migration_url=owner_url,
        checkpoint_file=file.checkpoint_file,
        checkpoint_every=file.checkpoint_every,
        notify=file.notify,
    )


def _database_url(env: Environment, *, owner: bool = False) -> str:
    url = env.database("SOPWITH_DATABASE_URL", DATABASE)
    return env.database("SOPWITH_MIGRATION_URL", url) if owner else url


def _secrets(env: Environment, faults: Faults) -> Secrets:
    def token(name: str) -> str:
        return faults.take(lambda: env.token(name), "")

    found = Secrets(
        master_key=faults.take(lambda: env.key("SOPWITH_MASTER_KEY"), b""),
        audit_key=faults.take(lambda: env.key("SOPWITH_AUDIT_KEY"), b""),
        master_key_old=faults.take(lambda: env.key("SOPWITH_MASTER_KEY_OLD", optional=True), b"") or None,
        slack_bot_token=token("SLACK_BOT_TOKEN"),
        slack_signing_secret=token("SLACK_SIGNING_SECRET"),
        slack_app_token=token("SLACK_APP_TOKEN"),
        slack_team_id=token("SLACK_TEAM_ID"),
        slack_api_url=_with_slash(faults.take(lambda: env.web_address("SLACK_API_URL", SLACK_API), SLACK_API)),
        teams_app_id=token("TEAMS_APP_ID"),
        teams_app_password=token("TEAMS_APP_PASSWORD"),
        teams_app_certificate=faults.take(lambda: env.text("TEAMS_APP_CERTIFICATE"), ""),
        teams_secret_expires=faults.take(lambda: env.day("TEAMS_SECRET_EXPIRES"), None),
        teams_tenant_id=token("TEAMS_TENANT_ID"),
        teams_openid_url=faults.take(lambda: env.web_address("TEAMS_OPENID_URL"), ""),
        teams_login_url=faults.take(lambda: env.web_address("TEAMS_LOGIN_URL"), ""),
        smtp_user=faults.take(lambda: env.phrase("SOPWITH_SMTP_USER"), ""),
        smtp_password=faults.take(lambda: env.phrase("SOPWITH_SMTP_PASSWORD"), ""),
    )
    faults += _faults_between(found, {fault.partition(":")[0] for fault in faults})
    return found


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _faults_between(found: Secrets, known: set[str]) -> list[str]:
    """What only shows when several are seen together; `known` are variables already complained of."""
    said = []
    if found.master_key and found.master_key == found.audit_key:
        said.append(
            "SOPWITH_AUDIT_KEY: is the same as SOPWITH_MASTER_KEY. Each has its own task and needs its own key."
        )
    proof = found.slack_signing_secret or found.slack_app_token
    if found.slack_bot_token and not proof:
        said.append("SLACK_SIGNING_SECRET: is missing. With SLACK_BOT_TOKEN goes this, or SLACK_APP_TOKEN.")
    if proof and not found.slack_bot_token:
        said.append("SLACK_BOT_TOKEN: is missing, although Slack's other secret is set.")
    if bool(found.smtp_user) != bool(found.smtp_password):
        lacking = "SOPWITH_SMTP_USER" if found.smtp_password else "SOPWITH_SMTP_PASSWORD"
        said.append(f"{lacking}: is missing. A mail server that asks who we are needs both.")
    said += _teams_faults(found)
    complained = {name.removesuffix("_FILE") for name in known}
    return [one for one in said if one.partition(":")[0] not in complained]


def _teams_faults(found: Secrets) -> list[str]:
    proofs = {"TEAMS_APP_PASSWORD": found.teams_app_password, "TEAMS_APP_CERTIFICATE": found.teams_app_certificate}
    if not found.teams_app_id:
        return []  # then there is no Teams
    said = []
    if not any(proofs.values()):
        said.append("TEAMS_APP_PASSWORD: is missing. With TEAMS_APP_ID goes this, or TEAMS_APP_CERTIFICATE.")
    if all(proofs.values()):
        said.append("TEAMS_APP_CERTIFICATE: is set beside TEAMS_APP_PASSWORD. One of them proves who the app is.")
    if found.teams_app_certificate and not _is_certificate(found.teams_app_certificate):
        said.append("TEAMS_APP_CERTIFICATE: is not a certificate with its private key in PEM, without a passphrase.")
    if not found.teams_tenant_id:
        said.append("TEAMS_TENANT_ID: is missing. TEAMS_APP_ID turns Teams on and needs it.")
    return said


def _is_certificate(text: str) -> bool:
    return "-----BEGIN CERTIFICATE-----" in text and re.search(r"-----BEGIN (RSA )?PRIVATE KEY-----", text) is not None
