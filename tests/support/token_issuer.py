"""Whoever signs for the Bot Framework, on loopback: an OpenID metadata document, its keys, and tokens good and bad.

It answers in threads of its own, because the SDK's way to the keys may block.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"
APP, TENANT = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"


class TokenIssuer:
    """`keys` by id, published with their endorsements; `asked` counts how often the keys were fetched."""

    def __init__(self) -> None:
        self.keys = {"one": _new_key()}
        self.endorsements: dict[str, list[str]] = {"one": ["msteams", "webchat"]}
        self.asked = 0
        self.down = False
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(issuer._document(self.path)).encode()
                self.send_response(500 if issuer.down else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self._server.server_port}/.well-known/openidconfiguration"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _document(self, path: str) -> dict[str, Any]:
        if not path.endswith("/keys"):
            return {"issuer": ISSUER, "jwks_uri": f"{self.url.partition('/.well')[0]}/keys"}
        self.asked += 1
        published = []
        for id, key in self.keys.items():
            jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
            published.append({**jwk, "kid": id, "endorsements": self.endorsements.get(id, [])})
        return {"keys": published}

    def token(self, service_url: str, *, key: str = "one", signed_by: Any = None, **claims: Any) -> str:
        """One that is good, but for the claims given; None takes one away."""
        now = int(time.time())
        said = {"iss": ISSUER, "aud": APP, "serviceurl": service_url, "nbf": now - 5, "exp": now + 3600} | claims
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, signed_by or self.keys[key], algorithm="RS256", headers={"kid": key})


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
