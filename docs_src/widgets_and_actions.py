from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.server import ChatKitServer, stream_widget
from chatkit.types import (
    HiddenContextItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate

draft = WidgetTemplate.from_file("draft.widget")


async def growing(words: list[str]) -> AsyncGenerator[DynamicWidgetRoot, None]:
    body = ""
    for word in words:
        body += word
        yield draft.build({"body": body, "streaming": True, "sent": False})
    yield draft.build({"body": body, "streaming": False, "sent": False})


class DraftServer(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        async for event in stream_widget(thread, growing(["Dear ", "Ann, ", "thank you."])):
            yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        if action.type != "draft.send" or sender is None:
            return
        body = str(action.payload.get("body", ""))
        sent = draft.build({"body": body, "streaming": False, "sent": True})
        yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": sent}))
        note = HiddenContextItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=sender.created_at,
            content=f"The user sent the draft: {body}",
        )
        yield ThreadItemDoneEvent(item=note)
