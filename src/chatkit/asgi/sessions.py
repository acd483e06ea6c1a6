"""The landing place for pages that were written for hosted ChatKit.

There, the page's own backend asked ``POST /v1/chatkit/sessions`` for a client secret, and the page sent it with every
request. Here the same request goes to your own server: change its base URL, and the page's script and API URL::

    secrets = ClientSecrets(os.environ["CHATKIT_SECRET"], api_keys={os.environ["CHATKIT_API_KEY"]})
    chat = ChatKitApp(server, auth=secrets)
    app = Starlette(routes=[*secrets.routes(), Mount("/", chat)], lifespan=chat.lifespan)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Collection
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatkit._ids import new_id
from chatkit.asgi.auth import Authenticator, Identity, bearer_token
from chatkit.errors import AuthRequiredError, ChatKitError, RequestInvalidError

__all__ = ["ClientSecrets"]

_PREFIX = "ek_"
_LONGEST = 64 * 1024


class ClientSecrets(Authenticator):
    """Issues short-lived client secrets, and knows their bearers. Nothing is stored: a secret is its own proof.

    :param secret: signs the client secrets; the same on all workers, 16 bytes or more.
    :param api_keys: what the page's backend must send as ``Authorization: Bearer``.
    :param seconds: how long a client secret is good at most; ``expires_after`` of a request may ask for less.
    """

    def __init__(
        self,
        secret: str | bytes,
        *,
        api_keys: Collection[str],
        seconds: int = 600,
        clock: Callable[[], float] = time.time,
    ) -> None:
        raw = secret.encode() if isinstance(secret, str) else secret
        if len(raw) < 16:
            raise ValueError("The secret is too short: give 16 bytes or more.")
        if not api_keys or any(len(key) < 16 for key in api_keys):
            raise ValueError("ClientSecrets needs at least one API key, of 16 characters or more.")
        self._key = hashlib.sha256(b"chatkit client secrets " + raw).digest()
        self._api_keys = [key.encode() for key in api_keys]
        self._seconds = seconds
        self._clock = clock

    def issue(
        self, user: str, claims: dict[str, Any] | None = None, seconds: int | None = None
    ) -> dict[str, Any]:
        """A session for a user, in the shape of the hosted API.

        :param claims: what an identity of this session has as ``claims``.
        :param seconds: how long it is good, when that is less than usual.
        """
        expires = int(self._clock()) + min(self._seconds, seconds or self._seconds)
        body = json.dumps(
            {"user": user, "exp": expires, "claims": claims or {}}, separators=(",", ":")
        ).encode()
        packed = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
        return {
            "id": new_id("cksess"),
            "object": "chatkit.session",
            "status": "active",
            "client_secret": f"{_PREFIX}{packed}.{self._sign(packed)}",
            "expires_at": expires,
            "user": user,
        }

    async def __call__(self, request: Request) -> Identity | None:
        token = bearer_token(request)
        if token is None or not token.startswith(_PREFIX):
            return None
        packed, _, signature = token.removeprefix(_PREFIX).partition(".")
        if not hmac.compare_digest(self._sign(packed).encode(), signature.encode()):
            raise AuthRequiredError("The client secret is not ours.", hint="Ask for a new session.")
        try:
            session = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        except (ValueError, binascii.Error) as error:
            raise AuthRequiredError("The client secret is damaged.", hint="Ask for a new session.") from error
        if session["exp"] < self._clock():
            raise AuthRequiredError("The client secret has expired.", hint="Ask for a new session.")
        return Identity(session["user"], session["claims"])

    def routes(self, path: str = "/v1/chatkit/sessions") -> list[Route]:
        """The route that the page's backend calls, for a Starlette or FastAPI app."""
        return [Route(path, self._answer, methods=["POST"])]

    async def _answer(self, request: Request) -> JSONResponse:
        try:
            self._check_caller(request)
            wanted = await _wanted(request)
            seconds = _wanted_seconds(wanted)
        except ChatKitError as error:
            return JSONResponse({"error": error.as_json()}, status_code=error.status)
        claims = {name: wanted[name] for name in ("workflow", "chatkit_configuration") if name in wanted}
        session = self.issue(wanted["user"], claims, seconds)
        return JSONResponse(session, headers={"cache-control": "no-store"})

    def _check_caller(self, request: Request) -> None:
        given = (bearer_token(request) or "").encode()
        if not any([hmac.compare_digest(given, key) for key in self._api_keys]):
            raise AuthRequiredError("The API key is not known.", hint="Send it as `Authorization: Bearer …`.")

    def _sign(self, packed: str) -> str:
        return hmac.digest(self._key, packed.encode(), "sha256").hex()


async def _wanted(request: Request) -> dict[str, Any]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            raise RequestInvalidError("The request is too long.")
    try:
        wanted = json.loads(body)
        user = wanted["user"]
    except (ValueError, KeyError, TypeError) as error:
        raise RequestInvalidError(
            "The request is not a session's.", path="user", hint="Send JSON with a user."
        ) from error
    if not isinstance(user, str) or not user:
        raise RequestInvalidError(
            "The session needs a user.", path="user", hint="Send the id of the signed-in person."
        )
    return wanted


def _wanted_seconds(wanted: dict[str, Any]) -> int | None:
    after: Any = wanted.get("expires_after")
    seconds: Any = cast("dict[str, Any]", after).get("seconds") if isinstance(after, dict) else after
    if seconds is None:
        return None
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 1:
        raise RequestInvalidError(
            "The session's age is no number of seconds.",
            path="expires_after.seconds",
            hint='Send {"anchor": "created_at", "seconds": 600}, or leave it out.',
        )
    return seconds
