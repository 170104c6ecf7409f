"""Teams' activities on their way to the doorway and back.

Invariants: nothing of a client is said where a chat keeps it, and nothing at all in group chats and channels; an invoke
is answered after the commit; a message that comes twice is answered once; ids of people, words and activities are never
logged; a fault becomes an answer of 200 with a reference, never a 500.
"""

import secrets
from collections import OrderedDict
from typing import Any

from bot import telemetry
from bot.doorway import Doorway
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.teams import cards, dialogs, incoming, words
from bot.teams.cards import HOME, Json
from bot.teams.dialogs import Shown
from bot.teams.directory import Directory, reference_of
from bot.teams.incoming import Caller
from bot.teams.sender import Sender
from bot.teams.shapes import Activity, Answered, Data, Extension, Fetched, Said, Unreadable, pressed, value
from handlers.chats import zone_at
from handlers.people import Unknown
from handlers.request import Account, Kind, Request
from handlers.router import find
from handlers.views import Card, Form, Home, Invalid, Options, Page, Reply, Say
from handlers.words import _

_SEEN = 2000
NOT_HEARD = 501  # what the Bot Framework wants said to an invoke that nobody listens to
Answer = tuple[int, Json]


class Listeners:
    """`heard` is given what was let in: signed for us, of the pinned tenant, in its shape."""

    def __init__(self, doorway: Doorway, directory: Directory, sender: Sender) -> None:
        self._doorway, self._directory, self._sender = doorway, directory, sender
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def heard(self, found: Activity) -> Answer:
        """The HTTP answer: a status and a body. Raises Unreadable."""
        try:
            if found.type == "installationUpdate" and found.action.startswith("remove"):
                await self._directory.lost(found)
                return 200, {}
            account = await self._directory.met(found)
            if found.type == "invoke":
                return await self._invoked(found, account)
            if found.type == "message" and self._is_new(found):
                await self._spoken(found, account)
            elif found.type == "conversationUpdate" and self._is_new(found):
                await self._installed(found, account)
        except Unreadable:
            raise
        except (Trouble, Limited, Unreachable, Rejected) as error:  # the answer's own way was shut
            telemetry.log.warning("not shown", action="teams", method=found.type, reason=str(error))
        except Exception as error:  # noqa: BLE001  the last door
            reference = secrets.token_hex(4)
            telemetry.fault("teams", found.name or found.type, error, reference=reference)
            self._seen.pop(_key(found), None)  # sent again, it is answered
            return _troubled(found, words.trouble(reference))
        return 200, {}

    def _is_new(self, found: Activity) -> bool:
        """The Connector sends again what it thinks was lost."""
        key = _key(found)
        new = not found.id or key not in self._seen
        self._seen[key] = None
        while len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        return new

    async def ask(self, request: Request) -> Reply:
        """Ask the house."""
        try:
            return await self._doorway.handle(request)
        except Unknown:
            return _as_asked(request, words.not_listed())

    # --- what is said in the chat
    async def _spoken(self, found: Activity, account: Account) -> None:
        if not found.personal:
            await self._post(found, text=words.in_private())
        elif not (account.human and account.ours):
            await self._post(found, cards.say(words.stranger()))
        elif data := pressed(found):
            await self._pressed_in_chat(data, found, account)
        else:
            await self._typed(found, account)

    async def _typed(self, found: Activity, account: Account) -> None:
        line = incoming.typed(found.text or "")
        if not line.command:
            return await self._post(found, words.unknown(more=line.more))
        kind = Kind.HOME if line.command == HOME else Kind.COMMAND
        key = f"command:{found.id}" if found.id else ""
        reply = await self.ask(Request(kind=kind, name=line.command, account=account, key=key))
        entry = find(kind, line.command)
        match reply:
            case Home():
                await self._post(found, *([cards.say(Say(text=words.keeps()))] if line.more else []), cards.home(reply))
            case Say():
                await self._post(found, *words.read_here(reply, more=line.more))
            case Page() if entry and entry.plain:
                await self._post(found, *words.read_here(reply, more=line.more))
            case Form():
                await self._post(found, words.open_form(line.command, more=line.more))
            case _:
                await self._post(found, words.open_page(line.command, more=line.more))
        return None

    async def _installed(self, found: Activity, account: Account) -> None:
        """The app is there for the first time; in a group nothing is said until somebody asks."""
        if found.personal and any(who.id == found.bot.id for who in found.added):
            await self._post(found, words.welcome() if account.human else cards.say(words.stranger()))

    async def _post(self, found: Activity, *shown: Json, text: str = "") -> None:
        await self._sender.post(reference_of(found), list(shown), headline="Sopwith", text=text)

    # --- what is pressed on a card
    async def _pressed_in_chat(self, data: Data, found: Activity, account: Account) -> None:
        """Where a client knows no Action.Execute, its button comes as a message."""
        shown, said = await self._acted(data.said, found, account)
        if shown and found.reply_to:
            await self._sender.rewrite(reference_of(found), found.reply_to, [shown], headline="Sopwith")
        elif said:
            await self._post(found, cards.say(Say(text=said)))

    async def _acted(self, said: Said, found: Activity, account: Account) -> tuple[Json | None, str]:
        """What takes the card's place, or what is said of it in words; the cards that show the matter are painted anew
        by the courier."""
        if said.verb != "does" or not found.personal:
            return None, _("This button is not known any more. Please type “home” and try from there.")
        reply = await self.ask(incoming.asked(said, account, found.id))
        if isinstance(reply, Say | Invalid):
            return None, reply.text if isinstance(reply, Say) else "\n".join(reply.errors.values())
        if said.page == [HOME, ""]:
            return await self._duties(account), ""
        return (cards.card(reply) if isinstance(reply, Card) and said.alone else None), _("Done.")

    async def _duties(self, account: Account) -> Json | None:
        reply = await self.ask(Request(kind=Kind.HOME, name=HOME, account=account))
        return cards.home(reply) if isinstance(reply, Home) else None

    # --- invokes
    async def _invoked(self, found: Activity, account: Account) -> Answer:
        asked = value(found)
        if asked is None:
            return NOT_HEARD, {}
        if found.name == "adaptiveCard/action":
            shown, said = await self._acted(asked.action.data.said, found, account)
            return 200, _replaced(shown) if shown else _told(said)
        shown_ = await self._in_dialog(asked, found, account)
        return 200, {"task": shown_.task} if shown_.task else {}

    async def _in_dialog(self, asked: Any, found: Activity, account: Account) -> Shown:
        zone = asked.data.said.zone if isinstance(asked, Fetched | Answered) else None
        if zone is None:
            zone = await self._doorway.ask(lambda tx: zone_at(tx, account, self._doorway.policy))
        caller = Caller(account=account, zone=zone, key=found.id, ask=self.ask)
        match asked:
            case Extension():
                return await dialogs.opened(incoming.command(asked.command, account, quoted=asked.quoted), caller)
            case Fetched() if found.name == "task/fetch":
                said = asked.data.said
                home = found.reply_to if said.page == [HOME, ""] else ""
                return await dialogs.opened(incoming.asked(said, account, found.id), caller, home)
            case Fetched() | Answered():
                shown = await dialogs.pressed(asked.data, caller)
                if shown.done and asked.data.said.home:
                    await self._repaint_home(asked.data.said.home, account)
                return shown
        raise Unreadable

    async def _repaint_home(self, id: str, account: Account) -> None:
        """The duties where the dialog was opened from; that they stay as they were is no fault of what was done."""
        shown = await self._duties(account)
        there = await self._directory.reference(str(account))
        if shown and there:
            try:
                await self._sender.rewrite(there, id, [shown], headline="Sopwith")
            except (Trouble, Limited, Unreachable, Rejected) as error:
                telemetry.log.warning("not shown", action="teams", method="home", reason=str(error))


def _key(found: Activity) -> str:
    return f"{found.conversation.id} {found.type} {found.id}"


def _replaced(card: Json) -> Json:
    return {"statusCode": 200, "type": cards.CONTENT_TYPE, "value": card}


def _told(text: str) -> Json:
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text}


def _troubled(found: Activity, say: Say) -> Answer:
    if found.type != "invoke":
        return 200, {}
    if found.name == "adaptiveCard/action":
        return 200, _told(say.text)
    asked = value(found)
    return 200, {"task": dialogs.troubled(asked.data if isinstance(asked, Fetched | Answered) else None, say)}


def _as_asked(request: Request, say: Say) -> Reply:
    """A sentence in the form that the question's kind takes."""
    if request.kind is Kind.SUBMIT:
        return Invalid(errors={"": say.text})
    return Options(options=()) if request.kind is Kind.SEARCH else say
