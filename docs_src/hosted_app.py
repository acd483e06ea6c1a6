import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from chatkit.asgi import ChatKitApp
from chatkit.asgi.sessions import ClientSecrets
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

Context = dict[str, Any]


class Landed(ChatKitServer[Context]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        text = f"Good to see you here, {context['user']}. You came for {context['workflow']}."
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[AssistantMessageContent(text=text)],
            )
        )


secrets = ClientSecrets(os.environ["CHATKIT_SECRET"], api_keys={os.environ["CHATKIT_API_KEY"]})
chat = ChatKitApp(
    Landed(SQLStore("sqlite:///chat.db", owner=lambda context: context["user"])),
    auth=secrets.as_context(
        lambda identity: {"user": identity.user, "workflow": identity.claims.get("workflow", {}).get("id")}
    ),
    allow_origins=["https://your.page"],
)
app = Starlette(routes=[*secrets.routes(), Mount("/", chat)], lifespan=chat.lifespan)
