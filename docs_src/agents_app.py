from collections.abc import AsyncIterator

from agents import Agent, Model, RunContextWrapper, StopAtTools, function_tool
from chatkit.agents import AgentContext, ClientToolCall, Runner, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import CustomTask, ThreadMetadata, ThreadStreamEvent, UserMessageItem
from chatkit.widgets import Card, Text

Context = RunContextWrapper[AgentContext[None]]


@function_tool
async def weather(ctx: Context, city: str) -> str:
    """Tell the weather of a city."""
    chat = ctx.context
    await chat.add_workflow_task(CustomTask(title=f"Looking at the sky over {city}", icon="globe"))
    await chat.stream_widget(Card(children=[Text(value=f"Sunny in {city}")]))
    return "sunny"


@function_tool
async def set_theme(ctx: Context, theme: str) -> str:
    """Change the theme of the page."""
    ctx.context.client_tool_call = ClientToolCall(name="set_theme", arguments={"theme": theme})
    return "asked the page"


class AgentServer(ChatKitServer[None]):
    def __init__(self, store: Store[None], model: str | Model) -> None:
        super().__init__(store)
        self.agent = Agent[AgentContext[None]](
            name="Porter",
            model=model,
            tools=[weather, set_theme],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["set_theme"]),
        )

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        chat = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await simple_to_agent_input(items.data[::-1])
        result = Runner.run_streamed(self.agent, given, context=chat)
        async for event in stream_agent_response(chat, result, tool_history=True):
            yield event
