"""The public keys that the Bot Framework signs with, fetched beside the event loop and kept for a day.

Invariants: an unknown key is asked for again, at most once a minute, so that a forger cannot keep us asking; the SDK's
own cache would block the loop, and give up on a key that came during the day.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from jwt.algorithms import RSAAlgorithm

DAY = 24 * 3600.0
PAUSE = 60.0  # seconds between two questions about unknown keys
PATIENCE = 5.0


class UnknownKey(Exception):
    """Nobody signs with such a key, or the keys could not be fetched."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """As the SDK wants it: the key, and the channels that it may sign for."""

    public_key: Any
    endorsements: Sequence[str]


class Keys:
    """`url` is the address of the OpenID metadata document."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: Mapping[str, Key] = {}
        self._asked = self._fetched = float("-inf")
        self._asking = asyncio.Lock()

    @property
    def known(self) -> int:
        """How many there are."""
        return len(self._keys)

    async def get(self, key_id: str | None) -> Key:
        """The key of this id. Raises UnknownKey."""
        if not self._known(key_id):
            await self._refresh(key_id)
        if key_id is None or key_id not in self._keys:
            raise UnknownKey
        return self._keys[key_id]

    def _known(self, key_id: str | None) -> bool:
        return key_id in self._keys and time.monotonic() - self._fetched < DAY

    async def _refresh(self, key_id: str | None) -> None:
        async with self._asking:
            if self._known(key_id) or time.monotonic() - self._asked < PAUSE:
                return
            self._asked = time.monotonic()
            try:
                found = await asyncio.to_thread(self._fetch)
            except (requests.RequestException, ValueError, LookupError, TypeError, AttributeError):
                return  # those we have go on
            self._keys, self._fetched = found, time.monotonic()

    def _fetch(self) -> Mapping[str, Key]:
        with requests.Session() as session:
            document = session.get(self._url, timeout=PATIENCE, allow_redirects=False)
            document.raise_for_status()
            published = session.get(document.json()["jwks_uri"], timeout=PATIENCE, allow_redirects=False)
            published.raise_for_status()
        return {
            key["kid"]: Key(
                public_key=RSAAlgorithm.from_jwk(json.dumps(key)), endorsements=tuple(key.get("endorsements") or ())
            )
            for key in published.json()["keys"]
            if key.get("kty") == "RSA"
        }
