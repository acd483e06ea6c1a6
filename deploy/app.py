"""The app of the image: a store and files from the environment, people from a reverse proxy. Put your model here."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.asgi.auth import Identity, ProxyHeader
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.settings import load_settings
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


class Server(ChatKitServer[Identity]):
    """Says back what was said."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Identity
    ) -> AsyncIterator[ThreadStreamEvent]:
        parts = input_user_message.content if input_user_message else []
        said = "".join(part.text for part in parts)
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[AssistantMessageContent(text=f"You said: {said}")],
            )
        )


who = ProxyHeader("X-Forwarded-User", proxies=os.environ.get("TRUSTED_PROXIES", "127.0.0.1").split(","))
server = Server(SQLStore(load_settings().values.database, owner=lambda identity: identity.user))
