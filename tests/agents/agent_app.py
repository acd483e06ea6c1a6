"""Agents of the real SDK that talk over HTTP to a scripted endpoint, on both of its wires."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from openai import AsyncOpenAI

from agents import (
    Agent,
    Model,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
)
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer
from chatkit.testing import ChatKitClient, ScriptedModel
from chatkit.types import ThreadItem, ThreadMetadata, ThreadStreamEvent, UserMessageItem

Context = AgentContext[None]
MakeModel = Callable[[ScriptedModel], Model]


async def history(server: ChatKitServer[None], thread: ThreadMetadata) -> list[ThreadItem]:
    page = await server.store.load_thread_items(thread.id, None, 1000, "asc", None)
    return list(page.data)


class AgentServer(ChatKitServer[None]):
    """Answers with an agent; ``settings`` go to ``stream_agent_response``."""

    def __init__(self, agent: Agent[Context], **settings: Any) -> None:
        super().__init__(MemoryStore())
        self.agent = agent
        self.settings = settings
        self.contexts: list[Context] = []
        self.inputs: list[Sequence[Any]] = []
        self.results: list[Any] = []

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        run_context = AgentContext(thread=thread, store=self.store, request_context=context)
        self.contexts.append(run_context)
        given = await simple_to_agent_input(await history(self, thread))
        self.inputs.append(given)
        result = Runner.run_streamed(self.agent, given, context=run_context)
        self.results.append(result)
        async for event in stream_agent_response(run_context, result, **self.settings):
            yield event


def responses(model: ScriptedModel) -> Model:
    client = AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0)
    return OpenAIResponsesModel(model="scripted", openai_client=client)


def chat(model: ScriptedModel) -> Model:
    client = AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0)
    return OpenAIChatCompletionsModel(model="scripted", openai_client=client)


def agent_client(agent: Agent[Context], **settings: Any) -> tuple[ChatKitClient[None], AgentServer]:
    server = AgentServer(agent, **settings)
    return ChatKitClient(server, None), server
