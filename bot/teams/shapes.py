"""Whether an activity has the shape that Teams gives it, before anything of it is read.

Invariants: what a shape does not name is not read either; texts can be written down (no NUL, no half of a character);
what our buttons and dialogs remember is what ours remember. An activity that does not fit is nobody's request: nothing
is done and nothing of it is said.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

OURS = "sopwith"  # where in a button's data everything of ours lies; beside it lies what was typed


def _written(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL")
    text.encode()  # a ValueError for half a character
    return text


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, OSError):  # a ValueError is one already
        raise ValueError("no zone") from None


Text = Annotated[str, AfterValidator(_written)]
Id = Annotated[Text, Field(max_length=400)]
Pair = Annotated[list[Text], Field(min_length=2, max_length=2)]  # a tuple, as JSON has it
Guid = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", populate_by_name=True)


class Who(Shape):
    """`aad` is the person's object id in the tenant's directory; bots and anonymous guests have none."""

    id: Id = ""
    aad: Guid | None = Field(default=None, alias="aadObjectId")
    role: Text | None = None


class Conversation(Shape):
    id: Id
    kind: Text | None = Field(default=None, alias="conversationType")


class Steps(Shape):
    """Where somebody is in a form: which fields were asked, which stand on this step, what was typed
    before; what the menus that are searched hold (`offered`), and which of them hold more than that (`long`); all
    `inputs` of the form, for Teams leaves out those in which nothing stands; the
    `zone` in which times were painted, and are meant. On the last step: what stood in the inputs whose change would
    change the form (`pins`), and the fields that must be filled in (`must`)."""

    by: Literal["command", "open"] = "open"
    opener: Id = ""
    form_id: Id = ""
    asked: list[Id] = []
    shown: list[Id] = []
    typed: dict[Id, Text] = {}
    offered: dict[Id, list[Pair]] = {}
    long: list[Id] = []
    inputs: list[Id] = []
    pins: dict[Id, Text] | None = None
    must: list[Id] = []
    zone: Annotated[Text, Field(max_length=80), AfterValidator(_zone)] = ""


class Said(Shape):
    """What a button of ours says: what to do, by name, and to what (ids only). `page`: the page it stands on; `home`:
    the message that shows the duties, when it was opened from there; `alone`: nothing else stands in the message."""

    verb: Literal["command", "opens", "does", "form", "find", "more", "back"]
    name: Id = ""
    subject: Id = ""
    page: Pair | None = None
    home: Id = ""
    alone: bool = True
    steps: Steps = Steps()

    @property
    def on_a_form(self) -> bool:
        return self.verb in {"form", "find", "more", "back"}

    @property
    def zone(self) -> ZoneInfo | None:
        """In which the form was painted that the button stands on."""
        return ZoneInfo(self.steps.zone) if self.on_a_form and self.steps.zone else None


class Data(Shape):
    """A button's data: ours, and the inputs beside it."""

    model_config = ConfigDict(strict=True, extra="allow", populate_by_name=True)
    said: Said = Field(alias=OURS)

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        for name in self.inputs:
            _written(name)
        return self

    @property
    def inputs(self) -> dict[str, str]:
        """What stands in the fields, by input id; anything else beside them is Teams'."""
        found = self.model_extra or {}
        return {k: _written(v) for k, v in found.items() if isinstance(v, str)}


class Fetched(Shape):
    data: Data


class Acted(Shape):
    type: Text = ""
    data: Data


class Act(Shape):
    action: Acted


class Body(Shape):
    content: Text = ""
    kind: Text | None = Field(default=None, alias="contentType")


class Quoted(Shape):
    """A message somebody logs: its words and its address."""

    body: Body = Body()
    link: Text | None = Field(default=None, alias="linkToMessage")


class Extension(Shape):
    command: Id = Field(alias="commandId")
    quoted: Quoted | None = Field(default=None, alias="messagePayload")


class Answered(Shape):
    command: Id = Field(default="", alias="commandId")
    data: Data


class Activity(Shape):
    """The part that every activity has, and the texts of those we listen to."""

    type: Text
    id: Id = ""
    name: Text = ""
    service_url: Id = Field(alias="serviceUrl")
    who: Who = Field(default=Who(), alias="from")
    bot: Who = Field(default=Who(), alias="recipient")
    conversation: Conversation
    reply_to: Id = Field(default="", alias="replyToId")
    text: Text | None = None
    value: dict[str, Any] | None = None
    zone: Annotated[Text, Field(max_length=80)] = Field(default="", alias="localTimezone")
    action: Text = ""
    added: list[Who] = Field(default=[], alias="membersAdded")

    @property
    def personal(self) -> bool:
        """In somebody's own chat with the bot. A message extension says nothing of that: it is used in any chat, and
        that of two colleagues is personal too."""
        return self.conversation.kind == "personal" and not self.name.startswith("composeExtension/")


INVOKES: Mapping[str, type[Shape]] = {
    "task/fetch": Fetched,
    "task/submit": Fetched,
    "composeExtension/fetchTask": Extension,
    "composeExtension/submitAction": Answered,
    "adaptiveCard/action": Act,
}


class Unreadable(Exception):
    """Not as Teams would send it."""


def activity(body: object) -> Activity:
    """Raises Unreadable."""
    try:
        return Activity.model_validate(body)
    except (ValidationError, RecursionError, UnicodeError):
        raise Unreadable from None


def value(found: Activity) -> Any:
    """An invoke's value in its shape; None for an invoke that nobody here listens to. Raises Unreadable."""
    shape = INVOKES.get(found.name)
    if shape is None:
        return None
    try:
        return shape.model_validate(found.value)
    except (ValidationError, RecursionError, UnicodeError):
        raise Unreadable from None


def pressed(found: Activity) -> Data | None:
    """What a button said that came as a message (Action.Submit outside a dialog). Raises Unreadable."""
    if not found.value:
        return None
    try:
        return Data.model_validate(found.value)
    except (ValidationError, RecursionError, UnicodeError):
        raise Unreadable from None
