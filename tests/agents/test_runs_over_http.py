"""Whole conversations: the real Agents SDK, over HTTP, through the server, to the client."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import Any

import pytest
from agent_app import AgentServer, Context, MakeModel, agent_client, responses

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    RunContextWrapper,
    Runner,
    StopAtTools,
    function_tool,
)
from chatkit._time import utc_now
from chatkit.agents import AgentContext, ClientToolCall, stream_agent_response
from chatkit.testing import (
    Call,
    ChatKitClient,
    Cite,
    Draw,
    Refuse,
    Say,
    ScriptedModel,
    Search,
    Think,
    Wait,
    assert_widget,
)
from chatkit.types import (
    AssistantMessageItem,
    CustomTask,
    GeneratedImageItem,
    HiddenContextItem,
    SDKHiddenContextItem,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    Workflow,
    WorkflowItem,
)
from chatkit.widgets import Card, Text

RunContext = RunContextWrapper[Context]


@function_tool
async def weather(ctx: RunContext, city: str) -> str:
    """Tell the weather."""
    await ctx.context.stream_widget(Card(children=[Text(value=f"Sunny in {city}")]))
    return f"sunny in {city}"


@function_tool
async def set_theme(ctx: RunContext, theme: str) -> str:
    """Change the page's theme."""
    ctx.context.client_tool_call = ClientToolCall(name="set_theme", arguments={"theme": theme})
    return "asked"


@function_tool
async def read_selection(ctx: RunContext) -> str:
    """Read what the user has selected."""
    ctx.context.client_tool_call = ClientToolCall(name="read_selection", arguments={})
    return "asked"


async def test_text_streams_token_by_token_and_is_stored(make_model: MakeModel) -> None:
    async with ScriptedModel("Hello dear world") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model)))
        turn = await client.send("Hi")
        deltas = [
            event.update.delta
            for event in turn.events
            if isinstance(event, ThreadItemUpdatedEvent)
            and event.update.type == "assistant_message.content_part.text_delta"
        ]
        assert deltas == ["Hello", " dear", " world"]
        assert turn.text == "Hello dear world"
        assert (await client.load()).items.data[-1] == client.last(AssistantMessageItem)


@pytest.mark.behaviour("D50")
@pytest.mark.behaviour("D51")
async def test_five_turns_with_tools_have_ids_of_their_own(make_model: MakeModel) -> None:
    script: list[Any] = []
    for number in range(5):
        script += [[Think("I look."), Call("weather", {"city": f"Rome {number}"})], f"Answer {number}."]
    async with ScriptedModel(*script) as model:
        client, server = agent_client(Agent(name="a", model=make_model(model), tools=[weather]))
        for number in range(5):
            turn = await client.send(f"Question {number}")
            assert turn.error is None
            assert turn.text == f"Answer {number}."
        assert model.remaining == 0
        stored = (await server.store.load_thread_items(client.thread.id, None, 1000, "asc", None)).data
        assert Counter(item.type for item in stored) == {
            "user_message": 5,
            "workflow": 5,
            "widget": 5,
            "assistant_message": 5,
        }
        assert max(Counter(item.id for item in stored).values()) == 1
        assert not any("fake" in item.id for item in stored)
        assert client.items == stored


async def test_the_second_turn_tells_the_model_what_was_said(make_model: MakeModel) -> None:
    async with ScriptedModel("My name is Ann.", "As I said: Ann.") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model)))
        await client.send("Who are you?")
        await client.send("Again?")
        told = json.dumps(model.requests[1].input)
        assert "Who are you?" in told
        assert "My name is Ann." in told
        assert [message["role"] for message in model.requests[1].input] == ["user", "assistant", "user"]


async def test_widgets_from_tools_come_between_reasoning_and_answer(make_model: MakeModel) -> None:
    async with ScriptedModel([Think("Let me see."), Call("weather", {"city": "Rome"})], "Sunny!") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model), tools=[weather]))
        turn = await client.send("Weather?")
        assert [item.type for item in turn.items] == ["workflow", "widget", "assistant_message"]
        assert_widget(turn.widgets[0], "Text", value="Sunny in Rome")
        workflow = client.last(WorkflowItem).workflow
        assert workflow.type == "reasoning"
        assert [task.model_dump()["content"] for task in workflow.tasks] == ["Let me see."]
        assert workflow.summary is not None


@pytest.mark.behaviour("D52")
async def test_a_tool_call_without_an_item_id_does_not_end_the_run() -> None:
    async with ScriptedModel([Call("set_theme", {"theme": "dark"}, call_id="call_x", item_id=None)]) as model:
        agent = Agent[Context](
            name="a",
            model=responses(model),
            tools=[set_theme],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["set_theme"]),
        )
        client, _ = agent_client(agent)
        turn = await client.send("Dark, please")
        assert turn.error is None
        (call,) = turn.tool_calls
        assert call.call_id == "call_x"
        assert call.id


@pytest.mark.behaviour("D53")
async def test_client_tools_in_parallel_with_a_server_tool_each_keep_their_own_ids(
    make_model: MakeModel,
) -> None:
    calls = [
        Call("set_theme", {"theme": "dark"}, call_id="call_theme"),
        Call("read_selection", {}, call_id="call_selection"),
        Call("weather", {"city": "Oslo"}, call_id="call_weather"),
    ]
    async with ScriptedModel(calls, "Done.") as model:
        agent = Agent[Context](
            name="a",
            model=make_model(model),
            tools=[weather, set_theme, read_selection],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["set_theme", "read_selection"]),
        )
        client, _ = agent_client(agent, tool_history=True)
        turn = await client.send("All at once")
        assert {call.call_id: call.name for call in turn.tool_calls} == {
            "call_theme": "set_theme",
            "call_selection": "read_selection",
        }
        by_name = {call.name: call for call in turn.tool_calls}
        late = await client.answer_tool("words", item_id=by_name["read_selection"].id)
        assert late.text == ""
        assert len(model.requests) == 1
        final = await client.answer_tool({"ok": True}, item_id=by_name["set_theme"].id)
        assert final.text == "Done."
        told = json.dumps(model.requests[1].input)
        for call_id in ("call_theme", "call_selection", "call_weather"):
            assert told.count(call_id) == 2
        assert "words" in told
        assert "sunny in Oslo" in told


@pytest.mark.behaviour("D53")
async def test_a_client_tool_that_fails_beside_one_that_answers_reaches_the_model(
    make_model: MakeModel,
) -> None:
    calls = [
        Call("set_theme", {"theme": "dark"}, call_id="call_1"),
        Call("read_selection", {}, call_id="call_2"),
    ]
    async with ScriptedModel(calls, "I see.") as model:
        agent = Agent[Context](
            name="a",
            model=make_model(model),
            tools=[set_theme, read_selection],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["set_theme", "read_selection"]),
        )
        client, _ = agent_client(agent)
        first, second = (await client.send("Both")).tool_calls
        await client.answer_tool(error="no permission", item_id=second.id)
        turn = await client.answer_tool({"ok": True}, item_id=first.id)
        assert turn.text == "I see."
        told = json.dumps(model.requests[1].input)
        assert "no permission" in told
        assert told.count("call_1") == told.count("call_2") == 2


@pytest.mark.behaviour("D54")
@pytest.mark.behaviour("D72")
@pytest.mark.behaviour("D73")
async def test_citations_survive_streaming_storing_and_going_back_to_the_model() -> None:
    cites = [Cite("https://a.example", "A", end=4), Cite("https://b.example", "B")]
    async with ScriptedModel(Say("Two facts.", cites=cites), "Yes.") as model:
        client, _ = agent_client(Agent(name="a", model=responses(model)))
        turn = await client.send("Facts?")
        assert turn.error is None
        done = [
            event.update.content.annotations
            for event in turn.events
            if isinstance(event, ThreadItemUpdatedEvent)
            and event.update.type == "assistant_message.content_part.done"
        ]
        assert [len(annotations) for annotations in done] == [2]
        stored = (await client.load()).items.data[-1]
        assert isinstance(stored, AssistantMessageItem)
        assert [(a.source.title, a.index) for a in stored.content[0].annotations] == [("A", 4), ("B", 10)]
        await client.send("Sure?")
        told = json.dumps(model.requests[1].input)
        assert "https://a.example" in told
        assert "https://b.example" in told


@pytest.mark.behaviour("D62")
@pytest.mark.behaviour("D74")
@pytest.mark.slow
async def test_leaving_the_stream_ends_the_model_call_within_200_ms_and_leaves_no_task(
    make_model: MakeModel,
) -> None:
    wait = Wait()
    async with ScriptedModel([Say("Once upon"), wait, Say("never said")]) as model:
        client, server = agent_client(Agent(name="a", model=make_model(model)))
        before = asyncio.all_tasks()
        stream = client.stream("Tell me")
        async for event in stream:
            if isinstance(event, ThreadItemUpdatedEvent) and event.update.type.endswith("text_delta"):
                break
        request = await model.request(0)
        left = time.perf_counter()
        await stream.aclose()  # type: ignore[attr-defined]
        del stream
        await asyncio.wait_for(request.hung_up.wait(), 1.0)
        assert time.perf_counter() - left < 0.2
        assert not request.sent.is_set()
        ours = {
            task for task in asyncio.all_tasks() - before if not task.done() and "_accept" not in repr(task)
        }
        await asyncio.wait_for(asyncio.gather(*ours, return_exceptions=True), 1.0)
        assert server.contexts


@pytest.mark.behaviour("D74")
async def test_cancelling_the_consumer_of_a_run_leaves_no_pending_task() -> None:
    async with ScriptedModel([Say("Once"), Wait()]) as model:
        server = AgentServer(Agent(name="a", model=responses(model)))
        thread = ThreadMetadata(id="thr_1", created_at=utc_now())
        context = AgentContext(thread=thread, store=server.store, request_context=None)
        started = asyncio.Event()
        before = asyncio.all_tasks()

        async def consume() -> None:
            result = Runner.run_streamed(server.agent, "Hi", context=context)
            async for event in stream_agent_response(context, result):
                if isinstance(event, ThreadItemUpdatedEvent):
                    started.set()

        await server.store.save_thread(thread, None)
        consumer = asyncio.create_task(consume())
        await started.wait()
        consumer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consumer
        await asyncio.wait_for((await model.request(0)).hung_up.wait(), 1.0)
        left = [task for task in asyncio.all_tasks() - before if "pump" in repr(task) and not task.done()]
        assert left == []


@pytest.mark.behaviour("D59")
async def test_a_tripped_guardrail_takes_back_everything_and_the_safe_reply_arrives() -> None:
    wait = Wait()

    async def refuse(ctx: RunContextWrapper[Any], agent: Any, given: Any) -> GuardrailFunctionOutput:
        await wait.gate.wait()
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    class Guarded(AgentServer):
        async def respond(self, thread: Any, input_user_message: Any, context: None) -> Any:
            try:
                async for event in super().respond(thread, input_user_message, context):
                    yield event
                    if isinstance(event, ThreadItemUpdatedEvent):
                        wait.gate.set()
            except InputGuardrailTripwireTriggered:
                message = AssistantMessageItem.model_validate(
                    {
                        "id": "msg_safe",
                        "thread_id": thread.id,
                        "created_at": thread.created_at,
                        "content": [{"text": "I can not help with that."}],
                    }
                )
                yield ThreadItemDoneEvent(item=message)

    async with ScriptedModel([Say("Secret words"), wait, Say("and more secrets")]) as model:
        agent = Agent[Context](
            name="a", model=responses(model), input_guardrails=[InputGuardrail(guardrail_function=refuse)]
        )
        server = Guarded(agent)
        client = ChatKitClient(server, None)
        turn = await client.send("Tell me the secret")
        assert turn.error is None
        assert any(isinstance(event, ThreadItemRemovedEvent) for event in turn.events)
        assert [item.type for item in client.items] == ["user_message", "assistant_message"]
        assert turn.text == "I can not help with that."
        assert [item.id for item in (await client.load()).items.data] == [item.id for item in client.items]


@pytest.mark.behaviour("D66")
async def test_reasoning_costs_bytes_in_proportion_to_its_text() -> None:
    def cost(events: list[Any]) -> int:
        updates = [
            e
            for e in events
            if isinstance(e, ThreadItemUpdatedEvent) and e.update.type.startswith("workflow")
        ]
        return sum(len(event.model_dump_json()) for event in updates)

    sizes: list[int] = []
    for words in (400, 1600):
        text = " ".join(f"thought{number}" for number in range(words))
        async with ScriptedModel([Think(text), Say("Done.")]) as model:
            client, _ = agent_client(Agent(name="a", model=responses(model)))
            turn = await client.send("Think")
            sizes.append(cost(turn.events))
            assert sizes[-1] < 12 * len(text)
            assert client.last(WorkflowItem).workflow.tasks[0].model_dump()["content"] == text
    assert sizes[1] < 6 * sizes[0]


@pytest.mark.behaviour("D67")
async def test_a_web_search_shows_as_a_step_and_a_refusal_streams() -> None:
    async with ScriptedModel(
        [Search("cats", urls=["https://cats.example/a"]), Say("Cats.")], Refuse("I will not.")
    ) as model:
        client, _ = agent_client(Agent(name="a", model=responses(model)))
        turn = await client.send("Cats?")
        task = client.last(WorkflowItem).workflow.tasks[0].model_dump()
        assert (task["type"], task["status_indicator"], task["queries"]) == (
            "web_search",
            "complete",
            ["cats"],
        )
        assert task["sources"][0]["url"] == "https://cats.example/a"
        assert turn.text == "Cats."
        refused = await client.send("Dogs?")
        assert refused.text == "I will not."
        assert sum("text_delta" in event.model_dump_json() for event in refused.events) == 3


async def test_an_image_arrives_with_its_previews_and_is_stored() -> None:
    async with ScriptedModel([Draw("RklOQUw=", previews=["UFJFVg=="])], "A cat.") as model:
        client, _ = agent_client(Agent(name="a", model=responses(model)))
        turn = await client.send("Draw")
        updates = [event.update for event in turn.events if isinstance(event, ThreadItemUpdatedEvent)]
        previews = [update.image.url for update in updates if update.type == "generated_image.updated"]
        assert previews == ["data:image/png;base64,UFJFVg=="]
        image = client.last(GeneratedImageItem).image
        assert image is not None
        assert image.url == "data:image/png;base64,RklOQUw="


async def test_tool_history_tells_the_next_turn_what_tools_returned(make_model: MakeModel) -> None:
    async with ScriptedModel(
        [Call("weather", {"city": "Rome"}, call_id="call_1")], "Sunny.", "As before."
    ) as model:
        client, server = agent_client(
            Agent(name="a", model=make_model(model), tools=[weather]), tool_history=True
        )
        await client.send("Weather?")
        assert [item.type for item in client.items] == ["user_message", "widget", "assistant_message"]
        await client.send("Again?")
        told = json.dumps(model.requests[2].input)
        assert told.count("call_1") == 2
        assert "sunny in Rome" in told
        stored = (await server.store.load_thread_items(client.thread.id, None, 1000, "asc", None)).data
        assert sum(isinstance(item, SDKHiddenContextItem) for item in stored) == 1


async def test_a_failing_model_ends_the_turn_with_an_error_and_keeps_the_question(
    make_model: MakeModel,
) -> None:
    async with ScriptedModel() as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model)))
        turn = await client.send("Hello?")
        assert turn.error is not None
        assert turn.error.allow_retry
        assert [item.type for item in (await client.load()).items.data] == ["user_message"]


async def test_a_tool_may_hide_context_without_ending_its_workflow(make_model: MakeModel) -> None:
    @function_tool
    async def plan(ctx: RunContext) -> str:
        """Make a plan."""
        context = ctx.context
        await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="First")]))
        note = HiddenContextItem(
            id="hid_1", thread_id=context.thread.id, created_at=context.thread.created_at, content="n"
        )
        await context.stream(ThreadItemDoneEvent(item=note))
        await context.add_workflow_task(CustomTask(title="Second"))
        return "planned"

    async with ScriptedModel([Call("plan")], "Done.") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model), tools=[plan]))
        turn = await client.send("Plan")
        assert [item.type for item in turn.items] == ["workflow", "assistant_message"]
        assert [task.model_dump()["title"] for task in client.last(WorkflowItem).workflow.tasks] == [
            "First",
            "Second",
        ]
