from collections.abc import AsyncIterator

from chatkit.models import (
    AgentContext,
    Model,
    client_tool,
    simple_to_agent_input,
    stream_model_response,
    tool,
)
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from chatkit.widgets import Card, Text


@tool
async def weather(context: AgentContext[None], city: str) -> str:
    """Tell the weather of a city."""
    await context.stream_widget(Card(children=[Text(value=f"Sunny in {city}")]))
    return "sunny"


theme = {"type": "object", "properties": {"theme": {"enum": ["light", "dark"]}}, "required": ["theme"]}
set_theme = client_tool("set_theme", "Change the theme of the page.", theme)


class ModelServer(ChatKitServer[None]):
    def __init__(self, store: Store[None], model: Model) -> None:
        super().__init__(store)
        self.model = model

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        chat = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await simple_to_agent_input(items.data[::-1])
        async for event in stream_model_response(
            chat, self.model, given, instructions="You are a night porter.", tools=[weather, set_theme]
        ):
            yield event
