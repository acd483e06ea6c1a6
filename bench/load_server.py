"""The app that the load figures measure. Run as: load_server.py theirs | memory | sqlite FILE.

The person's words order the work: "tokens=500 pause=0.02" is an answer of 500 tokens, one every 20 milliseconds. Each
token carries the time at which it was due, so that a server that lags shows it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

import uvicorn
from cases_store import Store

from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
)

BEGAN = "2026-01-01T00:00:00Z"
_PIECE = 8  # a model's answer comes in packets of some tokens, not in one go


class Server(ChatKitServer):
    """Says tokens at the pace it is told."""

    async def respond(self, thread, input_user_message, context):
        words = dict(part.split("=") for part in input_user_message.content[0].text.split())
        tokens, pause = int(words["tokens"]), float(words["pause"])
        item = AssistantMessageItem(id="m", thread_id=thread.id, created_at=BEGAN, content=[])
        yield ThreadItemAddedEvent(item=item)
        due, said = time.monotonic(), []
        for n in range(tokens):
            if pause:
                due += pause
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            elif n % _PIECE == 0:
                await asyncio.sleep(0)
            token = f"@{int(due * 1e6)}@ " if pause else "word "
            said.append(token)
            update = AssistantMessageContentPartTextDelta(content_index=0, delta=token)
            yield ThreadItemUpdatedEvent(item_id="m", update=update)
        text = AssistantMessageContent(text="".join(said) if not pause else "")
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [text]}))


class FreshStore(Store):
    """A thread of its own for each message, and nothing kept: a run of any length measures the same."""

    def put(self, item):
        return None

    async def load_thread(self, thread_id, context):
        return self.thread.model_copy(update={"id": thread_id})


def make(side: str, file: str | None):
    """One of the apps."""
    server = Server(FreshStore())
    if side == "theirs":
        import http_theirs

        return http_theirs.theirs(server)
    from chatkit.asgi import ChatKitApp

    if side == "memory":
        return ChatKitApp(server, auth="open")
    from chatkit.backends.sql import SQLStreamLog

    return ChatKitApp(server, auth="open", log=SQLStreamLog(f"sqlite:///{file}"))


async def main(side: str, file: str | None) -> None:
    """Serve, and say on which port."""
    config = uvicorn.Config(
        make(side, file), host="127.0.0.1", port=0, log_level="error", loop="uvloop", http="httptools"
    )
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await task


if __name__ == "__main__":
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {0})
    import uvloop

    uvloop.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
