"""What people do in Teams: each act is sent to the bot as Teams would send it, and the answer is applied.

Invariants: only what the person can see can be used (LookupError otherwise); a post may be a deep copy made earlier,
which is how a stale card or a second click is played; an answer Teams would not understand leaves what stands there,
with a word of trouble, and is a fault seen.
"""

from typing import Any

from bot.sandbox.delivery import Answer
from bot.sandbox.teams import card_rules
from bot.sandbox.teams.activities import activity, installed, invoke, removed
from bot.sandbox.teams.card_rules import inputs
from bot.sandbox.teams.delivery import Delivery
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.tenant import Dialog, Json, Member, Post, Tenant

TROUBLE = "Something went wrong. Try again."
CARD = "application/vnd.microsoft.card.adaptive"
TOAST = "application/vnd.microsoft.activity.message"


class Hands:
    """`url` is the bot's messaging endpoint."""

    def __init__(self, tenant: Tenant, issuer: Issuer, url: str, *, patience: float = 15.0) -> None:
        self.tenant = tenant
        self.delivery = Delivery(tenant, issuer, url, patience=patience)
        self.toasts: dict[str, str] = {}  # what was last said of a click, by member

    async def close(self) -> None:
        await self.delivery.close()

    # --- the app and the chat
    async def install(self, aad: str) -> Answer:
        return await self.delivery.deliver(installed(self.tenant, self.tenant.members[aad]))

    async def remove(self, aad: str) -> Answer:
        return await self.delivery.deliver(removed(self.tenant, self.tenant.members[aad]))

    async def say(self, aad: str, text: str, *, conversation: str = "") -> Answer:
        """Type a line into the chat with the bot, or with a mention into a group."""
        member = self.tenant.members[aad]
        said = f"<at>Sopwith</at> {text}" if conversation else text
        self.tenant.post(conversation or member.chat, author=aad, said=text)
        sent = activity(self.tenant, member, "message", conversation=conversation, text=said, textFormat="plain")
        return await self.delivery.deliver(sent)

    # --- message extensions
    async def extension(self, aad: str, command: str, on: Post | None = None, *, conversation: str = "") -> Answer:
        """An action from the command box, or on a message."""
        value: Json = {"commandId": command, "commandContext": "message" if on else "commandBox"}
        if on:
            body = {"contentType": "html", "content": f"<p>{on.said}</p>"}
            value["messagePayload"] = {"id": on.id, "body": body, "linkToMessage": f"https://teams.example/l/{on.id}"}
        return await self._dialog(aad, "composeExtension/fetchTask", value, extension=command, place=conversation)

    # --- cards
    async def press(self, aad: str, on: Post | Dialog, action: Json) -> Answer:
        """A button, with what stands in the inputs of its surface."""
        if isinstance(on, Dialog):
            return await self._submit(aad, on, action)
        if on.conversation != self.tenant.members[aad].chat:
            raise LookupError(f"{aad} does not see this")
        data = {**on.state, **action["data"]}
        if data.get("msteams", {}).get("type") == "task/fetch":
            return await self._dialog(aad, "task/fetch", {"data": data}, replyToId=on.id)
        if action["type"] == "Action.Execute":
            return await self._execute(aad, on, action, data)
        sent = activity(self.tenant, self.tenant.members[aad], "message", value=data, replyToId=on.id)
        return await self.delivery.deliver(sent)

    async def _execute(self, aad: str, on: Post, action: Json, data: Json) -> Answer:
        value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": data}, "trigger": "manual"}
        sent = invoke(self.tenant, self.tenant.members[aad], "adaptiveCard/action", value, replyToId=on.id)
        answer = await self.delivery.deliver(sent)
        body = answer.body if answer.ok and isinstance(answer.body, dict) else {}
        kind, shown = body.get("type"), body.get("value")
        if kind == CARD and isinstance(shown, dict):
            wrong = card_rules.check(shown, dialog=False)
            self.tenant.fault("adaptiveCard/action answer", wrong)
            standing = self.tenant.post_of(on.conversation, on.id)
            if standing and not wrong and len(standing.cards) == 1:
                standing.cards = [shown]
        elif kind == TOAST and isinstance(shown, str) and shown:
            self.toasts[aad] = shown
        else:
            self.toasts[aad] = TROUBLE
            self.tenant.fault("adaptiveCard/action answer", [f"status {answer.status}, type {kind}"] * answer.ok)
        self.tenant.touch()
        return answer

    # --- dialogs
    async def _submit(self, aad: str, on: Dialog, action: Json) -> Answer:
        asked = {one["id"]: on.state.get(one["id"], "") for one in inputs(on.card)}
        data = {**{k: v for k, v in asked.items() if v}, **action["data"]}
        if on.extension:
            value: Json = {"commandId": on.extension, "data": data}
            return await self._dialog(
                aad, "composeExtension/submitAction", value, extension=on.extension, place=on.conversation
            )
        return await self._dialog(aad, "task/submit", {"data": data})

    async def _dialog(
        self, aad: str, name: str, value: Json, *, extension: str = "", place: str = "", **more: Any
    ) -> Answer:
        member = self.tenant.members[aad]
        sent = invoke(self.tenant, member, name, {**value, "context": {"theme": "default"}}, conversation=place, **more)
        answer = await self.delivery.deliver(sent)
        front = self.tenant.dialogs.get(aad)
        task = answer.body.get("task") if answer.ok and isinstance(answer.body, dict) else None
        if not answer.ok or not isinstance(answer.body, dict):
            if front:
                front.trouble = TROUBLE
        elif task is None:
            self.tenant.dialogs.pop(aad, None)
        elif wrong := _wrong(task):
            self.tenant.fault(f"{name} answer", wrong)
        else:
            self.tenant.dialogs[aad] = _opened(self.tenant, member, task["value"], extension, place)
        self.tenant.touch()
        return answer

    def fill(self, on: Dialog, id: str, value: str) -> None:
        """Type or choose; a choice that is not offered cannot be made."""
        one = next((found for found in inputs(on.card) if found["id"] == id), None)
        if one is None:
            raise LookupError(f"no input {id}")
        offered = [choice["value"] for choice in one.get("choices", [])]
        picked = value.split(",") if one.get("isMultiSelect") else [value]
        if one["type"] == "Input.ChoiceSet" and any(v and v not in offered for v in picked):
            raise LookupError(f"no such choice: {value!r}, only {offered}")
        on.state[id] = value[: one.get("maxLength", len(value))]
        self.tenant.touch()

    def close_dialog(self, aad: str) -> None:
        """The cross: nothing is told to the bot."""
        self.tenant.dialogs.pop(aad, None)
        self.tenant.touch()


def _wrong(task: Any) -> list[str]:
    value = task.get("value") if isinstance(task, dict) else None
    if not isinstance(value, dict) or task.get("type") != "continue":
        return ["neither a dialog nor nothing"]
    shown = value.get("card") or {}
    wrong = [] if shown.get("contentType") == CARD else ["a dialog without a card"]
    wrong += [] if isinstance(value.get("title"), str) and value["title"] else ["a dialog without a title"]
    return wrong + card_rules.check(shown.get("content"), dialog=True)


def _opened(tenant: Tenant, member: Member, value: Json, extension: str, place: str) -> Dialog:
    card = value["card"]["content"]
    state = {one["id"]: one["value"] for one in inputs(card) if one.get("value")}
    return Dialog(
        id=tenant.new_id(),
        user=member.aad,
        title=value["title"],
        card=card,
        extension=extension,
        conversation=place,
        state=state,
    )
