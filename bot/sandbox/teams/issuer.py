"""Microsoft's two token services on loopback: the one that signs what the Bot Framework sends to the bot, and the login
service that gives the bot a token for the Connector.

Invariants: the keys are new at every start; a token is good for this tenant's app alone; the login service takes the
app's secret, or an assertion signed with the certificate it was told of, and nothing else.
"""

import json
import secrets
import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.sandbox.teams.tenant import Json, Tenant

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LIFE = 3600


class Issuer:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = secrets.token_hex(8)
        self.given: set[str] = set()  # access tokens the Connector takes
        self.certificate: Any = None  # the public key of the app's certificate, when it has one

    @property
    def openid_url(self) -> str:
        return f"{self._tenant.base_url}/teams/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        return f"{self._tenant.base_url}/teams/login"

    def token(self, service_url: str, **claims: Any) -> str:
        """What comes with an activity; `claims` replace those of a good one."""
        now = int(time.time())
        said = {"iss": ISSUER, "aud": self._tenant.app_id, "serviceurl": service_url, "nbf": now - 5, "exp": now + LIFE}
        return jwt.encode(said | claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/teams/.well-known/openidconfiguration", self._document),
            web.get("/teams/keys", self._keys),
            web.post("/teams/login/{tenant}/oauth2/v2.0/token", self._login),
        ]

    async def _document(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self._tenant.base_url}/teams/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        public: Json = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return web.json_response({"keys": [{**public, "kid": self._key_id, "endorsements": ["msteams"]}]})

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.post()
        if request.match_info["tenant"] != self._tenant.tenant_id or form.get("scope") != SCOPE:
            return web.json_response({"error": "invalid_request"}, status=400)
        if form.get("client_id") != self._tenant.app_id or not self._proves(form):
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_urlsafe(24)
        self.given.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": LIFE, "access_token": token})

    def _proves(self, form: Any) -> bool:
        if secret := form.get("client_secret"):
            return bool(secrets.compare_digest(str(secret), self._tenant.secret))
        if self.certificate is None:
            return False
        audience = f"{self.login_url}/{self._tenant.tenant_id}/oauth2/v2.0/token"
        try:
            said = jwt.decode(
                str(form.get("client_assertion")), self.certificate, algorithms=["PS256"], audience=audience
            )
        except jwt.PyJWTError:
            return False
        return bool(said["iss"] == said["sub"] == self._tenant.app_id)
