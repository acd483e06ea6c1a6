"""Which pages of other origins may talk to the endpoint, and which requests are forged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

from chatkit.asgi._body import header
from chatkit.errors import AccessDeniedError

__all__ = ["Origins"]

_EXPOSED = b"chatkit-protocol, x-request-id, retry-after"
_ALLOWED = b"authorization, content-type, last-event-id, x-request-id"


@dataclass(frozen=True)
class Origins:
    """``allowed`` are origins such as ``https://shop.example``, or ``*`` for every one."""

    allowed: Collection[str] = ()
    credentials: bool = False

    def check(self, scope: Scope) -> None:
        """Refuse what a page of a foreign origin sends, which may carry the person's cookies.

        Requests without an ``Origin`` come from programs, which have no cookies to steal.

        :raises AccessDeniedError: the origin is neither ours nor allowed.
        """
        origin = header(scope, b"origin")
        if origin is None or self._permits(origin) or _is_same(origin, scope):
            return
        raise AccessDeniedError(
            f"Pages of {origin} may not use this server.",
            code="origin.denied",
            status=403,
            hint="Add the origin to ChatKitApp(allow_origins=[...]).",
        )

    def headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """What a permitted foreign page needs to read the answer."""
        origin = header(scope, b"origin")
        if origin is None or not self._permits(origin):
            return []
        found = [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"Origin"),
        ]
        if self.credentials:
            found.append((b"access-control-allow-credentials", b"true"))
        return found

    def preflight(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """The answer to the browser's question before a foreign page's request; nothing when it may not."""
        permitted = self.headers(scope)
        if not permitted:
            return []
        asked = header(scope, b"access-control-request-headers")
        return [
            *permitted,
            (b"access-control-allow-methods", b"GET, POST, PUT, OPTIONS"),
            (b"access-control-allow-headers", asked.encode("latin-1") if asked else _ALLOWED),
            (b"access-control-max-age", b"600"),
        ]

    def _permits(self, origin: str) -> bool:
        if origin in self.allowed:
            return True
        return "*" in self.allowed and not self.credentials


def _is_same(origin: str, scope: Scope) -> bool:
    # Hosts are compared and schemes are not: behind a proxy that ends TLS the scheme seen here is the inner one.
    host = (header(scope, b"x-forwarded-host") or header(scope, b"host") or "").split(",")[0].strip().lower()
    return bool(host) and urlsplit(origin).netloc.lower() == host
