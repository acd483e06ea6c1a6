from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.server import ChatKitServer, stream_widget
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from chatkit.widgets import WidgetTemplate

greeting = WidgetTemplate(
    {
        "version": "1.0",
        "name": "greeting",
        "template": """
            {"type": "Card", "children": [
                {"type": "Text", "value": {{ name | tojson }}},
                {"type": "Button", "label": "Wave back", "onClickAction": {"type": "wave"}}
            ]}
        """,
        "jsonSchema": {"type": "object", "properties": {"name": {"type": "string"}}},
    }
)


class HelloServer(ChatKitServer[str]):
    """Its context is the name of who is asking."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: str
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[AssistantMessageContent(text=f"Hello, {context}!")],
            )
        )
        async for event in stream_widget(thread, greeting.build({"name": context})):
            yield event
