"""How the sandbox's Web API says no: an error code, and for malformed blocks what is wrong where."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace

Method = Callable[[Workspace, Json], Json]


class Refusal(Exception):
    """Answered with HTTP 200 and `ok: false`, as Slack does; `messages` are the faults found in what was sent."""

    def __init__(self, code: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.messages = messages or []
        self.answer: Json = {"ok": False, "error": code, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": messages}
            if code == "invalid_blocks":
                self.answer["errors"] = [m.removeprefix("[ERROR] ") for m in messages]


def needed(arguments: Json, *names: str) -> list[Any]:
    """These arguments in order; a missing one is refused."""
    missing = [n for n in names if arguments.get(n) in (None, "")]
    if missing:
        raise Refusal("invalid_arguments", [f"[ERROR] missing required field: {n}" for n in missing])
    return [arguments[n] for n in names]
