"""Commands that only ask: why this deadline, is the audit log whole, is all well here.

Invariants: they change nothing; `explain` needs the policy file or the facts alone.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_options import Config, Json
from bot.terminal import No, WrongUse, note, say, say_json, say_table

if TYPE_CHECKING:
    from handlers.rules.due_at import Due, Sla

explain = typer.Typer(no_args_is_help=True, help="Show how something is reckoned.")
audit = typer.Typer(no_args_is_help=True, help="The audit log.")


@explain.command("deadline")
def explain_deadline(
    received: Annotated[str, typer.Option(metavar="ISO8601", help="When the message came, with its UTC offset or Z.")],
    sla: Annotated[str, typer.Option(metavar="NAME", help="Which response time: the key under \\[sla].")],
    config: Config = None,
    json: Json = False,
) -> None:
    """When a reply is due, and the sum behind it. Needs the policy file and nothing else."""
    from bot.config import policy, policy_path  # noqa: PLC0415
    from handlers.rules.due_at import due_at  # noqa: PLC0415

    instant = _instant(received)
    known = policy(policy_path(os.environ, config)).slas
    if sla not in known:
        raise WrongUse(f"--sla: there is no [sla.{sla}]. Take one of {', '.join(known)}.")
    try:
        due = due_at(known[sla], instant)
    except (ValueError, OverflowError) as fault:
        raise WrongUse(f"--received: {fault}") from None
    if json:
        say_json(_deadline(due))
    else:
        _show(due, known[sla])


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUse(f'--received: {text!r} is not a date and time. Write it like "2026-11-20T16:00:00Z".') from None
    if found.tzinfo is None:
        raise WrongUse(f'--received: {text!r} has no zone. Write "Z" for UTC or an offset like "+01:00" at its end.')
    return found


def _z(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _deadline(due: "Due") -> dict[str, Any]:
    return {
        "received_at": _z(due.received_at),
        "due_at": _z(due.due_at),
        "reading": due.reading.value,
        "calendar": due.calendar,
        "reminders": [{"percent": one.percent, "at": _z(one.at)} for one in due.reminders],
        "steps": list(due.steps),
    }


def _show(due: "Due", sla: "Sla") -> None:
    from handlers.rules.local_time import shown  # noqa: PLC0415

    def local(instant: datetime) -> str:
        return shown(instant, sla.calendar.zone, due.received_at.date())

    say(f"Received  {local(due.received_at)}")
    for one in due.reminders:
        say(f"Reminder  {local(one.at)}  at {one.percent} %")
    say(f"Due       {local(due.due_at)}  [{sla.target}, read as {due.reading.value}, calendar {due.calendar}]")
    say()
    for step in due.steps:
        say(f"  {step}")


@explain.command("severity")
def explain_severity(
    facts_file: Annotated[Path, typer.Argument(metavar="FACTS.json", help="The facts; - reads standard input.")],
    json: Json = False,
) -> None:
    """How severe a breach is by the ENISA 2013 method, and the sum behind it. It proposes; the DPO decides.

    FACTS.json has dpc (1-4), ei (0.25, 0.5, 0.75, 1), confidentiality, integrity, availability (0, 0.25, 0.5) and
    malicious (true, false). Needs no settings.
    """
    from bot.facts_file import facts_in  # noqa: PLC0415
    from handlers.rules.severity import MEANINGS, BadFacts, facts, severity, suggestion  # noqa: PLC0415

    try:
        found = severity(facts(facts_in(facts_file)))
    except BadFacts as bad:
        raise WrongUse(*bad.faults) from None
    if json:
        say_json({"score": float(found.score), "band": found.band.value, "sentence": found.sentence})
        return
    say(found.sentence)
    say(f"{found.band.value}  {MEANINGS[found.band]}")
    say(f"Suggestion  {suggestion(found.band).text}")
    say("            A person decides: the law asks for the risk to people, not for a score.")


@audit.command("verify")
def verify_audit(
    checkpoints: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exported checkpoints; else the policy's own file.")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The log's public key; else that of SOPWITH_AUDIT_KEY.")
    ] = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Check every entry of the audit log against its tree and the signed checkpoints. Status 1 when it is not whole."""
    from bot.log_check import verdict  # noqa: PLC0415

    found, remark = verdict(os.environ, config, checkpoints, public_key)
    if json:
        say_json({name: getattr(found, name) for name in ("ok", "size", "root", "first_bad", "problem")})
    elif found.ok:
        say(f"The audit log is whole: {found.size} entries, root {found.root}.")
    if remark:
        note(remark)
    if not found.ok:
        raise No(found.problem)


def doctor(config: Config = None, json: Json = False) -> None:
    """Look over settings, keys, database, chat and people. Status 1 when something is wrong."""
    from dataclasses import asdict  # noqa: PLC0415

    from bot.doctor import examine  # noqa: PLC0415

    found = examine(os.environ, config)
    if json:
        say_json([asdict(one) for one in found])
    else:
        signs = {"ok": "ok", "warning": "look", "error": "WRONG"}
        rows = [(signs[one.status], one.check, one.detail, one.cure) for one in found]
        say_table("What the doctor found", ("", "Check", "Finding", "What to do"), rows)
    if any(one.status == "error" for one in found):
        raise No() if json else No("Something is wrong; the table says what to do.")
