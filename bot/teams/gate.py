"""Whether what comes to `/api/messages` is Teams': signed for this app by the Bot Framework, and of the firm's tenant.

Invariants: nothing gets in unverified, whatever is set: an app id is demanded at the start; only the channel's own
tokens count (the SDK would also take the emulator's and other bots'); whatever is wrong with a token is a refusal with
a word of ours, never an exception that travels on, and nothing of the token is in it.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt
from botbuilder.schema import Activity
from botframework.connector import HttpClientFactory
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConfiguration,
    AuthenticationConstants,
    ClaimsIdentity,
    EndorsementsValidator,
    ServiceClientCredentialsFactory,
)
from botframework.connector.auth._parameterized_bot_framework_authentication import (
    _ParameterizedBotFrameworkAuthentication,
)
from jwt.types import Options
from jwt.utils import base64url_decode

from bot.teams.clouds import cloud_of
from bot.teams.keys import Keys

CHANNEL = "msteams"
METADATA = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
LONGEST = 8192  # letters of a token
TOLERANCE = 5 * 60  # seconds by which two clocks may differ
REQUIRED: Options = {"verify_aud": False, "require": ["exp"]}  # whom it is for, the SDK looks at
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Refused(Exception):
    """Not let in: the status, and a word of ours."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Authentication(_ParameterizedBotFrameworkAuthentication):
    """The SDK's, of which only the road for the channel's tokens is open."""

    def __init__(self, credentials: ServiceClientCredentialsFactory, *, openid_url: str) -> None:
        super().__init__(
            validate_authority=True,
            to_channel_from_bot_login_url="",
            to_channel_from_bot_oauth_scope=cloud_of(openid_url).issuer,
            to_bot_from_channel_token_issuer=cloud_of(openid_url).issuer,
            oauth_url=AuthenticationConstants.OAUTH_URL,
            to_bot_from_channel_open_id_metadata_url=openid_url,
            to_bot_from_emulator_open_id_metadata_url="",
            caller_id="",
            credentials_factory=credentials,
            auth_configuration=AuthenticationConfiguration(),
            http_client_factory=HttpClientFactory(),
        )
        self._keys = Keys(openid_url)

    async def _jwt_token_validation_authenticate_token(
        self, auth_header: str, channel_id: str, service_url: str
    ) -> ClaimsIdentity | None:
        """The SDK's checks, but the token is taken apart once: its own extractor does it three times."""
        scheme, _, token = auth_header.partition(" ")
        if scheme != "Bearer":
            raise jwt.InvalidTokenError
        key = await self._keys.get(_key_id(token))
        if key.endorsements and not EndorsementsValidator.validate(channel_id, key.endorsements):
            raise PermissionError
        claims = jwt.decode(token, key.public_key, algorithms=["RS256"], leeway=TOLERANCE, options=REQUIRED)
        identity = ClaimsIdentity(claims, True)
        await self._government_channel_validation_validate_identity(identity, service_url)
        return identity


def _key_id(token: str) -> str:
    """Which key it says it was signed with. Nothing else of it is believed before that key has said so."""
    header = json.loads(base64url_decode(token.partition(".")[0]))
    return str(header["kid"])


class Gate:
    """For one app and one tenant. `openid_url`: where the signing keys are told of; on loopback only for tests and the
    sandbox, and then a service on loopback may be answered without TLS."""

    def __init__(self, credentials: ServiceClientCredentialsFactory, tenant_id: str, *, openid_url: str = "") -> None:
        if not getattr(credentials, "app_id", ""):
            raise ValueError("Without an app id the SDK would let everybody in.")
        self._tenant_id = tenant_id
        self._near = urlsplit(openid_url).hostname in _LOOPBACK
        self.authentication = Authentication(credentials, openid_url=openid_url or METADATA)

    async def admit(self, body: Mapping[str, Any], authorization: str) -> AuthenticateRequestResult:
        """Who signed this activity. Raises Refused: 401 for a token that proves nothing, 403 for somebody else's."""
        service_url, channel = body.get("serviceUrl"), body.get("channelId")
        if channel != CHANNEL or not isinstance(service_url, str) or not self._may_be_answered(service_url):
            raise Refused(403, "not from Teams")
        if not authorization or len(authorization) > LONGEST:
            raise Refused(401, "no token")
        said = Activity(channel_id=channel, service_url=service_url)
        try:
            result = await self.authentication.authenticate_request(said, authorization)
        except Exception as error:  # noqa: BLE001  the SDK, PyJWT and the way to the keys each fail in ways of their own
            raise Refused(401, type(error).__name__) from None
        if self._tenants(body) != {self._tenant_id.lower()}:
            raise Refused(403, "another tenant")
        return result

    def _may_be_answered(self, service_url: str) -> bool:
        """Our own token goes there with every message, and the SDK would fill in what stands in braces."""
        if "{" in service_url or "}" in service_url:
            return False
        try:
            there = urlsplit(service_url)
        except ValueError:
            return False
        return there.scheme == "https" or (self._near and there.scheme == "http" and there.hostname in _LOOPBACK)

    def _tenants(self, body: Mapping[str, Any]) -> set[object]:
        """All that the activity names; it must name one."""
        data, conversation = body.get("channelData"), body.get("conversation")
        tenant = data.get("tenant") if isinstance(data, Mapping) else None
        named = [
            tenant.get("id") if isinstance(tenant, Mapping) else None,
            conversation.get("tenantId") if isinstance(conversation, Mapping) else None,
        ]
        return {str(name).lower() for name in named if name}
