"""A page with the chat, so that an app can be seen before it has a page of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import Any, Final

__all__ = ["WithPage", "is_local"]

_Receive = Callable[[], Awaitable[Any]]
_Send = Callable[[dict[str, Any]], Awaitable[None]]

_PAGE: Final = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <link rel="icon" href="data:,">
    <script src="{path}/chatkit.js" async></script>
    <style>
      html, body {{ height: 100%; margin: 0; }}
      openai-chatkit {{ display: block; height: 100%; max-width: 800px; margin: auto; }}
    </style>
  </head>
  <body>
    <openai-chatkit id="chat"></openai-chatkit>
    <script type="module">
      await customElements.whenDefined("openai-chatkit");
      document.getElementById("chat").setOptions({{ api: {{ url: "{path}", domainKey: "" }} }});
    </script>
  </body>
</html>
"""


def is_local(host: str) -> bool:
    """Whether only this machine can reach the address."""
    return host in ("127.0.0.1", "localhost", "::1")


class WithPage:
    """An app that shows the chat at ``/``; every other request is the app's own."""

    def __init__(self, app: Any, path: str, title: str) -> None:
        self._app = app
        self._page = _PAGE.format(path=escape(path), title=escape(title)).encode()

    async def __call__(self, scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(self._page)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self._page})
