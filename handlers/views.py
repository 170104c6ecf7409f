"""What a person sees, said once and painted by each platform: cards, forms, pages, short answers.

Invariants: ids are the only content of buttons and of a form's subject; a form knows what was typed (`values`) and what
is wrong (`errors`), so nothing typed is lost; a button either opens a form or does an action, told apart before
painting because some platforms open dialogs differently. Text here is plain: painters escape it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# --- what is shown -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph; `quiet` paints it as small print, `strong` in bold."""

    text: str
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Label and value, line by line."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A line that names what follows."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Divider:
    """A thin line between neighbours."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of a checklist: what, whether done, and who did it when (or what to do)."""

    text: str
    done: bool
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """Steps in order."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Opens:
    """The button opens the form or page registered under `name` for `subject` (ids only)."""

    name: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Does:
    """The button does the action registered under `name` to `subject` (ids only)."""

    name: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Button:
    """`primary` is at most one per card; `confirm` is a question asked before it is done."""

    label: str
    act: Opens | Does
    primary: bool = False
    confirm: str = ""


@dataclass(frozen=True, kw_only=True)
class Buttons:
    """A row of buttons amid other items."""

    buttons: tuple[Button, ...]


Item = Text | Facts | Heading | Divider | Checklist | Buttons

# --- what is asked -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice: `value` is an id or a key, `label` what a person reads (at most 75 characters are painted)."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class TextField:
    """Free text; its value is a str."""

    name: str
    label: str
    hint: str = ""
    optional: bool = False
    multiline: bool = False
    max_length: int = 3000


@dataclass(frozen=True, kw_only=True)
class ChoiceField:
    """One of few; its value is the option's value. `refreshes`: choosing repaints the form (fields appear)."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    optional: bool = False
    refreshes: bool = False


@dataclass(frozen=True, kw_only=True)
class ManyField:
    """Any of few; its value is a tuple of option values."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    optional: bool = True


@dataclass(frozen=True, kw_only=True)
class SearchField:
    """Type-ahead answered by `search`; its value is an `Option`. `aside`: behind a button where little fits at once."""

    name: str
    label: str
    search: str
    hint: str = ""
    optional: bool = False
    refreshes: bool = False
    aside: bool = False


@dataclass(frozen=True, kw_only=True)
class WhenField:
    """An instant; its value is an aware datetime in UTC."""

    name: str
    label: str
    hint: str = ""
    optional: bool = False


Field = TextField | ChoiceField | ManyField | SearchField | WhenField
Value = str | tuple[str, ...] | Option | datetime | None

# --- the replies ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Form:
    """A modal or dialog. `name` is its submission's name in the registry; `form_id` is set by the doorway."""

    name: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    subject: str = ""
    intro: tuple[Item, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    form_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Something to read in a modal, for this one person, checked at click time."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A message in the person's own chat: a reference, a duty and a time; never a client's name or note."""

    title: str
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Home:
    """The person's duties, section by section."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Say:
    """A short private answer: title and a few lines. `reference` is what a second click on the same form is told."""

    text: str
    title: str = ""
    items: tuple[Item, ...] = ()
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """What is wrong, by field name ("" = the whole form); nothing happened and what was typed stays.

    `why`, when set, is recorded as a refusal: a word of ours, never what was typed."""

    errors: Mapping[str, str]
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The answer to a type-ahead."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Done:
    """Nothing to say: what changed shows itself."""


@dataclass(frozen=True, kw_only=True)
class Data:
    """An answer for the command line: plain values."""

    data: object
    ok: bool = True


Reply = Form | Page | Card | Home | Say | Invalid | Options | Done | Data
