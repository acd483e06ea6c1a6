"""Models over plain HTTP: whole conversations on both wires, against a scripted endpoint."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.models import (
    AgentContext,
    Anthropic,
    ChatCompletions,
    Model,
    ModelError,
    Tool,
    client_tool,
    simple_to_agent_input,
    stream_model_response,
    tool,
)
from chatkit.server import ChatKitServer
from chatkit.testing import (
    Call,
    ChatKitClient,
    Drop,
    Fail,
    Refuse,
    Say,
    ScriptedModel,
    Think,
    Wait,
    assert_widget,
)
from chatkit.types import (
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WorkflowItem,
)
from chatkit.widgets import Card, Text

MakeModel = Callable[[ScriptedModel], Model]


@pytest.fixture(params=["chat", "anthropic"])
def make_model(request: pytest.FixtureRequest) -> MakeModel:
    if request.param == "chat":
        return lambda model: ChatCompletions("scripted", base_url=model.base_url, api_key="none")
    return lambda model: Anthropic("scripted", base_url=model.base_url, api_key="none")


@tool
async def weather(context: AgentContext[None], city: str, days: int = 1) -> str:
    """Tell the weather."""
    await context.stream_widget(Card(children=[Text(value=f"Sunny in {city}")]))
    return f"sunny in {city} for {days}"


@tool
async def broken() -> str:
    """Fail."""
    raise LookupError("no such place")


set_theme = client_tool(
    "set_theme", "Change the theme.", {"type": "object", "properties": {"theme": {"type": "string"}}}
)
read_selection = client_tool("read_selection", "Read the selection.")


class ModelServer(ChatKitServer[None]):
    def __init__(self, model: Model, tools: Sequence[Tool] = ()) -> None:
        super().__init__(MemoryStore())
        self.model = model
        self.tools = tools

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        events = stream_model_response(
            run,
            self.model,
            await simple_to_agent_input(items.data),
            instructions="Be kind.",
            tools=self.tools,
        )
        async for event in events:
            yield event


def client_of(model: Model, *tools: Tool) -> tuple[ChatKitClient[None], ModelServer]:
    server = ModelServer(model, tools)
    return ChatKitClient(server, None), server


async def test_five_turns_with_reasoning_tools_and_widgets_have_ids_of_their_own(
    make_model: MakeModel,
) -> None:
    script: list[Any] = []
    for number in range(5):
        script += [[Think("I look."), Call("weather", {"city": f"Rome {number}"})], f"Answer {number}."]
    async with ScriptedModel(*script) as model:
        client, server = client_of(make_model(model), weather)
        for number in range(5):
            turn = await client.send(f"Question {number}")
            assert turn.error is None
            assert turn.text == f"Answer {number}."
            assert_widget(turn.widgets[0], "Text", value=f"Sunny in Rome {number}")
        stored = (await server.store.load_thread_items(client.thread.id, None, 1000, "asc", None)).data
        kinds = Counter(item.type for item in stored)
        assert kinds == {
            "user_message": 5,
            "workflow": 5,
            "widget": 5,
            "sdk_hidden_context": 5,
            "assistant_message": 5,
        }
        assert max(Counter(item.id for item in stored).values()) == 1
        told = json.dumps(model.requests[-1].input)
        assert all(f"sunny in Rome {number} for 1" in told for number in range(5))
        assert model.requests[0].tool_names == ["weather"]


async def test_the_wire_gets_instructions_history_and_results_in_order(make_model: MakeModel) -> None:
    async with ScriptedModel(
        Call("weather", {"city": "Rome", "days": 3}, call_id="call_1"), "Sunny.", "Yes."
    ) as model:
        client, _ = client_of(make_model(model), weather)
        await client.send("Weather?")
        await client.send("Sure?")
        roles = [message["role"] for message in model.requests[-1].input]
        if model.requests[0].wire == "chat":
            assert roles == ["system", "user", "user", "assistant", "tool", "assistant", "user"]
            assert model.requests[-1].input[4]["tool_call_id"] == "call_1"
        else:
            assert model.requests[0].body["system"] == "Be kind."
            assert roles == ["user", "assistant", "user", "assistant", "user"]


async def test_text_streams_token_by_token(make_model: MakeModel) -> None:
    async with ScriptedModel("Hello dear world") as model:
        client, _ = client_of(make_model(model))
        turn = await client.send("Hi")
        deltas = [
            event.update.delta
            for event in turn.events
            if isinstance(event, ThreadItemUpdatedEvent)
            and event.update.type == "assistant_message.content_part.text_delta"
        ]
        assert deltas == ["Hello", " dear", " world"]


@pytest.mark.behaviour("D53")
async def test_client_tools_beside_a_server_tool_wait_for_the_page(make_model: MakeModel) -> None:
    calls = [
        Call("set_theme", {"theme": "dark"}, call_id="call_theme"),
        Call("weather", {"city": "Oslo"}, call_id="call_weather"),
        Call("read_selection", {}, call_id="call_selection"),
    ]
    async with ScriptedModel(calls, "Done.") as model:
        client, _ = client_of(make_model(model), weather, set_theme, read_selection)
        turn = await client.send("All")
        pending = {call.name: call for call in turn.tool_calls}
        assert {name: call.call_id for name, call in pending.items()} == {
            "set_theme": "call_theme",
            "read_selection": "call_selection",
        }
        await client.answer_tool("words", item_id=pending["read_selection"].id)
        final = await client.answer_tool({"ok": True}, item_id=pending["set_theme"].id)
        assert final.text == "Done."
        told = json.dumps(model.requests[1].input)
        assert all(told.count(f'"{call.call_id}"') == 2 for call in calls)


async def test_wrong_arguments_unknown_tools_and_failures_go_back_to_the_model(make_model: MakeModel) -> None:
    calls = [Call("weather", {"town": "Rome"}), Call("fly", {}), Call("broken", {})]
    async with ScriptedModel(calls, "Sorry.") as model:
        client, _ = client_of(make_model(model), weather, broken)
        turn = await client.send("Go")
        assert turn.text == "Sorry."
        told = json.dumps(model.requests[1].input)
        assert "the arguments do not fit" in told
        assert "there is no tool 'fly'" in told
        assert "LookupError: no such place" in told


async def test_reasoning_shows_as_a_workflow_before_the_answer(make_model: MakeModel) -> None:
    async with ScriptedModel([Think("Let me see."), Say("Seen.")]) as model:
        client, _ = client_of(make_model(model))
        turn = await client.send("Look")
        assert [item.type for item in turn.items] == ["workflow", "assistant_message"]
        assert client.last(WorkflowItem).workflow.tasks[0].model_dump()["content"] == "Let me see."


async def test_thinking_goes_back_to_anthropic_with_its_signature_within_a_turn() -> None:
    async with ScriptedModel([Think("Hm."), Call("weather", {"city": "Rome"})], "Sunny.") as model:
        client, _ = client_of(Anthropic("scripted", base_url=model.base_url), weather)
        await client.send("Weather?")
        assistant = model.requests[1].input[1]["content"]
        assert [block["type"] for block in assistant] == ["thinking", "tool_use"]
        assert assistant[0]["thinking"] == "Hm."
        assert assistant[0]["signature"]


async def test_a_refusal_is_text(make_model: MakeModel) -> None:
    async with ScriptedModel(Refuse("I will not.")) as model:
        client, _ = client_of(make_model(model))
        assert (await client.send("Do")).text == "I will not."


@pytest.mark.parametrize(
    "reply", [Fail(429, "slow down"), [Say("Half"), Drop()]], ids=["refused", "broken off"]
)
async def test_a_failing_endpoint_is_an_error_with_retry(make_model: MakeModel, reply: Any) -> None:
    async with ScriptedModel(reply) as model:
        client, _ = client_of(make_model(model))
        turn = await client.send("Hello")
        assert turn.error is not None
        assert turn.error.allow_retry


async def test_an_endpoint_that_is_not_there_says_where_it_looked() -> None:
    async with ScriptedModel() as model:
        address = model.base_url
    run = ChatCompletions("scripted", base_url=address).stream(None, [], [])
    with pytest.raises(ModelError, match="chat/completions broke off"):
        await anext(run)


async def test_a_model_that_only_calls_tools_is_stopped(make_model: MakeModel) -> None:
    async with ScriptedModel(*[Call("weather", {"city": "Rome"}) for _ in range(12)]) as model:
        client, _ = client_of(make_model(model), weather)
        turn = await client.send("Go")
        assert turn.error is not None
        assert len(model.requests) == 10


@pytest.mark.behaviour("D62")
@pytest.mark.slow
async def test_hanging_up_ends_the_model_call_within_200_ms(make_model: MakeModel) -> None:
    async with ScriptedModel([Say("Once upon"), Wait(), Say("never")]) as model:
        client, _ = client_of(make_model(model))
        stream = client.stream("Tell")
        async for event in stream:
            if isinstance(event, ThreadItemUpdatedEvent):
                break
        left = time.perf_counter()
        await stream.aclose()  # type: ignore[attr-defined]
        await asyncio.wait_for(model.requests[0].hung_up.wait(), 1.0)
        assert time.perf_counter() - left < 0.2


def test_a_tool_s_schema_comes_from_its_signature() -> None:
    assert weather.name == "weather"
    assert weather.description == "Tell the weather."
    assert weather.parameters["required"] == ["city"]
    assert weather.parameters["properties"]["days"]["default"] == 1
    assert weather.parameters["additionalProperties"] is False
