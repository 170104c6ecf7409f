"""Who speaks on Teams, told to the house as `accounts.seen`; and where each private chat is, kept for what comes later.

Invariants: a person is matched by the directory's object id, then by e-mail, then by user principal name; nobody's data
is kept here but which chats are known; an address is stored again when the platform names another one.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from botbuilder.schema import ChannelAccount

from bot import telemetry
from bot.doorway import Doorway
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.teams.connector import Adapter
from bot.teams.incoming import account_of
from bot.teams.shapes import Activity
from handlers.request import Account, Kind, Request
from storage import chat
from storage.chat import Reference

_KNOWN = 10_000
MINUTE = 60.0  # seconds after which it is looked at again whether messages reach somebody's chat


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Where the chat was found; None when only a message extension was heard."""

    there: Reference | None
    until: float


class Directory:
    """For one tenant."""

    def __init__(self, adapter: Adapter, doorway: Doorway, tenant_id: str) -> None:
        self._adapter, self._doorway, self._tenant_id = adapter, doorway, tenant_id
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: set[asyncio.Task[None]] = set()

    async def met(self, found: Activity) -> Account:
        """Who is heard, and that the private chat is there now. Somebody nobody knows yet is looked up; whoever is from
        elsewhere is no one of ours."""
        account = account_of(found, self._tenant_id)
        name = str(account)
        there: Reference | None = reference_of(found) if found.personal else None
        known = self._known.get(name)
        if not account.human or (known and time.monotonic() < known.until and there in (known.there, None)):
            return account
        linked = await self._doorway.ask(lambda tx: chat.account(tx, name)) is not None
        if not linked:
            account = await self.look_up(found, account)
        elif found.personal and (known is None or known.there is None):
            self._look_again(found, account)
        if there and not await self._doorway.ask(lambda tx: chat.is_at(tx, name, there)):
            linked = await self._doorway.do(lambda tx: chat.found_at(tx, name, there), repeatable=True)
        if linked:
            self._remember(name, there)
        return account

    def _remember(self, name: str, there: Reference | None) -> None:
        self._known[name] = _Known(there=there, until=time.monotonic() + MINUTE)
        self._known.move_to_end(name)
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)

    def _look_again(self, found: Activity, account: Account) -> None:
        """Once in a process: whether the people file, or the tenant's directory, says something else of this person
        than when the account was linked. Nobody waits for it."""
        task = asyncio.get_running_loop().create_task(self._looked_again(found, account))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _looked_again(self, found: Activity, account: Account) -> None:
        try:
            await self.look_up(found, account)
        except Exception as error:  # noqa: BLE001  nobody waits for this task
            telemetry.fault("teams", "directory", error)

    async def stop(self) -> None:
        """Ask no more."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def lost(self, found: Activity) -> None:
        """The app was taken away from somebody's chat: no message reaches it any more."""
        name = str(account_of(found, self._tenant_id))
        self._known.pop(name, None)
        await self._doorway.do(lambda tx: chat.fell_silent(tx, name), repeatable=True)

    async def look_up(self, found: Activity, account: Account) -> Account:
        """Ask the Connector who this is, tell the house, and give the account as the Connector vouches for it. When it
        does not answer (in a chat of others it will not), the signed tenant stands, and the people file may name the
        account by its object id."""
        there = self._adapter.client(found.service_url).conversations
        try:
            member: ChannelAccount = await self._adapter.call(
                there.get_conversation_member(found.conversation.id, found.who.id)
            )
        except (Trouble, Limited, Unreachable, Rejected):
            if await self._doorway.ask(lambda tx: chat.account(tx, str(account))) is None:
                await self._tell(found, account, "", "", guest=False)
            return account
        facts = dict(member.additional_properties or {})
        account = replace(account, ours=str(facts.get("tenantId") or "").lower() == self._tenant_id.lower())
        addresses = [str(facts.get(key) or "") for key in ("email", "userPrincipalName")]
        guest = str(facts.get("userRole") or "").lower() == "guest"
        for email in dict.fromkeys([one for one in addresses if one] or [""]):
            if await self._tell(found, account, email, str(member.name or ""), guest=guest):
                break
        return account

    async def _tell(self, found: Activity, account: Account, email: str, name: str, *, guest: bool) -> bool:
        """Tell the house; whether the account is linked now."""
        row = {
            "account": str(account),
            "email": email,
            "name": name,
            "zone": found.zone,
            "guest": "yes" if guest else "no",
            "active": "yes",
            "human": "yes" if account.human else "no",
            "ours": "yes" if account.ours else "no",
        }
        await self._doorway.handle(Request(kind=Kind.DESK, name="accounts.seen", operator="teams", rows=(row,)))
        return await self._doorway.ask(lambda tx: chat.account(tx, str(account))) is not None

    async def reference(self, account: str) -> Reference | None:
        """Where the chat with this account is."""
        return await self._doorway.ask(lambda tx: chat.reference(tx, account))


def reference_of(found: Activity) -> Reference:
    return Reference(conversation=found.conversation.id, service_url=found.service_url)
