from collections.abc import AsyncIterator

from chatkit.agui import AgentContext, AGUIAgent, simple_to_agent_input, stream_agui_events, to_agui_messages
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem


class AGUIServer(ChatKitServer[None]):
    def __init__(self, store: Store[None], url: str) -> None:
        super().__init__(store)
        self.agent = AGUIAgent(url)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        messages = to_agui_messages(await simple_to_agent_input(items.data[::-1]))
        chat = AgentContext(thread=thread, store=self.store, request_context=context)
        async for event in stream_agui_events(chat, self.agent.run(thread.id, messages)):
            yield event
