from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.server import ChatKitServer
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    EntitySource,
    FileSource,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    URLSource,
    UserMessageItem,
)

TEXT = "Breakfast is at seven. Room 12 is free."


class SourcedServer(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = URLSource(title="House rules", url="https://example.com/rules", attribution="example.com")
        file = FileSource(title="Rules, page 2", filename="rules.pdf")
        room = EntitySource(id="room_12", title="Room 12", icon="keys", interactive=True, preview="lazy")
        at = TEXT.index(".") + 1
        annotations = [
            Annotation(source=page, index=at),
            Annotation(source=file, index=at),
            Annotation(source=room, index=len(TEXT)),
        ]
        message = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text=TEXT, annotations=annotations)],
        )
        yield ThreadItemDoneEvent(item=message)
