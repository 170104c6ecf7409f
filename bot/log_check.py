"""Checking the audit log from the command line: which database, which checkpoints, and whose signature on them.

Invariants: without checkpoints the log is checked against itself only, and that is said; a database that cannot be read
is not whole; the signing key is used for nothing but its public half.
"""

from collections.abc import Mapping
from pathlib import Path

from bot import config
from bot.checkpoints import origin
from bot.config import BadConfig
from bot.environment import Environment
from bot.kept_by_auditor import key_in, text_of
from bot.policy_file import PolicyFile, read
from bot.terminal import WrongUse
from storage import migrate
from storage.checkpoint import PublicKey, public_key
from storage.store import reading_engine, sqlite_path
from storage.verify import Verdict, verify


def verdict(
    environ: Mapping[str, str], config_path: Path | None, checkpoints: Path | None, key: Path | None
) -> tuple[Verdict, str]:
    """What is found, and a remark on how much that says (empty when the log was held against signed checkpoints)."""
    url = config.database_url(environ)
    file = None if checkpoints and key else _policy(environ, config_path)
    whose = key_in(key) if key else _own_key(environ)
    text = text_of(checkpoints, "--checkpoints") if checkpoints else _kept(file)
    if (checkpoints or key) and whose is None:
        raise WrongUse("--public-key: say whose signature the checkpoints bear, or set SOPWITH_AUDIT_KEY.")
    if key and not text:
        raise WrongUse("--checkpoints: say where the exported checkpoints are; the policy's own file is not there.")
    if text and whose:
        return _verified(url, text, whose), ""
    remark = "Checked against itself only: " + ("no public key." if text else "no checkpoints have been exported yet.")
    return _verified(url, "", None), remark


def _policy(environ: Mapping[str, str], config_path: Path | None) -> PolicyFile | None:
    """An auditor may come without the policy file; one that was named must be right."""
    path = config.policy_path(environ, config_path)
    return read(path) if config_path or path.exists() else None


def _own_key(environ: Mapping[str, str]) -> PublicKey | None:
    try:
        seed = Environment(environ).key("SOPWITH_AUDIT_KEY", optional=True)
    except ValueError as fault:
        raise BadConfig([str(fault)]) from None
    return public_key(seed, origin(seed)) if seed else None


def _kept(file: PolicyFile | None) -> str:
    there = file and file.checkpoint_file.exists()
    return text_of(file.checkpoint_file, "audit.checkpoint_file") if file and there else ""


def _verified(url: str, text: str, whose: PublicKey | None) -> Verdict:
    path = sqlite_path(url)
    if path and not path.exists():
        raise WrongUse(f"SOPWITH_DATABASE_URL: there is no database {path}.")
    engine = reading_engine(url)
    try:
        if not migrate.at(engine):
            raise WrongUse("SOPWITH_DATABASE_URL: this is an empty database. `sopwith db upgrade` sets it up.")
        return verify(engine, text, whose)
    except WrongUse:
        raise
    except Exception as error:  # noqa: BLE001  whatever keeps an auditor from reading the log is a finding
        problem = f"The log cannot be read ({type(error).__name__})."
        return Verdict(ok=False, size=0, root="", first_bad=None, problem=problem)
    finally:
        engine.dispose()
