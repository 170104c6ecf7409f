"""What people do in Slack: each act is sent to the app as Slack would send it, and the answer is applied.

Invariants: only what the person can see can be used (LookupError otherwise); a place may be a deep copy made earlier,
which is how a stale card or a second click is played; an act the app fails to answer leaves what Slack would leave: the
form open with a word of trouble, or an ephemeral line from Slackbot.
"""

import json
from typing import Any, Self
from urllib.parse import urlencode

from bot.sandbox import payloads
from bot.sandbox.block_rules import check_options
from bot.sandbox.chat_methods import checked, put
from bot.sandbox.delivery import FORM, Answer, Delivery
from bot.sandbox.inputs import KEYS, options_of, value_of
from bot.sandbox.reading import element
from bot.sandbox.records import FaultSeen, Json, Message, User, View
from bot.sandbox.refusal import Refusal
from bot.sandbox.socket_delivery import SocketDelivery
from bot.sandbox.submitting import Submitted, apply, closed, refused
from bot.sandbox.workspace import SLACKBOT, Workspace


class Hands:
    """`events_url` is the app's one request address, and without one it is reached over Socket Mode; `patience` the
    seconds Slack waits for an answer."""

    def __init__(self, workspace: Workspace, events_url: str = "", *, patience: float = 3.0) -> None:
        self.workspace = workspace
        over_http = events_url != ""
        self.delivery = (
            Delivery(workspace, events_url, patience=patience)
            if over_http
            else SocketDelivery(workspace, patience=patience)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self.delivery.close()

    # commands and shortcuts
    async def slash(self, user_id: str, command: str, text: str = "", *, channel: str = "") -> Answer:
        """A slash command in the direct messages with the bot, or in `channel`."""
        workspace, user = self.workspace, self.workspace.users[user_id]
        place = workspace.channels[channel] if channel else workspace.dm(user_id)
        form = payloads.slash(workspace, user, command, text, place)
        answer = await self.delivery.deliver("slash", urlencode(form).encode(), FORM)
        if not answer.ok:
            why = "operation_timeout" if answer.reason == "http_timeout" else "dispatch_failed"
            said = f'{command} failed with the error "{why}"'
            workspace.post(place.id, SLACKBOT, said, ephemeral_to=user_id)
        elif answer.body:
            sent = answer.body if isinstance(answer.body, dict) else {"text": str(answer.body)}
            self._say(user_id, place.id, sent)
        return answer

    def _say(self, user_id: str, channel: str, sent: Json) -> None:
        reader = "" if sent.get("response_type") == "in_channel" else user_id
        try:
            text, blocks = checked(sent)
        except Refusal as refusal:
            self._fault("slash answer", refusal.messages or [str(refusal)])
        else:
            put(self.workspace, channel, text, blocks, ephemeral_to=reader)

    async def shortcut(self, user_id: str, callback_id: str) -> Answer:
        return await self._interact(payloads.shortcut(self.workspace, self.workspace.users[user_id], callback_id))

    async def message_shortcut(self, user_id: str, callback_id: str, message: Message) -> Answer:
        user = self._seeing(user_id, message)
        return await self._interact(payloads.message_shortcut(self.workspace, user, callback_id, message))

    # what is on a message, modal or home
    async def click(
        self, user_id: str, place: Message | View, action_id: str, chosen: Any = None, *, block_id: str = ""
    ) -> Answer:
        """Press a button, or take `chosen` (an option's value, a person's id, …) in a menu outside an input block."""
        block, what = element(place, action_id, block_id)
        self._seeing(user_id, place)
        if what["type"] in KEYS:
            self._keep(place, block, what, chosen)
        return await self._dispatch(user_id, place, block, what, chosen)

    async def fill(
        self, user_id: str, place: Message | View, block_id: str, action_id: str, value: Any
    ) -> Answer | None:
        """Type or choose in a form; None empties. Told to the app at once only where the block dispatches."""
        block, what = element(place, action_id, block_id)
        self._seeing(user_id, place)
        self._keep(place, block, what, value)
        if block["type"] == "input" and not block["dispatch_action"]:
            return None
        return await self._dispatch(user_id, place, block, what, value)

    def _keep(self, place: Message | View, block: Json, what: Json, value: Any) -> None:
        place.state[block["block_id"]][what["action_id"]] = value_of(
            what, value, place.offered.get(what["action_id"], [])
        )
        if isinstance(place, View):
            place.errors.pop(block["block_id"], None)
        self.workspace.touch()

    async def _dispatch(self, user_id: str, place: Message | View, block: Json, what: Json, chosen: Any) -> Answer:
        action: Json = {k: what[k] for k in ("type", "action_id", "text", "value", "style", "placeholder") if k in what}
        action |= {"block_id": block["block_id"], "action_ts": self.workspace.new_ts()}
        if what["type"] == "overflow":
            action["selected_option"] = next(o for o in options_of(what) if o["value"] == chosen)
        elif what["type"] in KEYS:
            action |= place.state[block["block_id"]][what["action_id"]]
        user = self.workspace.users[user_id]
        return await self._interact(payloads.block_actions(self.workspace, user, place, action))

    async def type_ahead(
        self, user_id: str, place: Message | View, action_id: str, typed: str, *, block_id: str = ""
    ) -> list[Json]:
        """The options offered for what was typed, groups flattened; [] when the app fails to answer."""
        block, what = element(place, action_id, block_id)
        ids = block["block_id"], what["action_id"]
        user = self._seeing(user_id, place)
        answer = await self._interact(payloads.block_suggestion(self.workspace, user, place, ids, typed))
        wrong = check_options(answer.body) if answer.ok else []
        self._fault("block_suggestion answer", wrong)
        options = options_of(answer.body) if answer.ok and not wrong else []
        place.offered[action_id] = options
        self.workspace.touch()
        return options

    # modals
    async def submit(self, user_id: str, view: View | None = None) -> Submitted:
        """Press the submit button of this modal (default: the one in front)."""
        view = view or self._front(user_id)
        user = self._seeing(user_id, view)
        kept_back = refused(self.workspace, view)
        if kept_back:
            return kept_back
        answer = await self._interact(payloads.view_submission(self.workspace, user, view))
        return apply(self.workspace, view, answer)

    async def close_view(self, user_id: str, view: View | None = None, *, everything: bool = False) -> list[Answer]:
        """Press Cancel (or, with `everything`, the cross that closes the whole stack)."""
        view = view or self._front(user_id)
        user = self._seeing(user_id, view)
        told = closed(self.workspace, view, everything=everything)
        shut = [payloads.view_closed(self.workspace, user, v, cleared=everything) for v in told]
        return [await self._interact(payload) for payload in shut]

    def _front(self, user_id: str) -> View:
        view = self.workspace.top(user_id)
        if view is None:
            raise LookupError(f"{user_id} has no modal open")
        return view

    # events
    async def open_home(self, user_id: str, *, tab: str = "home") -> Answer:
        """Look at the app's home tab (or its "messages" tab)."""
        return await self.event(payloads.home_opened(self.workspace, self.workspace.users[user_id], tab))

    async def join(self, user_id: str) -> Answer:
        return await self.event(payloads.person_event(self.workspace, "team_join", self.workspace.users[user_id]))

    async def change(self, user_id: str, **new: Any) -> Answer:
        """Change a person's name, e-mail, zone, `deleted`, …, and tell the app."""
        user = self.workspace.users[user_id]
        for name, value in new.items():
            setattr(user, name, value)
        self.workspace.touch()
        return await self.event(payloads.person_event(self.workspace, "user_change", user))

    async def event(self, inner: Json) -> Answer:
        """Any other event, with Slack's retries until it is answered with 200."""
        return await self.delivery.deliver_event(payloads.event(self.workspace, inner))

    async def handshake(self) -> Answer:
        """The url_verification by which Slack tries a request address; the app answers with the challenge."""
        challenge = self.workspace.new_id("challenge-")
        sent = {"token": self.workspace.verification_token, "challenge": challenge, "type": "url_verification"}
        return await self.delivery.deliver("handshake", json.dumps(sent).encode(), "application/json")

    async def _interact(self, payload: Json) -> Answer:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.delivery.deliver("interaction", body, FORM)

    def _seeing(self, user_id: str, place: Message | View) -> User:
        if isinstance(place, View):
            sees = place.user == user_id
        else:
            sees = user_id in self.workspace.channels[place.channel].members and place.ephemeral_to in ("", user_id)
        if not sees:
            raise LookupError(f"{user_id} does not see this")
        return self.workspace.users[user_id]

    def _fault(self, where: str, messages: list[str]) -> None:
        self.workspace.faults_seen.extend(FaultSeen(where=where, message=m) for m in messages)
