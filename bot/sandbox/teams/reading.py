"""What a person sees on a post or dialog in Teams, found by the words on it.

Invariants: nothing here changes anything; a label that is not there, or is there twice, is a LookupError that lists
what there is instead.
"""

from collections.abc import Iterator

from bot.sandbox import reading
from bot.sandbox.teams.card_rules import parts
from bot.sandbox.teams.tenant import Dialog, Json, Post

WRONG = "Attention"  # the colour of what must be put right


def cards_of(place: Post | Dialog) -> list[Json]:
    return [place.card] if isinstance(place, Dialog) else place.cards


def actions(place: Post | Dialog, *, below: str = "") -> list[Json]:
    """The buttons, from top to bottom; those of a question are behind its first button."""
    found: list[Json] = []
    here = not below
    for card in cards_of(place):
        for part in parts(card):
            here = here or (part.get("type") == "RichTextBlock" and below in _words(part))
            if here and str(part.get("type")) in ("Action.Submit", "Action.Execute"):
                found.append(part)
    return [one for one in found if not any(one is other.get("fallback") for other in found)]


@reading.buttons.register
def _(place: Post | Dialog) -> list[str]:
    return [one["title"] for one in actions(place)]


def button(place: Post | Dialog, label: str, below: str = "") -> Json:
    found = [one for one in actions(place, below=below) if one["title"] == label]
    found = found[:1] if below else found
    if len(found) != 1:
        raise LookupError(f"{label!r} is there {len(found)} times among {reading.buttons(place)}")
    return found[0]


def inputs_of(place: Dialog) -> list[Json]:
    return [part for part in parts(place.card) if str(part.get("type")).startswith("Input.")]


def labels(place: Dialog) -> list[str]:
    """The labels of a form, in order, as they are called where nothing is optional."""
    return [_label(part) for part in inputs_of(place)]


def field(place: Dialog, label: str) -> list[Json]:
    """The input under this label, with the time beside a date; empty when it is not on this step."""
    asked = inputs_of(place)
    at = next((n for n, part in enumerate(asked) if _label(part) == label), None)
    if at is None:
        return []
    return asked[at : at + (2 if asked[at]["type"] == "Input.Date" else 1)]


def errors(place: Dialog) -> dict[str, str]:
    """What is wrong, by the label of the field above it; what is about the whole, by nothing."""
    found, label = {}, ""
    for part in parts(place.card):
        if str(part.get("type")).startswith("Input."):
            label = _label(part) if part["type"] != "Input.Time" else label
        elif part.get("type") == "TextRun" and part.get("color") == WRONG:
            found[label] = part["text"]
    return found


@reading.text_of.register
def _(place: Post | Dialog) -> str:
    head = place.title if isinstance(place, Dialog) else f"{place.summary}\n{place.said}"
    inputs = list(place.state.values()) if isinstance(place, Dialog) else []
    return "\n".join([head, *(_words(card) for card in cards_of(place)), *inputs])


def _label(part: Json) -> str:
    return str(part.get("label", "")).removesuffix(" (optional)")


def _words(part: Json) -> str:
    return "\n".join(_texts(part))


def _texts(part: Json) -> Iterator[str]:
    """Line by line; the runs of one block are one line."""
    for one in parts(part):
        if one.get("type") == "RichTextBlock":
            yield "".join(run["text"] for run in one["inlines"])
        elif one.get("type") == "TextRun":
            continue
        elif words := one.get("label") or one.get("title"):
            yield str(words)
        yield from (str(choice["title"]) for choice in one.get("choices", []))
