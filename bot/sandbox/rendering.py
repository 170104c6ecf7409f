"""The sandbox's templates: everything escaped, a missing name is an error, words pass through translation."""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from handlers.words import _

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of the page that is fetched alone; the same HTML has the same stamp."""

    html: Markup
    stamp: str


def part(name: str, **values: Any) -> Part:
    """Paint the macro of this name in `parts.html`."""
    html = Markup(getattr(environment().get_template("parts.html").module, name)(**values))  # noqa: S704 - escapes
    return Part(html=html, stamp=blake2b(html.encode(), digest_size=6).hexdigest())


@cache
def environment() -> Environment:
    """One for the process; templates are read once."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["_"] = _
    return made
