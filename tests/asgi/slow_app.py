"""The app of the tests with real processes: it says one word of the message each time a file of that number appears."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chatkit.asgi import ChatKitApp
from chatkit.backends.redis import RedisStreamLog
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

FOLDER = Path(os.environ["SLOW_FOLDER"])


class Slow(ChatKitServer[Any]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        text = input_user_message.content[0].text if input_user_message else ""
        item_id = self.store.generate_item_id("message", thread, context)
        empty = AssistantMessageItem(
            id=item_id, thread_id=thread.id, created_at=datetime.now(UTC), content=[]
        )
        yield ThreadItemAddedEvent(item=empty)
        part = AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        yield ThreadItemUpdatedEvent(item_id=item_id, update=part)
        for n, word in enumerate(text.split(" ")):
            while not (FOLDER / str(n)).exists():
                await asyncio.sleep(0.01)
            delta = AssistantMessageContentPartTextDelta(content_index=0, delta=word + " ")
            yield ThreadItemUpdatedEvent(item_id=item_id, update=delta)
        yield ThreadItemDoneEvent(
            item=empty.model_copy(update={"content": [AssistantMessageContent(text=text)]})
        )


_redis = os.environ.get("SLOW_REDIS")
app: ChatKitApp[Any] = ChatKitApp(
    Slow(SQLStore(os.environ["SLOW_DATABASE"])),
    auth="open",
    log=RedisStreamLog(_redis) if _redis else None,
    lease=1.0,
    drain=10.0,
)
