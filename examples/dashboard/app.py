"""Orders of a shop, with an assistant beside them. Run ``chatkit serve app:app`` in this folder."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from chatkit.actions import Action
from chatkit.asgi import ChatKitApp
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ClientEffectEvent,
    ClientToolCallItem,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
)
from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate

HERE = Path(__file__).parent
LATE = ["#1043", "#1047", "#1051"]
refund = WidgetTemplate.from_file(str(HERE / "refund.widget"))


class Clerk(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        parts = input_user_message.content if input_user_message else []
        words = " ".join(part.text for part in parts if isinstance(part, UserMessageTextContent)).lower()
        if input_user_message is None:
            yield self.done(
                thread, f"These {len(LATE)} are late:\n\n" + "\n".join(f"- **{name}**" for name in LATE)
            )
        elif "late" in words:
            yield ThreadItemDoneEvent(item=self.filter(thread, "late"))
        elif "refund" in words:
            card = refund.build({"orders": LATE, "done": None})
            yield ThreadItemDoneEvent(item=WidgetItem(**self.fields(thread), widget=card))
        else:
            yield self.done(thread, "I can show **late** orders, or write a **refund**.")

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        order = str(action.payload.get("order", ""))
        if sender is None or order not in LATE:
            return
        card: DynamicWidgetRoot = refund.build({"orders": LATE, "done": order})
        yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": card}))
        yield ClientEffectEvent(name="order.refunded", data={"order": order})

    def fields(self, thread: ThreadMetadata) -> dict[str, Any]:
        new_id = self.store.generate_item_id("message", thread, None)
        return {"id": new_id, "thread_id": thread.id, "created_at": datetime.now(UTC)}

    def filter(self, thread: ThreadMetadata, status: str) -> ThreadItem:
        return ClientToolCallItem(
            **self.fields(thread),
            call_id=f"filter_{status}",
            name="filter_orders",
            arguments={"status": status},
        )

    def done(self, thread: ThreadMetadata, text: str) -> ThreadItemDoneEvent:
        content = [AssistantMessageContent(text=text)]
        return ThreadItemDoneEvent(item=AssistantMessageItem(**self.fields(thread), content=content))


chat = ChatKitApp(Clerk(SQLStore("sqlite:///chat.db")), auth="open")
app = Starlette(
    routes=[Mount("/page", StaticFiles(directory=HERE / "page", html=True)), Mount("/", chat)],
    lifespan=chat.lifespan,
)
