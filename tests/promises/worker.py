"""A worker process of an app, as the tests of what runs promise start, stop and kill it.

Usage: python -m tests.promises.worker PORT STORE_URL LOG_URL LEASE DRAIN, where LOG_URL may be "-" for the store's own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

from chatkit._time import utc_now
from chatkit.asgi import ChatKitApp
from chatkit.backends.redis import RedisStreamLog
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


class Counting(ChatKitServer[Any]):
    """Asked for "500 5", says 500 words, one every 5 milliseconds, as a model would."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        words, pause = (
            (int(part) for part in input_user_message.content[0].text.split())
            if input_user_message
            else (1, 0)
        )
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=utc_now(),
            content=[],
        )
        yield ThreadItemAddedEvent(item=item)
        said = ""
        for n in range(words):
            await asyncio.sleep(pause / 1000)
            said += f"{n} "
            update = AssistantMessageContentPartTextDelta(content_index=0, delta=f"{n} ")
            yield ThreadItemUpdatedEvent(item_id=item.id, update=update)
        yield ThreadItemDoneEvent(
            item=item.model_copy(update={"content": [AssistantMessageContent(text=said)]})
        )


async def main(port: int, store_url: str, log_url: str, lease: float, drain: float) -> None:
    store: SQLStore[Any] = SQLStore(store_url)
    log = None if log_url == "-" else RedisStreamLog(log_url)
    app = ChatKitApp(Counting(store), auth="open", log=log, drain=drain, lease=lease)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=int(drain) + 10
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5])))
