"""Which of Microsoft's clouds the bot lives in: who signs its requests, and for what its own token is."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Cloud:
    issuer: str
    scope: str


PUBLIC = Cloud(issuer="https://api.botframework.com", scope="https://api.botframework.com/.default")
GOVERNMENT = Cloud(issuer="https://api.botframework.us", scope="https://api.botframework.us/.default")


def cloud_of(openid_url: str) -> Cloud:
    """By the address of the OpenID document; the public cloud for any but the government's."""
    return GOVERNMENT if (urlsplit(openid_url).hostname or "").endswith(".azure.us") else PUBLIC
