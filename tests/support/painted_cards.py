"""Adaptive Cards painted as posts and dialogs of Teams, and small parts to make them of."""

from typing import Any

from bot.sandbox.teams import card_rules, paint
from bot.sandbox.teams.records import Dialog, Json, Post


def run(text: str, **look: Any) -> Json:
    return {"type": "TextRun", "text": text, **look}


def line(*runs: Json | str, **more: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": [run(r) if isinstance(r, str) else r for r in runs], **more}


def asked(kind: str, id: str = "it", label: str = "Label", **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": id, "label": label, **more}


def choices(*titles: str) -> list[Json]:
    return [{"title": t, "value": t.lower()} for t in titles]


def submit(title: str, **more: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": {"sopwith": {"verb": "opens", "name": title}}, **more}


def execute(title: str, **more: Any) -> Json:
    return {**submit(title, **more), "type": "Action.Execute", "verb": "does", "fallback": submit(title)}


def card(*body: Json) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body)}


def post(*body: Json, **more: Any) -> Post:
    return Post(id="7", conversation="a:1", cards=[card(*body)], **more)


def dialog(*body: Json, **more: Any) -> Dialog:
    state = {one["id"]: one["value"] for one in card_rules.inputs(card(*body)) if one.get("value")}
    return Dialog(id="9", user="u", title="T", card=card(*body), state=state, **more)


def html(*body: Json) -> str:
    return str(paint.cards(dialog(*body)))
