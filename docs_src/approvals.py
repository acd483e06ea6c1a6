from collections.abc import AsyncIterator

from agents import Agent, Model, function_tool
from chatkit.agents import AgentContext, Runner, resume_run, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem


@function_tool(needs_approval=True)
async def refund(order: str, amount: int) -> str:
    """Give a guest money back."""
    return f"{amount} given back for {order}"


class TillServer(ChatKitServer[None]):
    def __init__(self, store: Store[None], model: str | Model) -> None:
        super().__init__(store)
        self.agent = Agent[AgentContext[None]](name="Till", model=model, tools=[refund])

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        chat = AgentContext(thread=thread, store=self.store, request_context=context)
        result = await resume_run(chat, self.agent)
        if result is None:
            items = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
            given = await simple_to_agent_input(items.data[::-1])
            result = Runner.run_streamed(self.agent, given, context=chat)
        async for event in stream_agent_response(chat, result, approvals=True, tool_history=True):
            yield event
