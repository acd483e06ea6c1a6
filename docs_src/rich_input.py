import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chatkit.agents import ThreadItemConverter
from chatkit.server import ChatKitServer
from chatkit.types import (
    Attachment,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTagContent,
)

if TYPE_CHECKING:
    from openai.types.responses import ResponseInputContentParam

ORDERS = {"ord_1": {"total": 12, "state": "shipped"}}
FILES = {"atc_1": "Minutes of the meeting"}


class OrderConverter(ThreadItemConverter):
    async def tag_to_message_content(self, tag: UserMessageTagContent) -> "ResponseInputContentParam":
        return {"type": "input_text", "text": f"Order {tag.id}: {json.dumps(ORDERS[tag.id])}"}

    async def attachment_to_message_content(self, attachment: Attachment) -> "ResponseInputContentParam":
        return {"type": "input_text", "text": f"File {attachment.name}:\n{FILES[attachment.id]}"}


class QuestionServer(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        if input_user_message is None:
            return
        size = StructuredInputMultipleChoice(
            id="size",
            question="Which room?",
            options=[StructuredInputMultipleChoiceOption(value=value) for value in ("Single", "Double")],
        )
        note = StructuredInputFreeform(id="note", question="Anything else?")
        item = StructuredInputItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            inputs=[size, note],
        )
        yield ThreadItemDoneEvent(item=item)
