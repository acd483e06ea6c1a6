"""A reading list in React. Run ``chatkit serve app:app`` here, and beside it ``npm install && npm run dev``."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from chatkit.asgi import ChatKitApp
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientToolCallItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTextContent,
)

BOOK = "The Summer Book"
ABOUT = "A girl and her grandmother on an island in the Gulf of Finland, *and the sea around them*."


class Reader(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        parts = input_user_message.content if input_user_message else []
        words = " ".join(part.text for part in parts if isinstance(part, UserMessageTextContent))
        if input_user_message is None:
            words = f"**{BOOK}** is on your list."
        elif "about" in words:
            words = ABOUT
        else:
            call = {"call_id": "add", "name": "add_book", "arguments": {"title": BOOK}}
            yield ThreadItemDoneEvent(item=ClientToolCallItem(**self.fields(thread), **call))
            return
        message = AssistantMessageItem(**self.fields(thread), content=[AssistantMessageContent(text="")])
        yield ThreadItemAddedEvent(item=message)
        for word in words.split(" "):
            message.content[0].text += f"{word} "
            delta = AssistantMessageContentPartTextDelta(content_index=0, delta=f"{word} ")
            yield ThreadItemUpdatedEvent(item_id=message.id, update=delta)
        yield ThreadItemDoneEvent(item=message)

    def fields(self, thread: ThreadMetadata) -> dict[str, Any]:
        new_id = self.store.generate_item_id("message", thread, None)
        return {"id": new_id, "thread_id": thread.id, "created_at": datetime.now(UTC)}


chat = ChatKitApp(Reader(SQLStore("sqlite:///chat.db")), auth="open")
built = Path(__file__).with_name("dist")
pages = [Mount("/page", StaticFiles(directory=built, html=True))] if built.is_dir() else []
app = Starlette(routes=[*pages, Mount("/", chat)], lifespan=chat.lifespan)
