"""How the Bot Framework brings an activity to the bot: with a token of its own, to loopback only, with fifteen seconds
for the answer; a message that was not taken is sent again.

Invariants: every delivery with its answer is in `sent`, so that it can be replayed byte for byte; a refused connection,
a cut one and a late answer are answers too (status 0), never exceptions.
"""

import asyncio
import json

from bot.sandbox.delivery import Answer, Wire
from bot.sandbox.faults import Kind
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.tenant import Json, Tenant

RETRIES = 3


class Delivery(Wire):
    """`kind` is "invoke" or "message" (all the rest); faults can be switched on for either."""

    def __init__(self, tenant: Tenant, issuer: Issuer, url: str, *, patience: float = 15.0) -> None:
        super().__init__(url, patience=patience)
        self.tenant, self.issuer = tenant, issuer

    async def deliver(self, activity: Json) -> Answer:
        """Deliver, as the faults have it."""
        kind = "invoke" if activity["type"] == "invoke" else "message"
        body, headers = json.dumps(activity).encode(), self.signed(activity)
        fault = self.tenant.faults.pick(kind, delivery=True)
        if fault and fault.kind is Kind.LATE:
            await asyncio.sleep(fault.seconds)
        answer = await self.post(kind, body, headers)
        if fault and fault.kind in {Kind.DUPLICATE, Kind.RETRY}:
            await self.post(kind, body, headers)
        for _try in range(RETRIES if kind == "message" else 0):
            if answer.status < 500 and answer.status:
                break
            answer = await self.post(kind, body, headers)
        return answer

    def signed(self, activity: Json) -> dict[str, str]:
        token = self.issuer.token(str(activity["serviceUrl"]))
        return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
