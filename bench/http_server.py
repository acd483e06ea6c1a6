"""The app that the HTTP rows measure: a burst of text, a short answer, or an answer that stays open."""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from cases_store import Store

from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
)


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        order = input_user_message.content[0].text
        yield ThreadItemAddedEvent(
            item=AssistantMessageItem(id="m", thread_id="thr", created_at="2026-01-01T00:00:00Z", content=[])
        )
        if order == "hold":
            await asyncio.Event().wait()
        update = AssistantMessageContentPartTextDelta(content_index=0, delta=" word")
        for _ in range(1000 if order == "burst" else 1):
            yield ThreadItemUpdatedEvent(item_id="m", update=update)


class FreshStore(Store):
    """Nothing is kept, so that a run of any length measures the same."""

    def put(self, item):
        return None


def ours():
    from chatkit.asgi import ChatKitApp

    return ChatKitApp(Server(FreshStore()), auth="open")


def route():
    """No resumable runs, no framework: what `process()` gives, sent as it is."""
    server = Server(FreshStore())

    async def app(scope, receive, send):
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part["body"], part.get("more_body", False)
        result = await server.process(body, None)
        await result.asgi(scope, receive, send)

    return app


def theirs():
    import http_theirs

    return http_theirs.theirs(Server(FreshStore()))


if __name__ == "__main__":
    app = {"ours": ours, "route": route, "theirs": theirs}[sys.argv[1]]()
    life = "on" if sys.argv[1] == "ours" else "off"
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", loop="uvloop", http="httptools", lifespan=life
    )
    server = uvicorn.Server(config)

    async def serve():
        task = asyncio.ensure_future(server.serve())
        while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)
        await task

    asyncio.run(serve())
