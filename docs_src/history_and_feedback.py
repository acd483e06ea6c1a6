from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    FeedbackKind,
    LockedStatus,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


class RememberingServer(ChatKitServer[str]):
    def __init__(self, store: Store[str]) -> None:
        super().__init__(store)
        self.votes: list[tuple[str, str, FeedbackKind]] = []

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: str
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        questions = sum(isinstance(item, UserMessageItem) for item in page.data)
        message = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text=f"That was question {questions}.")],
        )
        yield ThreadItemDoneEvent(item=message)
        thread.title = thread.title or f"{context} asks"
        thread.metadata["questions"] = questions
        if questions == 3:
            thread.status = LockedStatus(reason="Three questions are enough.")

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: str
    ) -> None:
        self.votes += [(context, item_id, feedback) for item_id in item_ids]
