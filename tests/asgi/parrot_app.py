"""A small app over real HTTP parsing, in process: httpx speaks ASGI to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from chatkit.asgi import ChatKitApp
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


class Parrot(ChatKitServer[dict[str, Any]]):
    """Repeats what was said, word by word; `gate` holds it back after the first word."""

    gate: asyncio.Event | None = None

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: dict[str, Any]
    ) -> AsyncIterator[ThreadStreamEvent]:
        text = input_user_message.content[0].text if input_user_message else ""
        item_id = self.store.generate_item_id("message", thread, context)
        now = datetime.now(UTC)
        empty = AssistantMessageItem(id=item_id, thread_id=thread.id, created_at=now, content=[])
        yield ThreadItemAddedEvent(item=empty)
        part = AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        yield ThreadItemUpdatedEvent(item_id=item_id, update=part)
        for n, word in enumerate(text.split(" ")):
            delta = AssistantMessageContentPartTextDelta(content_index=0, delta=word + " ")
            yield ThreadItemUpdatedEvent(item_id=item_id, update=delta)
            if n == 0 and self.gate is not None:
                await self.gate.wait()
        yield ThreadItemDoneEvent(
            item=empty.model_copy(update={"content": [AssistantMessageContent(text=text)]})
        )


def who(request: Any) -> dict[str, Any] | None:
    name = request.headers.get("x-user")
    return {"owner": name} if name else None


def parrot() -> Parrot:
    return Parrot(MemoryStore(owner=lambda context: context["owner"]))


def client_of(app: Any, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://chat.test", headers=headers, timeout=10)


@pytest.fixture
async def app() -> AsyncIterator[ChatKitApp[dict[str, Any]]]:
    app = ChatKitApp(parrot(), auth=who)
    async with app.lifespan():
        yield app


@pytest.fixture
async def http(app: ChatKitApp[dict[str, Any]]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, **{"x-user": "ann"}) as client:
        yield client


def request(name: str, /, **params: Any) -> bytes:
    return json.dumps({"type": name, "params": params}).encode()


def message(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "inference_options": {}}


def frames(body: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The id and event of each frame."""
    found: list[tuple[str, dict[str, Any]]] = []
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            found.append((fields.get("id", ""), json.loads(fields["data"])))
    return found


async def create(http: httpx.AsyncClient, text: str = "Hello there") -> str:
    answer = await http.post("/chatkit", content=request("threads.create", input=message(text)))
    assert answer.status_code == 200, answer.text
    return frames(answer.content)[0][1]["thread"]["id"]
