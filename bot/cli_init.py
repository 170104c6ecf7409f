"""`sopwith init`: asks a firm what it needs to know and writes its first files."""

import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.new_firm import READINGS, Answers, Occupied, refuse_occupied, write
from bot.terminal import WrongUse, note, say, say_table


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files go.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing and take the defaults.")] = False,
) -> None:
    """Write a commented sopwith.toml and new key files. Nothing is overwritten."""
    try:
        refuse_occupied(folder)
        written = write(folder, Answers() if yes else _answers(), datetime.now().astimezone().date())
    except Occupied as there:
        lines = (f"{path} is there already, and nothing is overwritten." for path in there.paths)
        raise WrongUse(*lines, "Nothing was written.") from None
    except OSError as error:
        raise WrongUse(f"{error.filename or folder} cannot be written: {error.strerror}.") from None
    for path, what in (
        (written.policy, "the firm's SOP in numbers; look it over"),
        (written.master_key, "opens everything. Keep a copy apart from the database: without it nothing can be read"),
        (written.audit_key, "signs the audit log's checkpoints"),
    ):
        say(f"{path}: {what}.")
    say()
    say("Before `sopwith run`, set:")
    _say_settings(written.policy, written.master_key, written.audit_key)
    say()
    say("The audit log's public key, for whoever will check it:")
    say(f"  {written.public_key}")


def _say_settings(policy: Path, master_key: Path, audit_key: Path) -> None:
    settings = {"CONFIG": policy, "MASTER_KEY_FILE": master_key, "AUDIT_KEY_FILE": audit_key}
    for name, path in settings.items():
        say(f"  export SOPWITH_{name}={shlex.quote(str(path.resolve()))}")
    say(f"  export SOPWITH_DATABASE_URL={shlex.quote(f'sqlite:///{policy.resolve().parent}/sopwith.db')}")


def _answers() -> Answers:
    from bot.public_holidays import holiday_code  # noqa: PLC0415
    from handlers.rules.hours import block  # noqa: PLC0415

    usual = Answers()
    firm = _ask("The firm's name", usual.firm, _some)
    zone = _ask("Time zone", usual.zone, _zone)
    hours = _ask("Open Monday to Friday", usual.hours, block)
    holidays = _ask('Public holidays, as "GB-ENG" or "US-CA" (- for none)', "-", lambda t: t == "-" or holiday_code(t))
    channels = _several(_ask("Approved channels, with commas between", ", ".join(usual.channels), _some))
    unencrypted = _several(_ask("Which of them are not encrypted (- for none)", "-", str))
    head = ("Answer", "“24 business hours” means", "A message of Friday 16:00 is due (office Mon-Fri 09:00-17:00)")
    say_table("How does the firm read “24 business hours”?", head, READINGS)
    reading = _ask("Reading", usual.reading, lambda text: _one_of(text, [one for one, *_ in READINGS]))
    emergency = _ask("Whom to ring in an emergency, shown to everybody who reports a breach (- for later)", "-", str)
    return Answers(
        firm=firm,
        zone=zone,
        hours=hours,
        holidays="" if holidays == "-" else holidays,
        channels=channels,
        unencrypted=unencrypted,
        reading=reading,
        emergency="" if emergency == "-" else emergency,
    )


def _ask(question: str, default: str, check: Callable[[str], object]) -> str:
    while True:
        answer = str(typer.prompt(question, default=default)).strip()
        try:
            check(answer)
        except ValueError as fault:
            note(str(fault))
        else:
            return answer


def _some(text: str) -> None:
    if not text.strip(" ,"):
        raise ValueError("This cannot be left empty.")


def _zone(text: str) -> None:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'{text!r} is not a known time zone. Write it like "Europe/London".') from None


def _one_of(text: str, known: list[str]) -> None:
    if text not in known:
        raise ValueError(f"Please answer {', '.join(known)}.")


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
