"""The smallest whole app: a server, a store, a page. Run ``chatkit serve app:app`` in this folder."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Mount, Route

from chatkit.asgi import ChatKitApp
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer, stream_widget
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from chatkit.widgets import Button, Card, Title


class Hello(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        card = Card(children=[Title(value="Hello"), Button(label="Wave back")])
        async for event in stream_widget(thread, card):
            yield event


PAGE = Path(__file__).with_name("index.html")
chat = ChatKitApp(Hello(SQLStore("sqlite:///chat.db")), auth="open")
app = Starlette(routes=[Route("/", lambda _: FileResponse(PAGE)), Mount("/", chat)], lifespan=chat.lifespan)
