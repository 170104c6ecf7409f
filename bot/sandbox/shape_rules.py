"""The vocabulary in which Block Kit's rules are written: checks that name every fault with a JSON pointer.

Invariants: a check never raises, whatever JSON it is given; a property no rule names is a fault, as it is at Slack;
messages never repeat the text that was sent, only what is wrong and where.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def fault(message: str, path: str) -> str:
    return f"[ERROR] {message} [json-pointer:{path}]"


def anything(_value: Any, _path: str) -> Iterator[str]:
    """A property whose inside the sandbox does not judge."""
    yield from ()


def flag(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a valid boolean", path)


def words(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", path)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", path)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", path)

    return check


def matching(pattern: str, what: str) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield fault(f"must be {what}", path)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(allowed)}", path)

    return check


def whole(least: int, most: int) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault("must be an integer", path)
        elif not least <= value <= most:
            yield fault(f"must be between {least} and {most}", path)

    return check


def many(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items, each of which passes `item`."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", path)
            return
        if len(value) < least:
            yield fault(f"no less than {least} items allowed", path)
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", path)
        for at, one in enumerate(value):
            yield from item(one, f"{path}/{at}")

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *also: Callable[[Any, str], Iterator[str]],
) -> Check:
    """An object with these properties and no other; `also` are rules between them, asked when the rest is right."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", path)
            return
        found = [fault(f"missing required field: {name}", path) for name in required if name not in value]
        for name, inner in value.items():
            if name in known:
                found.extend(known[name](inner, f"{path}/{name}"))
            else:
                found.append(fault(f"invalid additional property: {name}", path))
        yield from found
        if not found:
            for rule in also:
                yield from rule(value, path)

    return check


def by_type(shapes: Mapping[str, Check], allowed: Sequence[str] | None = None) -> Check:
    """An object whose `type` chooses its shape, out of `allowed` (default: all)."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", path)
            return
        kind = value.get("type")
        if "type" not in value:
            yield fault("missing required field: type", path)
        elif not isinstance(kind, str) or kind not in (shapes if allowed is None else allowed):
            yield fault(f"unsupported type: {kind}" if isinstance(kind, str) else "unsupported type", path)
        else:
            yield from shapes[kind](value, path)

    return check


def plain(most: int) -> Check:
    """A plain_text object of at most `most` characters."""
    return by_type({"plain_text": shape({"type": anything, "text": words(most)}, {"emoji": flag})})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object of at most `most` characters."""
    shapes = {
        "plain_text": shape({"type": anything, "text": words(most)}, {"emoji": flag}),
        "mrkdwn": shape({"type": anything, "text": words(most)}, {"verbatim": flag}),
    }
    return by_type(shapes)
