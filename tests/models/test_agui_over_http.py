"""AG-UI agents over HTTP, with events of the real ag-ui-protocol."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from ag_ui.core import Event, RunAgentInput
from ag_ui.core.events import CustomEvent, EventType, RunErrorEvent, TextMessageChunkEvent, ToolCallChunkEvent
from pydantic import TypeAdapter

from chatkit.agui import AgentContext, AGUIAgent, simple_to_agent_input, stream_agui_events, to_agui_messages
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer
from chatkit.testing import Call, ChatKitClient, Say, ScriptedModel, Search, Think, assert_widget
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem, WorkflowItem


class AGUIServer(ChatKitServer[None]):
    """Answers with an agent elsewhere, or with the events it is given."""

    def __init__(self, url: str = "", events: list[Any] | None = None) -> None:
        super().__init__(MemoryStore())
        self.agent = AGUIAgent(url)
        self.given = events

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
        messages = to_agui_messages(await simple_to_agent_input(page.data))
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        tools = [{"name": "set_theme", "description": "Change the theme.", "parameters": {"type": "object"}}]
        events: AsyncIterator[Any]
        events = self.agent.run(thread.id, messages, tools=tools) if self.given is None else _all(self.given)
        async for event in stream_agui_events(run, events, client_tools={"set_theme"}):
            yield event


async def _all(events: list[Any]) -> AsyncIterator[Any]:
    for event in events:
        yield event


async def test_five_turns_with_reasoning_tools_and_steps_have_ids_of_their_own() -> None:
    script = [
        [
            Think("I look."),
            Search(f"Step {n}"),
            Call("weather", {"city": f"Rome {n}"}, result=f"sunny {n}"),
            Say(f"Answer {n}."),
        ]
        for n in range(5)
    ]
    async with ScriptedModel(*script) as model:
        server = AGUIServer(f"{model.base_url}/agui")
        client = ChatKitClient(server, None)
        for number in range(5):
            turn = await client.send(f"Question {number}")
            assert turn.error is None
            assert turn.text == f"Answer {number}."
        stored = (await server.store.load_thread_items(client.thread.id, None, 1000, "asc", None)).data
        kinds = Counter(item.type for item in stored)
        assert kinds == {"user_message": 5, "workflow": 5, "sdk_hidden_context": 5, "assistant_message": 5}
        assert max(Counter(item.id for item in stored).values()) == 1
        tasks = [task.model_dump() for task in client.last(WorkflowItem).workflow.tasks]
        assert [task.get("title") or task.get("content") for task in tasks] == ["I look.", "Step 4"]
        told = json.dumps(model.requests[4].body["messages"])
        assert all(f"sunny {number}" in told for number in range(4))
        RunAgentInput.model_validate(model.requests[4].body)


async def test_a_client_tool_without_a_result_is_the_page_s() -> None:
    async with ScriptedModel([Call("set_theme", {"theme": "dark"}, call_id="call_1")], "Dark now.") as model:
        client = ChatKitClient(AGUIServer(f"{model.base_url}/agui"), None)
        (call,) = (await client.send("Dark")).tool_calls
        assert (call.call_id, call.arguments) == ("call_1", {"theme": "dark"})
        assert (await client.answer_tool({"ok": True})).text == "Dark now."
        told = model.requests[1].body["messages"]
        assert [message["role"] for message in told] == ["user", "assistant", "tool"]


async def test_events_of_a_framework_in_the_same_process_are_taken_as_objects() -> None:
    widget = {"type": "Card", "children": [{"type": "Text", "value": "From the agent"}]}
    events = [
        TextMessageChunkEvent(
            type=EventType.TEXT_MESSAGE_CHUNK, message_id="m", role="assistant", delta="Hello"
        ),
        TextMessageChunkEvent(type=EventType.TEXT_MESSAGE_CHUNK, message_id="m", delta=" there"),
        ToolCallChunkEvent(
            type=EventType.TOOL_CALL_CHUNK, tool_call_id="c", tool_call_name="look", delta="{}"
        ),
        CustomEvent(type=EventType.CUSTOM, name="chatkit.widget", value={"widget": widget}),
    ]
    client = ChatKitClient(AGUIServer(events=events), None)
    turn = await client.send("Hi")
    assert turn.error is None
    assert turn.text == "Hello there"
    assert_widget(turn.widgets[0], "Text", value="From the agent")


async def test_a_failed_run_is_an_error_with_retry() -> None:
    events = [RunErrorEvent(type=EventType.RUN_ERROR, message="secret detail", code="E1")]
    turn = await ChatKitClient(AGUIServer(events=events), None).send("Hi")
    assert turn.error is not None
    assert turn.error.allow_retry
    assert "secret" not in turn.error.model_dump_json()


async def test_the_scripted_agent_speaks_the_real_protocol() -> None:
    async with ScriptedModel([Think("Hm."), Search("s"), Call("t", {}, result="r"), Say("Hi")]) as model:
        adapter: TypeAdapter[Any] = TypeAdapter(Event)
        kinds = [
            adapter.validate_python(event).type
            async for event in AGUIAgent(f"{model.base_url}/agui").run("t", [])
        ]
    assert kinds[0] == EventType.RUN_STARTED
    assert kinds[-1] == EventType.RUN_FINISHED
