import os
from collections.abc import AsyncIterator
from typing import Any

from app import CARD, Server

from chatkit.models import AgentContext, ChatCompletions, simple_to_agent_input, stream_model_response, tool
from chatkit.store import Store
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem

MODEL_URL = os.environ.get("MODEL_URL", "http://127.0.0.1:11434/v1")


@tool
async def show_list(context: AgentContext[Any], tasks: list[str]) -> str:
    """Show the person a to-do list that can be ticked off."""
    await context.stream_widget(CARD.build({"tasks": [{"text": task, "done": False} for task in tasks]}))
    return "shown"


class Helped(Server):
    """The app's server, with a model in place of the rule that made a task of every line."""

    def __init__(self, store: Store[Any], model_url: str = MODEL_URL) -> None:
        super().__init__(store)
        self.model = ChatCompletions("qwen3:8b", base_url=model_url)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        chat = AgentContext(thread=thread, store=self.store, request_context=context)
        async for event in stream_model_response(
            chat,
            self.model,
            await simple_to_agent_input(items.data[::-1]),
            instructions="You help to plan. Put what is to be done into a list.",
            tools=[show_list],
        ):
            yield event
