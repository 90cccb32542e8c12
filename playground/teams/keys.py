"""Tokens in both directions: those Teams signs for the bot, and those the bot asks for.

They go by the real clock, as whoever checks them does.
"""

import json
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from playground.refusal import Json
from playground.teams.denial import Denied, unauthorized

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
ANY_TENANT = "botframework.com"
"""Where an app of many tenants asks for its token."""


class Keys:
    """The key by which Teams signs; `rotate` replaces it, and the former is no longer served."""

    def __init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = secrets.token_urlsafe(12)

    def public(self) -> Json:
        served = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        about = {"kid": self.kid, "x5t": self.kid, "use": "sig", "endorsements": ["msteams"]}
        return {"keys": [{"kty": "RSA", "n": served["n"], "e": served["e"], **about}]}

    def sign(self, audience: str, service_url: str, **changes: Any) -> str:
        """The token that goes with an activity. A change to None leaves the claim out."""
        now = int(time.time())
        claims: Json = {"iss": ISSUER, "aud": audience, "serviceurl": service_url}
        claims |= {"nbf": now - 5, "iat": now - 5, "exp": now + 3600, **changes}
        kept = {name: value for name, value in claims.items() if value is not None}
        return self.encode(kept)

    def encode(self, claims: Json) -> str:
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.kid})


@dataclass(frozen=True)
class Issued:
    tenant: str
    until: float


class Tokens:
    """The token endpoint's memory of what it gave out."""

    def __init__(self, keys: Keys, app_id: str, secret: str) -> None:
        self.seconds = 3599
        self._keys = keys
        self._app_id = app_id
        self._secret = secret
        self._issued: dict[str, Issued] = {}

    def issue(self, tenant: str, form: dict[str, str], tenants: Collection[str]) -> Json:
        self._check(tenant, form, tenants)
        now = int(time.time())
        claims: Json = {
            "aud": ISSUER,
            "iss": f"https://sts.windows.net/{tenant}/",
            "appid": self._app_id,
        }
        claims |= {"tid": tenant, "jti": secrets.token_hex(8)}
        token = self._keys.encode({**claims, "nbf": now - 5, "exp": now + self.seconds})
        self._issued[token] = Issued(tenant, now + self.seconds)
        return {
            "token_type": "Bearer",
            "expires_in": self.seconds,
            "ext_expires_in": self.seconds,
            "access_token": token,
        }

    def _check(self, tenant: str, form: dict[str, str], tenants: Collection[str]) -> None:
        if form.get("grant_type") != "client_credentials":
            raise _refused(400, "unsupported_grant_type", "AADSTS70003: Unsupported grant type.")
        if tenant != ANY_TENANT and tenant not in tenants:
            words = f"AADSTS90002: Tenant '{tenant}' not found."
            raise _refused(400, "invalid_request", words)
        if form.get("client_id") != self._app_id:
            words = f"AADSTS700016: Application with identifier '{form.get('client_id')}' was not"
            raise _refused(400, "unauthorized_client", f"{words} found in the directory.")
        if form.get("client_secret") != self._secret:
            words = "AADSTS7000215: Invalid client secret provided."
            raise _refused(401, "invalid_client", words)
        if form.get("scope") != SCOPE:
            words = "AADSTS70011: The provided value for the input parameter 'scope' is not valid."
            raise _refused(400, "invalid_scope", words)

    def tenant_of(self, authorization: str | None) -> str:
        """The tenant a bearer token is for; ANY_TENANT for all."""
        kind, _, token = (authorization or "").partition(" ")
        issued = self._issued.get(token.strip()) if kind.lower() == "bearer" else None
        if issued is None or issued.until <= time.time():
            raise unauthorized()
        return issued.tenant

    def expire(self) -> None:
        """Every token given out so far is worth nothing from now on."""
        self._issued.clear()


def _refused(status: int, error: str, description: str) -> Denied:
    return Denied(status, {"error": error, "error_description": description})
