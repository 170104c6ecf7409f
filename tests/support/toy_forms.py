"""Block Kit for tests: the toy firm's forms, cards and answers."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.inputs import with_defaults
from bot.sandbox.records import Json

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # London is on UTC in November


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": words(text), "value": text}


def asked(id: str, label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": id, "label": words(label), "element": {"action_id": id, **element}, **more}


def button(label: str, act: str, **more: Any) -> Json:
    return {"type": "button", "action_id": act, "text": words(label), "value": "DL-1", **more}


def card(title: str, *buttons: Json, about: str = "Quiet Heron") -> list[Json]:
    facts = [{"type": "mrkdwn", "text": "*About*"}, words(about)]
    lines: list[Json] = [{"type": "header", "text": words(title)}, {"type": "section", "fields": facts}]
    return with_defaults([*lines, *([{"type": "actions", "elements": list(buttons)}] if buttons else [])])


def log_form(name: str = "log", *, elsewhere: bool = False) -> Json:
    choose = {"type": "static_select", "options": [option(o) for o in ("Company email", "Another channel")]}
    kinds = {"type": "static_select", "options": [option(o) for o in ("Call", "E-mail")]}
    ways = {"type": "radio_buttons", "options": [option(o) for o in ("From the client", "To the client")]}
    which = asked("which_channel", "Which channel?", {"type": "plain_text_input"})
    fields = [
        asked("client", "Client", {"type": "external_select", "min_query_length": 0}, dispatch_action=True),
        asked("channel", "Channel", choose, dispatch_action=True),
        *([which] if elsewhere else []),
        asked("direction", "Direction", ways),
        asked("kind", "Kind", kinds),
        asked("when", "When", {"type": "datetimepicker", "initial_date_time": int(MONDAY.timestamp())}),
        asked("expects", "Does the client expect a reply?", {**ways, "options": [option(o) for o in ("Yes", "No")]}),
    ]
    summary = asked(
        "summary", "Summary", {"type": "plain_text_input", "multiline": True}, hint=words("No card numbers.")
    )
    shown = [*fields, summary] if name == "log" else [summary]
    return modal("Log client interaction", shown, submit=words("Log"), callback_id=name)


def breach_form() -> Json:
    answers = {"type": "radio_buttons", "options": [option(o) for o in ("Yes", "No", "Not sure")]}
    boxes = {"type": "checkboxes", "options": [option("Leave my name out")]}
    fields = [
        asked("what", "What happened?", {"type": "plain_text_input", "multiline": True}),
        asked("personal", "Is personal data involved?", answers, optional=True),
        asked("ongoing", "Is it still going on?", answers, optional=True),
        asked("anonymous", "Leave my name out", boxes, optional=True),
    ]
    return modal("Report a breach", fields, submit=words("Report"), callback_id="breach")


def clock_page() -> Json:
    see = {"type": "actions", "elements": [button("See", "opens:clock")]}
    line = {"type": "section", "text": words("Information Commissioner (ICO): by Mon 18:40")}
    return modal("Clocks", with_defaults([line, see]))


def one_clock() -> Json:
    sent = {"type": "actions", "elements": [button("A notice was sent", "opens:sent")]}
    return modal("BR-1", with_defaults([sent]))


def notice_form() -> Json:
    ways = {"type": "static_select", "options": [option(o) for o in ("The authority's form or portal", "Letter")]}
    whole = {"type": "radio_buttons", "options": [option("Yes, it is complete"), option("No, more is to follow")]}
    fields = [asked("channel", "How?", ways), asked("whole", "Does it say everything?", whole)]
    return modal("A notice was sent", fields, submit=words("Put on record"), callback_id="sent")


def modal(title: str, blocks: list[Json], **more: Any) -> Json:
    return {"type": "modal", "title": words(title), "close": words("Close"), "blocks": blocks, **more}


def said(title: str, text: str) -> Json:
    return {"response_action": "update", "view": modal(title, [{"type": "section", "text": words(text)}])}
