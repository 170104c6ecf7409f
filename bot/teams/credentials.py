"""Who we are to the Bot Connector: an access token for the app, by its secret (RFC 6749, section 4.4) or by its
certificate (RFC 7523).

Invariants: a token is asked for once and used until shortly before its end; the secret goes to the login service and
nowhere else; of a refusal only the service's own word is kept. The SDK's own way demands a public https authority; a
sandbox has none.
"""

import asyncio
import base64
import hashlib
import re
import ssl
import time
import uuid
from dataclasses import dataclass, field

import aiohttp
import jwt

from bot.senders import Trouble
from bot.teams.clouds import PUBLIC

LOGIN = "https://login.microsoftonline.com"
EARLY = 300.0  # seconds before its end a token is renewed
PATIENCE = 5.0
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_WORD = re.compile(r"[a-z_]{1,40}")


class RefusedApp(Trouble):
    """The login service does not take the app's secret or certificate; its word for it."""


@dataclass(frozen=True, kw_only=True)
class App:
    """The app as it is registered; it proves itself by `secret` or by `certificate` (PEM: certificate and private
    key)."""

    id: str
    tenant_id: str
    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    login_url: str = LOGIN
    scope: str = PUBLIC.scope

    @property
    def token_url(self) -> str:
        return f"{self.login_url.rstrip('/')}/{self.tenant_id}/oauth2/v2.0/token"

    def proof(self, now: float) -> dict[str, str]:
        """The form fields that prove who we are. ValueError when the certificate is none."""
        if not self.certificate:
            return {"client_secret": self.secret}
        certificate, key = _CERTIFICATE.search(self.certificate), _KEY.search(self.certificate)
        if not certificate or not key:
            raise ValueError("a certificate and its private key, both in PEM, are needed")
        print_ = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate[0])).digest()
        claims = {
            "aud": self.token_url,
            "iss": self.id,
            "sub": self.id,
            "jti": str(uuid.uuid4()),
            "nbf": int(now),
            "exp": int(now) + 600,
        }
        named = {"x5t#S256": base64.urlsafe_b64encode(print_).rstrip(b"=").decode()}
        return {
            "client_assertion_type": _ASSERTION,
            "client_assertion": jwt.encode(claims, key[0], algorithm="PS256", headers=named),
        }


class Credentials:
    """`session` is set before the first token is asked for."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.session: aiohttp.ClientSession | None = None
        self.refused = ""  # the login service's last word, while it does not take us
        self.in_vain = 0  # tokens in a row that the Connector did not take
        self._token, self._until = "", 0.0
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """A token that is good for a while. Raises RefusedApp, or Trouble when the login service does not answer."""
        async with self._asking:
            if time.monotonic() >= self._until:
                await self._renew()
            return self._token

    def not_taken(self) -> None:
        """The Connector did not take it: ask for another one next time."""
        self._until, self.in_vain = 0.0, self.in_vain + 1

    def taken(self) -> None:
        """The Connector did."""
        self.in_vain = 0

    async def _renew(self) -> None:
        if self.session is None:
            raise Trouble("no session")
        form = {"grant_type": "client_credentials", "client_id": self.app.id, "scope": self.app.scope}
        try:
            form |= self.app.proof(time.time())
            limit = aiohttp.ClientTimeout(total=PATIENCE)
            async with self.session.post(self.app.token_url, data=form, timeout=limit, allow_redirects=False) as answer:
                found = await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, jwt.PyJWTError) as error:
            raise Trouble(type(error).__name__) from None
        if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
            if answer.status not in {400, 401}:
                raise Trouble(f"status {answer.status}")
            word = str(found.get("error", "")) if isinstance(found, dict) else ""
            self.refused = word if _WORD.fullmatch(word) else f"status {answer.status}"
            raise RefusedApp(self.refused)
        life = found.get("expires_in")
        seconds = float(life) if isinstance(life, int | float | str) and str(life).isdigit() else 3600.0
        self.refused = ""
        self._token, self._until = found["access_token"], time.monotonic() + max(0.0, seconds - EARLY)
