"""`sopwith rollout plan`: what people will be asked, day by day."""

import os
from typing import Any

import typer

from bot.cli_options import Config, Json
from bot.terminal import say, say_json, say_table

rollout = typer.Typer(no_args_is_help=True, help="Beginning with Sopwith.")


@rollout.command("plan")
def plan(config: Config = None, json: Json = False) -> None:
    """How many people are asked for the undertaking, and how many files come to review, on each of the next sixty days.
    Nobody loses access in the first thirty."""
    from bot.config import load  # noqa: PLC0415
    from bot.desk import asked, hand_over  # noqa: PLC0415

    told: Any = hand_over(load(os.environ, config), asked("rollout.plan", {})).data
    if json:
        say_json(told)
        return
    if not told["days"]:
        say("Nothing is planned yet. Start the service once, with the people file and the client list.")
        return
    rows = [(day["day"], str(day["undertakings"]), str(day["reviews"])) for day in told["days"]]
    say_table("Messages by day", ("Day", "Undertakings", "Reviews of files"), rows)
