"""Workflows that tools start, grow and end."""

from __future__ import annotations

from typing import Any

import pytest
from agent_app import AgentServer, Context, MakeModel, agent_client, responses

from agents import Agent, RunContextWrapper, StopAtTools, function_tool
from chatkit.agents import ClientToolCall
from chatkit.backends.memory import MemoryStore
from chatkit.testing import Call, ChatKitClient, Say, ScriptedModel, Think
from chatkit.types import (
    CustomSummary,
    CustomTask,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    Workflow,
    WorkflowItem,
)

RunContext = RunContextWrapper[Context]


def titles(workflow: Workflow) -> list[str | None]:
    return [task.model_dump()["title"] for task in workflow.tasks]


@function_tool
async def steps(ctx: RunContext) -> str:
    """Take two steps that look alike."""
    await ctx.context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="a")]))
    await ctx.context.add_workflow_task(CustomTask(title="same"))
    await ctx.context.add_workflow_task(CustomTask(title="same"))
    await ctx.context.update_workflow_task(CustomTask(title="same", status_indicator="complete"), 2)
    return "ok"


@function_tool
async def step_and_ask(ctx: RunContext) -> str:
    """Take a step, then have the page do something."""
    await ctx.context.add_workflow_task(CustomTask(title="before"))
    ctx.context.client_tool_call = ClientToolCall(name="step_and_ask", arguments={})
    return "asked"


@function_tool
async def empty(ctx: RunContext) -> str:
    """Start a workflow and have nothing to do in it."""
    await ctx.context.start_workflow(Workflow(type="custom", tasks=[]))
    return "ok"


class InsertOnlyStore(MemoryStore[Any]):
    """A store whose table has a unique key."""

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Any) -> None:
        page = await self.load_thread_items(thread_id, None, 1000, "asc", context)
        if any(known.id == item.id for known in page.data):
            raise RuntimeError(f"duplicate key {item.id}")
        await super().add_thread_item(thread_id, item, context)


@pytest.mark.behaviour("D55")
async def test_a_continued_workflow_is_saved_in_place() -> None:
    async with ScriptedModel(Call("step_and_ask"), Call("steps_on"), "Done.") as model:

        @function_tool
        async def steps_on(ctx: RunContext) -> str:
            """Go on."""
            await ctx.context.add_workflow_task(CustomTask(title="after"))
            return "ok"

        agent = Agent[Context](
            name="a",
            model=responses(model),
            tools=[step_and_ask, steps_on],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["step_and_ask"]),
        )
        server = AgentServer(agent)
        server.store = InsertOnlyStore()
        client = ChatKitClient(server, None)
        await client.send("Go")
        turn = await client.answer_tool("fine")
        assert turn.error is None
        stored = (await client.load()).items.data
        (workflow,) = [item for item in stored if isinstance(item, WorkflowItem)]
        assert titles(workflow.workflow) == ["before", "after"]
        assert workflow.workflow.summary is not None


@pytest.mark.behaviour("D56")
@pytest.mark.behaviour("D57")
async def test_equal_tasks_have_their_own_places_and_events_show_only_their_moment(
    make_model: MakeModel,
) -> None:
    async with ScriptedModel(Call("steps"), "Done.") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model), tools=[steps]))
        turn = await client.send("Go")
        added = [event.item for event in turn.events if isinstance(event, ThreadItemAddedEvent)]
        assert [titles(item.workflow) for item in added if isinstance(item, WorkflowItem)] == [["a"]]
        updates = [
            (event.update.type, event.update.task_index)
            for event in turn.events
            if isinstance(event, ThreadItemUpdatedEvent) and "task" in event.update.type
        ]
        assert updates == [
            ("workflow.task.added", 1),
            ("workflow.task.added", 2),
            ("workflow.task.updated", 2),
        ]
        done = client.last(WorkflowItem).workflow
        assert titles(done) == ["a", "same", "same"]
        assert [task.status_indicator for task in done.tasks] == ["none", "none", "complete"]


@pytest.mark.behaviour("D58")
async def test_a_workflow_shows_when_it_starts_and_goes_when_it_stays_empty(make_model: MakeModel) -> None:
    async with ScriptedModel(Call("empty"), "Done.") as model:
        client, server = agent_client(Agent(name="a", model=make_model(model), tools=[empty]))
        turn = await client.send("Go")
        kinds = [event.type for event in turn.events if '"workflow"' in event.model_dump_json()]
        assert kinds == ["thread.item.added"]
        assert [item.type for item in client.items] == ["user_message", "assistant_message"]
        stored = (await server.store.load_thread_items(client.thread.id, None, 100, "asc", None)).data
        assert [item.type for item in stored] == ["user_message", "assistant_message"]


@pytest.mark.behaviour("D58")
async def test_a_failed_run_ends_its_workflow() -> None:
    async with ScriptedModel(Call("steps")) as model:
        client, server = agent_client(Agent(name="a", model=responses(model), tools=[steps]))
        turn = await client.send("Go")
        assert turn.error is not None
        stored = (await server.store.load_thread_items(client.thread.id, None, 100, "asc", None)).data
        (workflow,) = [item for item in stored if isinstance(item, WorkflowItem)]
        assert workflow.workflow.summary is not None


async def test_an_explicit_summary_is_kept_and_a_duration_is_whole_seconds(make_model: MakeModel) -> None:
    @function_tool
    async def named(ctx: RunContext) -> str:
        """End a workflow under a name."""
        await ctx.context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="a")]))
        await ctx.context.end_workflow(CustomSummary(title="Looked around"), expanded=True)
        await ctx.context.add_workflow_task(CustomTask(title="b"))
        return "ok"

    async with ScriptedModel(Call("named"), "Done.") as model:
        client, _ = agent_client(Agent(name="a", model=make_model(model), tools=[named]))
        turn = await client.send("Go")
        first, second = [item.workflow for item in turn.items if isinstance(item, WorkflowItem)]
        assert (first.summary, first.expanded) == (CustomSummary(title="Looked around"), True)
        assert second.summary is not None
        assert second.summary.model_dump() == {"duration": 0}


async def test_updating_a_task_that_is_not_there_says_so() -> None:
    async with ScriptedModel() as model:
        _, server = agent_client(Agent(name="a", model=responses(model)))
    from chatkit._time import utc_now
    from chatkit.agents import AgentContext
    from chatkit.types import ThreadMetadata

    thread = ThreadMetadata(id="thr_1", created_at=utc_now())
    context = AgentContext(thread=thread, store=server.store, request_context=None)
    with pytest.raises(ValueError, match="No workflow is open"):
        await context.update_workflow_task(CustomTask(title="x"), 0)
    await context.add_workflow_task(CustomTask(title="x"))
    with pytest.raises(ValueError, match="none of them at index 3"):
        await context.update_workflow_task(CustomTask(title="x"), 3)


async def test_the_first_thought_streams_and_later_ones_wait_until_they_are_complete() -> None:
    async with ScriptedModel([Think("one two three", more=["four five"]), Say("Done.")]) as model:
        client, _ = agent_client(Agent(name="a", model=responses(model)))
        turn = await client.send("Think")
        updates = [
            (event.update.type, event.update.task_index, event.update.task.model_dump()["content"])
            for event in turn.events
            if isinstance(event, ThreadItemUpdatedEvent) and "task" in event.update.type
        ]
        assert updates[0] == ("workflow.task.added", 0, "one")
        assert updates[-1] == ("workflow.task.added", 1, "four five")
        assert ("workflow.task.updated", 0, "one two three") in updates
