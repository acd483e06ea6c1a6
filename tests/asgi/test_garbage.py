"""A resumable answer leaves nothing behind that only the garbage collector could free."""

import asyncio
import gc
from typing import Any

from parrot_app import message, parrot, request, who

from chatkit.asgi import ChatKitApp


async def _ask(app: ChatKitApp[dict[str, Any]]) -> None:
    incoming = [{"type": "http.request", "body": request("threads.create", input=message("one two three"))}]

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        pass

    headers = [(b"x-user", b"ann"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/chatkit",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)


async def test_an_answer_leaves_nothing_for_the_garbage_collector() -> None:
    app = ChatKitApp(parrot(), auth=who)
    async with app.lifespan():
        await _ask(app)
        gc.collect()
        gc.disable()
        try:
            for _ in range(20):
                await _ask(app)
            assert gc.collect() < 20
        finally:
            gc.enable()
