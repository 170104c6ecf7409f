"""Who speaks on Teams, told to the house as `accounts.seen`; and where each private chat is, kept for what comes later.

Invariants: a person is matched by the directory's object id, then by e-mail, then by user principal name; nobody's data
is kept here but which chats are known; an address is stored again when the platform names another one.
"""

from collections import OrderedDict
from dataclasses import replace

from botbuilder.schema import ChannelAccount

from bot.doorway import Doorway
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.teams.connector import Adapter
from bot.teams.incoming import account_of
from bot.teams.shapes import Activity
from handlers.request import Account, Kind, Request
from storage import chat
from storage.chat import Reference

_KNOWN = 10_000


class Directory:
    """For one tenant."""

    def __init__(self, adapter: Adapter, doorway: Doorway, tenant_id: str) -> None:
        self._adapter, self._doorway, self._tenant_id = adapter, doorway, tenant_id
        self._known: OrderedDict[str, Reference] = OrderedDict()

    async def met(self, found: Activity) -> Account:
        """Who is heard, and that the private chat is there now. Somebody nobody knows yet is looked up; whoever is from
        elsewhere is no one of ours."""
        account = account_of(found, self._tenant_id)
        name, there = str(account), reference_of(found)
        if not account.human or (found.personal and self._known.get(name) == there):
            return account
        if await self._doorway.ask(lambda tx: chat.account(tx, name)) is None:
            account = await self.look_up(found, account)
        if found.personal and await self._doorway.do(lambda tx: chat.found_at(tx, name, there), repeatable=True):
            self._known[name] = there
            self._known.move_to_end(name)
            while len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        return account

    async def look_up(self, found: Activity, account: Account) -> Account:
        """Ask the Connector who this is, tell the house, and give the account as the Connector vouches for it. When it
        does not answer, only a private chat says enough: a stranger has none."""
        there = self._adapter.client(found.service_url).conversations
        try:
            member: ChannelAccount = await self._adapter.call(
                there.get_conversation_member(found.conversation.id, found.who.id)
            )
        except (Trouble, Limited, Unreachable, Rejected):
            return replace(account, ours=found.personal)
        facts = dict(member.additional_properties or {})
        account = replace(account, ours=str(facts.get("tenantId") or "").lower() == self._tenant_id.lower())
        addresses = [str(facts.get(key) or "") for key in ("email", "userPrincipalName")]
        for email in dict.fromkeys([one for one in addresses if one] or [""]):
            row = {
                "account": str(account),
                "email": email,
                "name": str(member.name or ""),
                "zone": found.zone,
                "guest": "yes" if str(facts.get("userRole") or "").lower() == "guest" else "no",
                "active": "yes",
                "human": "yes" if account.human else "no",
                "ours": "yes" if account.ours else "no",
            }
            await self._doorway.handle(Request(kind=Kind.DESK, name="accounts.seen", operator="teams", rows=(row,)))
            if await self._doorway.ask(lambda tx: chat.account(tx, str(account))):
                break
        return account

    async def reference(self, account: str) -> Reference | None:
        """Where the chat with this account is."""
        return await self._doorway.ask(lambda tx: chat.reference(tx, account))


def reference_of(found: Activity) -> Reference:
    return Reference(conversation=found.conversation.id, service_url=found.service_url)
