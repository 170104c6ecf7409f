"""What must not happen while painting: words that come alive, and a kind of block that is left out in silence."""

from bot.sandbox.block_rules import BLOCKS
from bot.sandbox.paint import Painter
from bot.sandbox.records import Json
from tests.support.painted import ADA, BEN, Tags, field, html, options, view_of, words

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&amp; <b>"
EVERYWHERE: list[Json] = [
    {"type": "header", "text": words(EVIL)},
    {"type": "section", "text": words(EVIL), "fields": [words(EVIL), {"type": "mrkdwn", "text": EVIL}]},
    {"type": "section", "text": {"type": "mrkdwn", "text": f"*{EVIL}* `{EVIL}` <https://x|{EVIL}>"}},
    {"type": "context", "elements": [words(EVIL)]},
    {
        "type": "actions",
        "block_id": EVIL,
        "elements": [
            {
                "type": "button",
                "action_id": EVIL,
                "text": words(EVIL),
                "accessibility_label": EVIL,
                "confirm": {name: words(EVIL) for name in ("title", "text", "confirm", "deny")},
            }
        ],
    },
    *(
        field(element | {"placeholder": words(EVIL)}, block_id=f"{EVIL}{n}", label=words(EVIL), hint=words(EVIL))
        for n, element in enumerate(
            [
                {"type": "plain_text_input", "initial_value": EVIL},
                {"type": "plain_text_input", "initial_value": f"</textarea>{EVIL}", "multiline": True},
                {"type": "static_select", "options": options(EVIL), "initial_option": options(EVIL)[0]},
                {"type": "external_select", "initial_option": options(EVIL)[0]},
                {"type": "radio_buttons", "options": options(EVIL)},
                {"type": "checkboxes", "options": [{**options(EVIL)[0], "description": words(EVIL)}]},
                {"type": "users_select"},
            ]
        )
    ),
]


def test_hostile_words_make_no_tag_and_no_attribute_anywhere() -> None:
    view = view_of(*EVERYWHERE)
    view.errors = {b["block_id"]: EVIL for b in view.json["blocks"]}
    found = Tags(str(Painter(ADA, [ADA, BEN]).blocks(view))).found
    assert {t for t, _a in found} & {"script", "img", "b"} == set()
    assert [name for _t, a in found for name in a if name.startswith("on")] == []
    assert "Ada &lt;Lane&gt;" in str(Painter(ADA, [ADA]).blocks(view))


def test_a_kind_that_is_not_known_is_named_aloud() -> None:
    assert "The sandbox cannot paint this: rich_text" in html({"type": "rich_text", "elements": []})
    beside = {"type": "overflow", "action_id": "more", "options": options("One")}
    assert "The sandbox cannot paint this: overflow" in html(
        {"type": "section", "text": words("x"), "accessory": beside}
    )


def test_everything_slack_takes_is_painted_or_named() -> None:
    unpainted = {k for k in BLOCKS if "cannot paint" in html({"type": k, **SAMPLES.get(k, {})})}
    assert unpainted == {"image", "rich_text", "markdown"}  # the bot sends none of these


SAMPLES: dict[str, Json] = {
    "header": {"text": words("x")},
    "section": {"text": words("x")},
    "context": {"elements": [words("x")]},
    "actions": {"elements": []},
    "input": {"label": words("x"), "element": {"type": "plain_text_input", "action_id": "x"}},
}
