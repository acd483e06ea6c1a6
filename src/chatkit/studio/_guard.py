"""Who may speak to the Studio: pages that it served itself, under the name it listens on."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Guard"]

LOCAL = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses other hosts (DNS rebinding) and other origins (forged requests), and adds security headers.

    ``hosts`` are names that are allowed beside those of the local machine.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = {*LOCAL, *hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        problem = self._problem(Headers(scope=scope), scope["method"])
        if problem:
            answer = JSONResponse(
                {"error": {"code": "studio.denied", "message": problem}}, 403, headers=HEADERS
            )
            await answer(scope, receive, send)
            return

        async def guarded(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                extra = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *extra]  # type: ignore[misc]
            await send(message)

        await self.app(scope, receive, guarded)  # type: ignore[arg-type]

    def _problem(self, headers: Headers, method: str) -> str | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return f"The Studio does not answer to the name {host!r}. Open it under 127.0.0.1."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return "The Studio answers only to pages that it served itself."
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return "The Studio answers only to pages that it served itself."
        if method == "POST" and headers.get("content-type", "").split(";")[0] != "application/json":
            return "The Studio takes JSON only."
        return None


def _name(host: str) -> str:
    if host.startswith("["):
        return host.split("]")[0] + "]"
    return host.rsplit(":", 1)[0] if ":" in host else host
