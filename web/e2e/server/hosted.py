"""A page that was written for the hosted service, its own backend, and this project's server in the service's place.

One process plays both: the page and its backend are `http://localhost:…`, the chat server is `http://127.0.0.1:…`, so that
for the browser they are two sites.
"""

from __future__ import annotations

import socket
import tempfile
import time
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from chatkit.asgi import ChatKitApp
from chatkit.asgi.sessions import ClientSecrets
from chatkit.backends.files import FileAttachmentStore
from chatkit.backends.memory import MemoryStore
from scenarios import Gates, ScriptedServer
from site_ import Site, serve

API_KEY = "a key that only the backend knows"

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Hosted</title>
    <link rel="stylesheet" href="/page/chat.css">
    <script src="/page/record.js"></script>
    <script src="http://127.0.0.1:{port}/chatkit/chatkit.js" data-api="http://127.0.0.1:{port}/chatkit" async></script>
  </head>
  <body><openai-chatkit id="chat"></openai-chatkit></body>
</html>"""


class Clock:
    """The chat server's clock, which the test moves."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def main() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    clock = Clock()
    secrets = ClientSecrets("sixteen bytes or more", api_keys={API_KEY}, clock=clock)
    store: Any = MemoryStore(owner=lambda context: context["user"])
    files = FileAttachmentStore(tempfile.mkdtemp(prefix="chatkit-e2e-"))
    gates = Gates()
    chat = ChatKitApp(
        ScriptedServer(store, gates, files),
        auth=secrets.as_context(lambda identity: {"user": identity.user}),
        allow_origins=[f"http://localhost:{port}"],
    )

    async def session(request: Request) -> Response:
        """The backend of the page, as it was: it asks for a secret with its key, for the person who is signed in."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                f"http://127.0.0.1:{port}/v1/chatkit/sessions",
                headers={"Authorization": f"Bearer {API_KEY}", "OpenAI-Beta": "chatkit_beta=v1"},
                json={"user": "ann", "workflow": {"id": "wf_1"}},
            )
        return JSONResponse(answer.json(), status_code=answer.status_code)

    async def page(request: Request) -> Response:
        return Response(PAGE.replace("{port}", str(port)), media_type="text/html")

    async def control(what: str, query: dict[str, str]) -> Any:
        if what == "reset":
            gates.clear()
            clock.ahead = 0.0
        elif what == "later":
            clock.ahead += float(query["seconds"])
        elif what == "gate":
            gates[query["name"]].set()
        return {}

    routes = [
        Route("/hosted", page),
        Route("/api/chatkit/session", session, methods=["POST"]),
        *secrets.routes(),
        Mount("/", chat),
    ]
    serve(Site(Starlette(routes=routes, lifespan=chat.lifespan), control), listening=listening)


if __name__ == "__main__":
    main()
