from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


async def words() -> AsyncIterator[str]:
    for word in ("Good ", "evening."):
        yield word


class PorterServer(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        if input_user_message and input_user_message.content[0].text == "Open the safe":
            raise CustomStreamError("The safe stays shut.", allow_retry=False)
        yield ProgressUpdateEvent(icon="keys", text="Looking for the key")
        message = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text="")],
        )
        yield ThreadItemAddedEvent(item=message)
        said = ""
        async for word in words():
            said += word
            delta = AssistantMessageContentPartTextDelta(content_index=0, delta=word)
            yield ThreadItemUpdatedEvent(item_id=message.id, update=delta)
        done = message.model_copy(update={"content": [AssistantMessageContent(text=said)]})
        yield ThreadItemDoneEvent(item=done)
        thread.title = thread.title or "Evening"
