"""Whether a payload has the shape that Slack gives it, wherever Bolt or we read it.

Invariants: looked at before anything is read, by whichever way it came; what a shape does not name is not read either;
texts can be written down (no NUL, no half of a character), times are times, and what a window remembers is what our
windows remember. A payload that does not fit is nobody's request: nothing is done and nothing of it is said.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

_LAST = 253_400_000_000  # the epoch second after which no calendar counts


def _written(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL")
    text.encode()  # a ValueError for half a character
    return text


Text = Annotated[str, AfterValidator(_written)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{2,40}$")]


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class Who(Shape):
    id: Id
    team_id: Text | None = None


class Team(Shape):
    id: Text
    domain: Text | None = None


class Channel(Shape):
    id: Text


class Message(Shape):
    ts: Text
    text: Text | None = None
    blocks: list[dict[str, Any]] | None = None


class Words(Shape):
    text: Text


class Chosen(Shape):
    value: Text
    text: Words


class Element(Shape):
    """What stands in a field."""

    type: Text
    value: Text | None = None
    selected_option: Chosen | None = None
    selected_options: list[Chosen] | None = None
    selected_date_time: Annotated[int, Field(ge=0, le=_LAST)] | None = None


class State(Shape):
    values: dict[Text, dict[Text, Element]] = {}


class Other(Shape):
    """A block that asks nothing."""

    type: Text


class Input(Shape):
    """A field: its name, with the number of its repaint (see forms.py)."""

    type: Literal["input"]
    block_id: Annotated[Text, Field(pattern=r"^[^~]+(~[0-9]{1,6})?$")]


def _block(found: dict[str, Any]) -> dict[str, Any]:
    (Input if found.get("type") == "input" else Other).model_validate(found)
    return found


class Memory(Shape):
    """A window's private metadata."""

    name: Text = ""
    subject: Text = ""
    form_id: Text = ""
    home: bool = False


def _remembered(metadata: str) -> str:
    if metadata:
        Memory.model_validate_json(metadata)
    return metadata


class View(Shape):
    id: Text
    type: Text
    callback_id: Text
    hash: Text
    private_metadata: Annotated[Text, AfterValidator(_remembered)] | None = None
    state: State | None = None
    blocks: list[Annotated[dict[str, Any], AfterValidator(_block)]]


class Command(Shape):
    command: Text
    user_id: Id
    team_id: Text
    text: Text = ""
    trigger_id: Text = ""
    response_url: Text = ""


class Interaction(Shape):
    user: Who
    team: Team | None = None
    team_id: Text | None = None
    trigger_id: Text = ""
    response_url: Text = ""
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


class Action(Shape):
    type: Text
    action_id: Text
    block_id: Text | None = None
    value: Text | None = None
    action_ts: Text = ""


class Pressed(Interaction):
    actions: Annotated[list[Action], Field(min_length=1)]


class Submitted(Interaction):
    view: View


class Closed(Shape):
    """Nobody here listens to it, but Bolt looks into it."""

    view: dict[str, Any]


class Typed(Interaction):
    action_id: Text
    block_id: Text
    value: Text | None = None


class Shortcut(Interaction):
    callback_id: Text


class OnMessage(Shortcut):
    message: Message
    channel: Channel


class Profile(Shape):
    email: Text | None = None
    real_name: Text | None = None


class Member(Who):
    profile: Profile | None = None
    real_name: Text | None = None
    name: Text | None = None
    tz: Text | None = None


class PersonEvent(Shape):
    user: Member


class HomeEvent(Shape):
    user: Id
    tab: Text | None = None


class AnyEvent(Shape):
    type: Text


class Happened(Shape):
    event: AnyEvent
    team_id: Text
    event_id: Text = ""


class Unheard(Shape):
    """What nobody here listens to."""

    type: Text | None = None
    event: AnyEvent | None = None


INTERACTIONS: Mapping[str, type[Shape]] = {
    "block_actions": Pressed,
    "view_submission": Submitted,
    "view_closed": Closed,
    "block_suggestion": Typed,
    "shortcut": Shortcut,
    "message_action": OnMessage,
    "event_callback": Happened,
}
EVENTS: Mapping[str, type[Shape]] = {
    "team_join": PersonEvent,
    "user_change": PersonEvent,
    "app_home_opened": HomeEvent,
}


def sound(body: Mapping[str, Any]) -> bool:
    """Whether this payload, parsed and signed, can be read."""
    try:
        Unheard.model_validate(body)
        shape = Command if "command" in body else INTERACTIONS.get(body.get("type", ""), Unheard)
        shape.model_validate(body)
        if shape is Happened:
            EVENTS.get(body["event"]["type"], AnyEvent).model_validate(body["event"])
    except (ValidationError, RecursionError):
        return False
    return True
