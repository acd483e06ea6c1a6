"""Ready-made answers to "who is asking".

Each is a function from the request to a context, as ``ChatKitApp(auth=...)`` wants it::

    auth = BearerJWT(jwks_url="https://login.example/keys", audience="chat")
    app = ChatKitApp(server, auth=auth)                      # context: {"user": "…", "claims": {...}}
    app = ChatKitApp(server, auth=auth.as_context(User))     # context: User(identity)
"""

from __future__ import annotations

import hashlib
import hmac
import inspect
import ipaddress
import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

import anyio.to_thread
from starlette.requests import Request

from chatkit._extras import require
from chatkit.errors import AuthRequiredError, ChatKitError

__all__ = [
    "AuthUnavailableError",
    "Authenticator",
    "BearerJWT",
    "FirstOf",
    "Identity",
    "ProxyHeader",
    "SessionCookie",
    "bearer_token",
    "sign_session",
]

TContext = TypeVar("TContext")

_log = logging.getLogger("chatkit.asgi")
_REST: Final = 30.0
"""Seconds between two looks for keys that the signer may have published since."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. ``user`` is stable and unique; use it as the owner: ``SQLStore(url, owner=lambda who: who.user)``."""

    user: str
    claims: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Authenticator:
    """Base of the ready-made ones."""

    async def __call__(self, request: Request) -> Identity | None:
        raise NotImplementedError

    def as_context(self, make: Callable[[Identity], TContext]) -> _Made[TContext]:
        """The same, with a context of your own made from the identity."""
        return _Made(self, make)


class _Made(Generic[TContext]):
    def __init__(self, auth: Authenticator, make: Callable[[Identity], TContext]) -> None:
        self._auth = auth
        self._make = make

    async def __call__(self, request: Request) -> TContext | None:
        identity = await self._auth(request)
        return None if identity is None else self._make(identity)


class BearerJWT(Authenticator):
    """``Authorization: Bearer <JWT>``, its signature, audience, issuer and times checked. Needs the extra ``auth``.

    :param key: the secret or PEM key itself.
    :param key_file: a file with the PEM key, read again when it changes.
    :param jwks_url: where the signer publishes its keys; they are kept for some minutes.
    :param algorithms: those that are accepted. Never mix secrets (``HS…``) and public keys.
    :param user_claim: the claim that says who it is.
    :raises ValueError: the key cannot be read, or is of another kind than the algorithms.
    """

    def __init__(
        self,
        *,
        key: str | None = None,
        key_file: str | Path | None = None,
        jwks_url: str | None = None,
        algorithms: Collection[str] = ("RS256", "ES256"),
        audience: str | None = None,
        issuer: str | None = None,
        user_claim: str = "sub",
        leeway: float = 30.0,
    ) -> None:
        require("auth", "jwt", purpose="BearerJWT")
        import jwt

        if sum(given is not None for given in (key, key_file, jwks_url)) != 1:
            raise ValueError("BearerJWT needs exactly one of key, key_file and jwks_url.")
        families = {"secret" if name.startswith("HS") else "public" for name in algorithms}
        if len(families) != 1 or "none" in {name.lower() for name in algorithms}:
            raise ValueError(
                "BearerJWT takes algorithms of one family: HS… with a secret, or RS…/ES…/EdDSA with keys."
            )
        self._key = key
        self._key_file = Path(key_file) if key_file else None
        text = key if self._key_file is None else _read_key(self._key_file)
        if text is not None and "public" in families:
            _check_key(text, algorithms)
        self._keys = jwt.PyJWKClient(jwks_url, timeout=5) if jwks_url else None
        self._asked = -_REST
        self._algorithms = list(algorithms)
        self._audience = audience
        self._issuer = issuer
        self._user_claim = user_claim
        self._leeway = leeway

    async def __call__(self, request: Request) -> Identity | None:
        token = bearer_token(request)
        if token is None:
            return None
        # Reading a file and fetching keys block; checking a signature takes long enough to matter as well.
        return await anyio.to_thread.run_sync(self._check, token)

    def _check(self, token: str) -> Identity:
        import jwt

        try:
            claims = jwt.decode(
                token,
                self._find_key(token),
                algorithms=self._algorithms,
                audience=self._audience,
                issuer=self._issuer,
                leeway=self._leeway,
                options={"require": ["exp"], "verify_aud": self._audience is not None},
            )
        except (jwt.PyJWKClientConnectionError, ValueError) as error:
            _log.error("BearerJWT has no key that it could use: %s", error)
            raise AuthUnavailableError from error
        except jwt.PyJWTError as error:
            raise AuthRequiredError(f"The token is not accepted: {error}.", hint="Sign in again.") from error
        user = claims.get(self._user_claim)
        if not isinstance(user, str) or not user:
            raise AuthRequiredError(f"The token has no {self._user_claim}.", hint="Sign in again.")
        return Identity(user, claims)

    def _find_key(self, token: str) -> Any:
        if self._keys is not None:
            return self._published(token)
        return self._key if self._key_file is None else _read_key(self._key_file)

    def _published(self, token: str) -> Any:
        """The key that the token names. Strangers who name keys that do not exist make nobody fetch them each time."""
        import jwt

        keys = cast(Any, self._keys)
        wanted = jwt.get_unverified_header(token).get("kid")
        found = next((key for key in keys.get_signing_keys() if key.key_id == wanted), None)
        if found is None and time.monotonic() - self._asked > _REST:
            self._asked = time.monotonic()
            found = next((key for key in keys.get_signing_keys(refresh=True) if key.key_id == wanted), None)
        if found is None:
            raise jwt.PyJWKClientError("its key is not among those of the signer")
        return found.key


class SessionCookie(Authenticator):
    """A signed cookie with the user's id, made by :func:`sign_session`.

    :param secret: what signs it, 16 bytes or more.
    :param cookie: the cookie's name.
    :param seconds: how long a session lasts.
    """

    def __init__(self, secret: str | bytes, *, cookie: str = "session", seconds: int = 14 * 86400) -> None:
        self._secret = _checked_secret(secret)
        self._cookie = cookie
        self._seconds = seconds

    async def __call__(self, request: Request) -> Identity | None:
        value = request.cookies.get(self._cookie)
        if value is None:
            return None
        body, _, signature = value.rpartition(".")
        if not hmac.compare_digest(_signature(body, self._secret).encode(), signature.encode()):
            raise AuthRequiredError("The session is not ours.", hint="Sign in again.")
        began, _, user = body.partition(".")
        if int(began) + self._seconds < time.time():
            raise AuthRequiredError("The session has ended.", hint="Sign in again.")
        return Identity(bytes.fromhex(user).decode())


def sign_session(user: str, secret: str | bytes) -> str:
    """The value of the cookie for a user who has just signed in. Set it HttpOnly, Secure and SameSite=Lax."""
    body = f"{int(time.time())}.{user.encode().hex()}"
    return f"{body}.{_signature(body, _checked_secret(secret))}"


class ProxyHeader(Authenticator):
    """A header that a reverse proxy sets after it has signed the person in, such as ``X-Forwarded-User``.

    :param header: the header.
    :param proxies: networks the proxy may speak from; a request from elsewhere is nobody, whatever it says.
    """

    def __init__(self, header: str = "X-Forwarded-User", *, proxies: Collection[str]) -> None:
        if not proxies:
            raise ValueError(
                "ProxyHeader needs the proxies' addresses, such as ['10.0.0.0/8']: anyone can send a header."
            )
        self._header = header
        self._networks = [ipaddress.ip_network(proxy) for proxy in proxies]

    async def __call__(self, request: Request) -> Identity | None:
        user = request.headers.get(self._header)
        # A server that believes X-Forwarded-For puts the person's address in the place of the proxy's.
        peer = request.scope.get("chatkit.peer") or request.scope.get("client")
        if not user or peer is None:
            return None
        try:
            address = ipaddress.ip_address(peer[0])
        except ValueError:
            return None
        trusted = any(address.version == network.version and address in network for network in self._networks)
        return Identity(user) if trusted else None


class FirstOf(Authenticator):
    """Several ways to sign in: the first that knows the caller counts."""

    def __init__(self, *ways: Callable[[Request], Any]) -> None:
        self._ways = ways

    async def __call__(self, request: Request) -> Identity | None:
        for way in self._ways:
            found = way(request)
            identity = await found if inspect.isawaitable(found) else found
            if identity is not None:
                return identity
        return None


def bearer_token(request: Request) -> str | None:
    """What stands after ``Bearer`` in the request's ``Authorization``."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


class AuthUnavailableError(ChatKitError):
    """Tokens cannot be checked now: the signer's keys are out of reach, or a key file cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            "auth.unavailable",
            "Who you are cannot be checked now.",
            hint="Try again in a moment. The server's log has the cause.",
            status=503,
        )


def _read_key(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"The key file {path} cannot be read: {error}. Give a PEM file.") from error


def _check_key(text: str, algorithms: Collection[str]) -> None:
    import jwt

    for name in algorithms:
        with suppress(jwt.PyJWTError, ValueError, TypeError):
            jwt.get_algorithm_by_name(name).prepare_key(text)
            return
    raise ValueError(f"The key of BearerJWT is none for {', '.join(algorithms)}. Give a public key as PEM.")


def _checked_secret(secret: str | bytes) -> bytes:
    raw = secret.encode() if isinstance(secret, str) else secret
    if len(raw) < 16:
        raise ValueError("The secret is too short: give 16 bytes or more.")
    return raw


def _signature(body: str, secret: bytes) -> str:
    key = hashlib.sha256(b"chatkit session " + secret).digest()
    return hmac.digest(key, body.encode(), "sha256").hex()
