"""An app as people write it for openai-chatkit: a store in dicts that knows no owners, an agent with tools, an action.

Nothing in here is ours but the names that the public package has too.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from agents import Agent, Model, RunContextWrapper, Runner, StopAtTools, function_tool
from chatkit.actions import Action, ActionConfig
from chatkit.agents import AgentContext, ClientToolCall, ThreadItemConverter, stream_agent_response
from chatkit.server import ChatKitServer, stream_widget
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    Attachment,
    ClientEffectEvent,
    CustomTask,
    HiddenContextItem,
    Page,
    ProgressUpdateEvent,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
    Workflow,
)
from chatkit.widgets import Card, ListView, ListViewItem, Text

Context = dict[str, Any]


class DictStore(Store[Context]):
    """Threads and items in dicts; what it is given is what it keeps."""

    def __init__(self) -> None:
        self.threads: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[ThreadItem]] = defaultdict(list)
        self.attachments: dict[str, Attachment] = {}

    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        if thread_id not in self.threads:
            raise NotFoundError(f"Thread {thread_id} not found")
        return self.threads[thread_id]

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        self.threads[thread.id] = thread

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Context
    ) -> Page[ThreadMetadata]:
        return self._page(list(self.threads.values()), limit, after, order)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> Page[ThreadItem]:
        return self._page(self.items[thread_id], limit, after, order)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        assert all(known.id != item.id for known in self.items[thread_id]), f"{item.id} was added before"
        self.items[thread_id].append(item)

    async def save_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        kept = self.items[thread_id]
        for at, known in enumerate(kept):
            if known.id == item.id:
                kept[at] = item
                return
        kept.append(item)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        for item in self.items[thread_id]:
            if item.id == item_id:
                return item
        raise NotFoundError(f"Item {item_id} not found")

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self.items[thread_id] = [item for item in self.items[thread_id] if item.id != item_id]

    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: Context) -> Attachment:
        if attachment_id not in self.attachments:
            raise NotFoundError(f"Attachment {attachment_id} not found")
        return self.attachments[attachment_id]

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        self.attachments.pop(attachment_id, None)

    def _page(self, rows: list[Any], limit: int, after: str | None, order: str) -> Page[Any]:
        rows = sorted(rows, key=lambda row: row.created_at, reverse=order == "desc")
        start = next((at + 1 for at, row in enumerate(rows) if row.id == after), 0)
        found = rows[start : start + limit]
        more = start + limit < len(rows)
        return Page(data=found, has_more=more, after=found[-1].id if more else None)


@function_tool(description_override="Show the guests as a list")
async def show_guests(ctx: RunContextWrapper[AgentContext[Context]]) -> str:
    chat = ctx.context
    await chat.start_workflow(Workflow(type="custom", tasks=[]))
    await chat.add_workflow_task(CustomTask(title="Looking into the book", icon="notebook"))
    await chat.end_workflow()
    row = ListViewItem(
        key="ann",
        children=[Text(value="Ann")],
        onClickAction=ActionConfig(type="guest.open", payload={"id": 7}),
    )
    await chat.stream_widget(ListView(children=[row]), copy_text="Ann")
    await chat.stream(ClientEffectEvent(name="highlight", data={"id": 7}))
    return "The list is shown."


@function_tool
async def read_selection(ctx: RunContextWrapper[AgentContext[Context]]) -> str:
    """Ask the page what is selected."""
    ctx.context.client_tool_call = ClientToolCall(name="read_selection", arguments={"of": "guests"})
    return "asked"


class GuestConverter(ThreadItemConverter):
    async def hidden_context_to_input(self, item: HiddenContextItem) -> Any:
        part = {"type": "input_text", "text": str(item.content)}
        return {"type": "message", "role": "user", "content": [part]}


class GuestServer(ChatKitServer[Context]):
    def __init__(self, store: DictStore, model: Model) -> None:
        super().__init__(store)
        self.agent = Agent[AgentContext[Context]](
            name="Porter",
            instructions="You are a night porter.",
            model=model,
            tools=[show_guests, read_selection],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["read_selection"]),
        )

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        page = await self.store.load_thread_items(
            thread.id, after=None, limit=20, order="desc", context=context
        )
        if thread.title is None and input_user_message is not None:
            thread.title = input_user_message.content[0].text
        yield ProgressUpdateEvent(icon="search", text="One moment")
        given = await GuestConverter().to_agent_input(list(reversed(page.data)))
        result = Runner.run_streamed(self.agent, given, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        note = HiddenContextItem(
            id=f"hidden_{uuid.uuid4().hex}",
            thread_id=thread.id,
            created_at=datetime.now(),
            content=f"The user opened guest {action.payload['id']}.",
        )
        await self.store.add_thread_item(thread.id, note, context)

        async def card() -> AsyncIterator[Card]:
            for text in ("", "Ann, room", "Ann, room 7"):
                yield Card(children=[Text(id="who", value=text)])

        states = card()
        async for event in stream_widget(
            thread,
            states,  # type: ignore[arg-type]
            copy_text="Ann, room 7",
            generate_id=lambda kind: self.store.generate_item_id(kind, thread, context),
        ):
            yield event
